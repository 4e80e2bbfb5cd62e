package redact

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
)

const (
	// mostDecoded is how many encodings within one another are undone, longestDecoded the length of what is decoded, and
	// mostInflated how much is read of what is compressed.
	mostDecoded, longestDecoded, mostInflated = 3, 4 << 10, 64 << 10
)

// holds reports whether a run says a secret that is known when it is decoded, up to so many times.
func (f *finder) holds(run []byte, times int) bool {
	if len(run) < shortest || len(run) > longestDecoded {
		return false
	}
	if f.says(run, times) {
		return true
	}
	for _, marks := range []string{"/.~", "/.~_-+"} { // in a path, say, one segment may be a secret
		pieces := bytes.FieldsFunc(run, func(c rune) bool { return strings.ContainsRune(marks, c) })
		if len(pieces) > 1 && slices.ContainsFunc(pieces, func(piece []byte) bool {
			return len(piece) >= shortestRandom && f.says(piece, times)
		}) {
			return true
		}
	}
	return false
}

// says is holds for a run as a whole.
func (f *finder) says(run []byte, times int) bool {
	for _, plain := range decodings(run) {
		if len(plain) < shortest {
			continue
		}
		if known, _ := f.index.search(plain, nil); len(known) > 0 {
			return true
		}
		found := false
		if times > 1 {
			runs(plain, func(start, end int) { found = found || f.holds(plain[start:end], times-1) })
		}
		if found {
			return true
		}
	}
	return false
}

// decodings are the texts that a run may stand for.
func decodings(run []byte) (found [][]byte) {
	try := func(text []byte, err error) {
		if err != nil || len(text) == 0 {
			return
		}
		found = append(found, text)
		if plain := inflated(text); plain != nil {
			found = append(found, plain)
		}
	}
	bare := bytes.TrimRight(run, "=")
	if bytes.HasPrefix(bare, []byte("conf-")) && len(bare) > 14 {
		bare = bare[14:] // behind what every name of an account begins with
	}
	standard := bytes.Map(func(c rune) rune {
		switch c {
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return c
	}, bare)
	digits := bytes.ReplaceAll(bare, []byte("-"), nil)
	try(decoded(base64.RawStdEncoding.DecodeString, standard))
	try(decoded(hex.DecodeString, digits))
	try(decoded(base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString, bytes.ToUpper(digits)))
	try(decoded(base32.HexEncoding.WithPadding(base32.NoPadding).DecodeString, bytes.ToUpper(digits)))
	return found
}

func decoded(decode func(string) ([]byte, error), text []byte) ([]byte, error) {
	return decode(string(text))
}

// inflated is what a compressed text says; nil if it is none.
func inflated(text []byte) []byte {
	var r io.Reader
	var err error
	switch {
	case bytes.HasPrefix(text, []byte{0x1f, 0x8b}):
		r, err = gzip.NewReader(bytes.NewReader(text))
	case len(text) > 2 && text[0] == 0x78:
		r, err = zlib.NewReader(bytes.NewReader(text))
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	plain, err := io.ReadAll(io.LimitReader(r, mostInflated))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) { // what breaks off may hold a secret before
		return nil
	}
	return plain
}
