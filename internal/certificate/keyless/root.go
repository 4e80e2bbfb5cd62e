package keyless

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sigstore/sigstore-go/pkg/root"
)

// MaxRoot is the length in bytes that a trusted root may have.
const MaxRoot = 1 << 20

// Root is who is trusted: certificate authorities, transparency logs, and timestamp authorities.
type Root struct{ material *root.TrustedRoot }

// ParseRoot reads a trusted root of sigstore (trusted_root.json). The error is one line.
func ParseRoot(text []byte) (r *Root, err error) {
	defer recovered(&err, "it cannot be read as a trusted root of sigstore")
	if len(text) > MaxRoot {
		return nil, fmt.Errorf("it is longer than %d bytes", MaxRoot)
	}
	material, err := root.NewTrustedRootFromJSON(text)
	switch {
	case err != nil:
		return nil, errors.New("it is not a trusted root of sigstore (trusted_root.json)")
	case len(material.FulcioCertificateAuthorities()) == 0:
		return nil, errors.New("it names no certificate authority")
	case len(material.RekorLogs()) == 0:
		return nil, errors.New("it names no transparency log")
	}
	return &Root{material}, nil
}

// line is an error of a library on one line of readable length.
func line(err error) string {
	const most = 200
	text := strings.Join(strings.Fields(err.Error()), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return text
}
