package keyless

import (
	"context"

	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// Rewritten is a bundle in the form that is accepted; what is no bundle stays as it is.
func Rewritten(text []byte) []byte {
	raw := &protobundle.Bundle{}
	if err := protojson.Unmarshal(text, raw); err != nil {
		return text
	}
	again, err := encode(raw)
	if err != nil {
		return text
	}
	return again
}

// SignUnchecked signs as others may do, who do not look at what came of it.
func (s *Signer) SignUnchecked(ctx context.Context, token Token, payloadType string, payload []byte) ([]byte, error) {
	return s.sign(ctx, token, payloadType, payload)
}

// Encode writes a bundle as Sign does.
func Encode(raw *protobundle.Bundle) ([]byte, error) { return encode(raw) }
