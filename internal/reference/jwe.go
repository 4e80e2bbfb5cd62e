package reference

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"strings"
)

const (
	ivSize  = 12
	tagSize = 16
)

// encrypt nests a signed token: A256GCMKW around the key (RFC 7518 section 4.7), A256GCM around the content
// (section 5.3), in the compact form of RFC 7516 section 7.1. The hook may be nil.
func (k keys) encrypt(signed string, hook func(map[string]any)) (string, error) {
	content := make([]byte, 32)
	rand.Read(content)
	wrapIV, wrapped, wrapTag, err := seal(k.encryption[:], content, nil)
	if err != nil {
		return "", err
	}
	header := map[string]any{
		"alg": "A256GCMKW", "enc": "A256GCM", "cty": "JWT", "typ": tokenType, "kid": k.encryptionID,
		"iv": segment(wrapIV), "tag": segment(wrapTag),
	}
	if hook != nil {
		hook(header)
	}
	text, err := json.Marshal(header)
	if err != nil {
		return "", err
	}
	protected := segment(text)
	iv, ciphertext, tag, err := seal(content, []byte(signed), []byte(protected))
	if err != nil {
		return "", err
	}
	return strings.Join([]string{protected, segment(wrapped), segment(iv), segment(ciphertext), segment(tag)}, "."), nil
}

// seal is AES-GCM with a fresh initialization vector, and the tag apart.
func seal(key, plain, additional []byte) (iv, ciphertext, tag []byte, err error) {
	gcm, err := newGCM(key)
	if err != nil {
		return nil, nil, nil, err
	}
	iv = make([]byte, ivSize)
	rand.Read(iv)
	sealed := gcm.Seal(nil, iv, plain, additional)
	at := len(sealed) - tagSize
	return iv, sealed[:at:at], sealed[at:], nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
