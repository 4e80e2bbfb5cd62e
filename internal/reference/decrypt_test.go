package reference

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// decrypt returns the signed token inside, of a token that this server encrypted.
func (k keys) decrypt(token string) (string, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 5 {
		return "", errors.New("decrypting token: not five segments")
	}
	raw := make([][]byte, len(parts))
	for i, p := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.Strict().DecodeString(p); err != nil {
			return "", fmt.Errorf("decrypting token: %w", err)
		}
	}
	var header struct{ Alg, Enc, Kid, IV, Tag string }
	if err := json.Unmarshal(raw[0], &header); err != nil {
		return "", fmt.Errorf("decrypting token: %w", err)
	}
	if header.Alg != "A256GCMKW" || header.Enc != "A256GCM" || header.Kid != k.encryptionID {
		return "", errors.New("decrypting token: not made by this server")
	}
	wrapIV, _ := base64.RawURLEncoding.DecodeString(header.IV)
	wrapTag, _ := base64.RawURLEncoding.DecodeString(header.Tag)
	content, err := open(k.encryption[:], wrapIV, raw[1], wrapTag, nil)
	if err != nil {
		return "", fmt.Errorf("unwrapping key: %w", err)
	}
	signed, err := open(content, raw[2], raw[3], raw[4], []byte(parts[0]))
	if err != nil {
		return "", fmt.Errorf("decrypting token: %w", err)
	}
	return string(signed), nil
}

func open(key, iv, ciphertext, tag, additional []byte) ([]byte, error) {
	gcm, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	if len(iv) != ivSize || len(tag) != tagSize {
		return nil, errors.New("wrong length of initialization vector or tag")
	}
	return gcm.Open(nil, iv, append(ciphertext, tag...), additional)
}
