package witness

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// A message between run and witness is a length in four bytes, so many bytes of JSON, and a body.

// mostHead and mostBody bound the parts of a message, in bytes.
const (
	mostHead = 1 << 20
	mostBody = 64 << 20
)

// outgoing is a request that the run wants sent. URI follows scheme and host of the session's target.
type outgoing struct {
	Method string      `json:"method"`
	URI    string      `json:"uri"`
	Header http.Header `json:"header"`
	// Bodiless is set if there is no body, which is something else than an empty one.
	Bodiless bool `json:"bodiless,omitempty"`
	Chunked  bool `json:"chunked,omitempty"`
	// Alone asks for a connection of its own.
	Alone bool `json:"alone,omitempty"`
	// Purpose is the digest of what the request is for. The run says so before it knows the response.
	Purpose string `json:"purpose,omitempty"`
}

// incoming is what came of it. Refused says why it was not sent, Failure is the kind of what went wrong.
type incoming struct {
	Refused          string      `json:"refused,omitempty"`
	Failure          failure     `json:"failure,omitempty"`
	Status           int         `json:"status,omitempty"`
	Proto            string      `json:"proto,omitempty"`
	Header           http.Header `json:"header,omitempty"`
	ContentLength    int64       `json:"contentLength,omitempty"`
	TransferEncoding []string    `json:"transferEncoding,omitempty"`
	// Number and Chain are those of the entry, and Signature is over it.
	Number    int    `json:"number,omitempty"`
	Chain     string `json:"chain,omitempty"`
	Signature []byte `json:"signature,omitempty"`
}

func writeMessage(w io.Writer, head any, body []byte) error {
	text, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("encoding a message: %w", err)
	}
	message := binary.BigEndian.AppendUint32(nil, uint32(len(text))) //nolint:gosec // it is shorter than mostHead, or is refused
	_, err = w.Write(append(append(message, text...), body...))
	return err
}

func readMessage(r io.Reader, head any) (body []byte, err error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, fmt.Errorf("reading a message: %w", err)
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > mostHead {
		return nil, errors.New("reading a message: its head is too long")
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, fmt.Errorf("reading a message: %w", err)
	}
	if json.Unmarshal(text, head) != nil {
		return nil, errors.New("reading a message: its head is no JSON")
	}
	body, err = io.ReadAll(io.LimitReader(r, mostBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading a message: %w", err)
	case len(body) > mostBody:
		return nil, errors.New("reading a message: its body is too long")
	}
	return body, nil
}
