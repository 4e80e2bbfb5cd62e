package engine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// placeholders are what a recording has in the places of secrets: one for each token, which says what may be known of it,
// and a short one for each other text. Equal texts have equal placeholders, and different ones different placeholders, so
// that checks find in a recording what they found before. It keeps no token for longer than the recording is written.
type placeholders struct {
	secrets *redact.Registry
	salt    []byte
	words   map[string]string
	digests map[string]bool
}

// Body implements exchange.Replacer.
func (p *placeholders) Body(text []byte) []byte { return p.secrets.Recorded(text, p.vocabulary()) }

// Header implements exchange.Replacer.
func (p *placeholders) Header(name, value string) string {
	return p.secrets.RecordedHeader(name, value, p.vocabulary())
}

func (p *placeholders) vocabulary() redact.Words {
	return redact.Words{Token: p.word, Opaque: p.opaque}
}

// word is the placeholder of a token. Its header and claims may hold other secrets.
func (p *placeholders) word(raw string) string {
	if p.words[raw] == "" {
		facts := jwt.InspectSalted(raw, p.salt)
		facts.Word = matcher.Word(raw)
		facts.Header = p.secrets.RecordedToken(facts.Header, p.vocabulary())
		facts.Claims = p.secrets.RecordedToken(facts.Claims, p.vocabulary())
		p.words[raw], p.digests[facts.Digest] = facts.Placeholder(), true
	}
	return p.words[raw]
}

// opaque is the placeholder of a text that looks like a credential.
func (p *placeholders) opaque(text []byte, length int) string {
	const characters = 8
	mac := hmac.New(sha256.New, p.salt)
	mac.Write(text)
	digest := strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)))
	return redact.Word(text, length, digest[:characters])
}
