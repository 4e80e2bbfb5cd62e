package witness

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
)

// issued is the digest of what everybody may know of the access token in a response; "" if there is none.
func (n normal) issued(body []byte) string {
	var document struct {
		Status struct {
			Token string `json:"accessToken"`
		} `json:"status"`
	}
	if len(body) > longText || json.Unmarshal(body, &document) != nil {
		return ""
	}
	return n.facts(document.Status.Token)
}

// presented is the same of the token with which a request came.
func (n normal) presented(header http.Header) string {
	_, token, _ := strings.Cut(header.Get("Authorization"), " ")
	return n.facts(token)
}

// facts is the digest of what everybody may know of a token, or of the placeholder that a recording has in its place: kind, header,
// claims and lengths, without the signature. It is "" if there is no token, or a placeholder that says nothing of it.
func (n normal) facts(token string) string {
	if token == "" {
		return ""
	}
	facts, recorded := jwt.ParsePlaceholder(token)
	if !recorded {
		if strings.Contains(token, "redacted-") {
			return ""
		}
		facts = jwt.Inspect(token)
	}
	facts.Digest, facts.Word = "", false // of the run's own making
	facts.Header, facts.Claims = n.text(facts.Header), n.text(facts.Claims)
	text, err := json.Marshal(facts)
	if err != nil {
		return ""
	}
	return digest(string(text))[:shortDigest]
}

// purpose is the digest of what a request is for.
func purpose(p exchange.Purpose) string {
	return digest(p.Probe, p.Step, p.Identity)[:shortDigest]
}
