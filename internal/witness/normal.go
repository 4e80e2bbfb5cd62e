package witness

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/redact"
)

// A recording has placeholders in the places of credentials, and the witness sees the credentials themselves. Both are
// compared in a normal form, in which one sign stands for each of them.
const sign = "[*]"

// anyWord is a placeholder that redact knows.
const anyWord = "redacted-1-aaaaaaaa"

var (
	// tokenWord is a placeholder of a token in a recording; its first letter may be escaped.
	tokenWord = regexp.MustCompile(`(?:r|\\u0072)edacted-token\.v1\.[A-Za-z0-9_-]*`)
	// shownWord is what redact shows.
	shownWord = regexp.MustCompile(`\[redacted:[a-z]+-\d+\]`)
	// around is a credential with what stands beside it in one word: a part of it may be hidden in a recording.
	around = regexp.MustCompile(`[A-Za-z0-9_.~+=%-]*(?:\[\*\][A-Za-z0-9_.~+=%-]*)+`)
	// long is a word of which a recording may hide a part. The loose form has a sign in its place.
	long = regexp.MustCompile(`[A-Za-z0-9_.~+/=%*\[\]-]{20,}`)
)

// normal makes normal forms. It is safe for concurrent use.
type normal struct{ hide *redact.Registry }

func newNormal() normal { return normal{redact.New()} }

// longText is the length in bytes of a text that is taken as it stands: to look for credentials in it would take longer than
// the exchange may take. The loose form has a sign in its place.
const longText = 256 << 10

func (n normal) text(text string) string {
	if len(text) > longText {
		return text
	}
	return signs(n.hide.Conceal(tokenWord.ReplaceAllLiteralString(text, anyWord)))
}

func (n normal) value(name, value string) string {
	if strings.EqualFold(name, "Authorization") {
		scheme, _, found := strings.Cut(value, " ")
		if !found {
			return sign
		}
		return scheme + " " + sign
	}
	return signs(n.hide.ConcealHeader(name, tokenWord.ReplaceAllLiteralString(value, anyWord)))
}

func signs(text string) string {
	return around.ReplaceAllLiteralString(shownWord.ReplaceAllLiteralString(text, sign), sign)
}

// header is the normal form of a header: its fields in the order of their names.
func (n normal) header(header http.Header) string {
	var lines []string
	for name, values := range header {
		for _, value := range values {
			lines = append(lines, name+": "+n.value(name, value)+"\n")
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// request is the digest of a request, in its normal form and in its loose one.
func (n normal) request(method, address string, header http.Header, body []byte) (exact, loose string) {
	method, address = n.text(method), n.text(address)
	fields, content := n.header(header), n.text(string(body))
	return digest(method, address, fields, content), digest(method, looser(address), fields, looser(content))
}

func looser(text string) string {
	if len(text) > longText {
		return sign
	}
	return signs(long.ReplaceAllStringFunc(text, func(word string) string {
		switch word {
		case "unsupported_media_type", "request_entity_too_large", "unprocessable_content": // words of the contract are no secrets
			return word
		}
		return sign
	}))
}

// response is the digest of a response, of which the content coding is undone.
func (n normal) response(status int, header http.Header, body []byte) Response {
	text := n.text(string(body))
	r := Response{Status: status, Header: digest(n.header(header)), Body: digest(text), Length: len(body), Token: n.issued(body)}
	size := 0
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	r.LongHeader = size > shortHeader
	if status/100 != 2 {
		r.Loose = digest(looser(text))
	}
	if len(body) > longList {
		r.Items = n.items(body)
	}
	return r
}

// shortHeader is the size in bytes, of names and values, up to which a recording has every header as a whole.
const shortHeader = 8 << 10

// longList is the length in bytes of a list from which a recording may lack items of it.
const longList = shortBody

// items are the digests of the items of a list; nil of another body.
func (n normal) items(body []byte) []string {
	var items []json.RawMessage
	if begin := bytes.TrimLeft(body, " \t\r\n"); len(begin) == 0 || begin[0] != '[' || json.Unmarshal(body, &items) != nil {
		return nil
	}
	digests := make([]string, 0, len(items))
	for _, item := range items {
		digests = append(digests, digest(n.text(string(item)))[:shortDigest])
	}
	return digests
}

// shortDigest is the length of the digest of an item: 96 bits.
const shortDigest = 16

// digest is that of several texts.
func digest(texts ...string) string {
	h := sha256.New()
	for _, text := range texts {
		sum := sha256.Sum256([]byte(text))
		_, _ = h.Write(sum[:]) // never fails: see hash.Hash
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// plainBody undoes the content coding of a body; what cannot be undone stays as it is.
func plainBody(header http.Header, body []byte) []byte {
	var from io.ReadCloser
	var err error
	switch coding := strings.ToLower(header.Get("Content-Encoding")); coding {
	case "gzip", "x-gzip":
		from, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		from, err = zlib.NewReader(bytes.NewReader(body))
	default:
		return body
	}
	if err != nil {
		return body
	}
	defer func() { _ = from.Close() }()
	plain, err := io.ReadAll(io.LimitReader(from, mostBody))
	if err != nil {
		return body
	}
	return plain
}
