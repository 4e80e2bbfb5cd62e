package suites

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

func tokenProfile(c *Config) { c.Profiles = []spec.Profile{spec.Token} }

// Every kind of token passes, with and without a prefix before the paths, and stays within the budget of requests.
func TestTokenProfileOfTheReference(t *testing.T) {
	for name, served := range map[string]reference.Config{
		"JWS": {}, "JWE": {Tokens: reference.JWE},
		"JWS behind a prefix": {Prefix: "/identity"}, "JWE behind a prefix": {Tokens: reference.JWE, Prefix: "/a/b"},
	} {
		t.Run(name, func(t *testing.T) {
			r := judgeReference(t, served, nil, tokenProfile)
			if r.Verdict != report.Conformant || len(roots(r)) > 0 {
				t.Errorf("%s: %v", r.Verdict, roots(r))
			}
			requests, accounts := 0, 0
			for _, e := range r.Exchanges {
				if strings.HasPrefix(e.ID, "token.life/") || strings.HasPrefix(e.ID, "discovery.documents/") {
					requests++
					if e.Request.Method == http.MethodPost && e.Response.Status == http.StatusCreated {
						accounts++
					}
				}
			}
			t.Logf("%d requests, %d accounts, %.2fs", requests, accounts, r.DurationSeconds)
			if requests > 45 || accounts > 3 {
				t.Errorf("%d requests and %d accounts", requests, accounts)
			}
			for _, result := range r.Results {
				if result.Profile == spec.Token {
					t.Logf("%s: %s", result.ID, result.Message)
				}
			}
		})
	}
}
