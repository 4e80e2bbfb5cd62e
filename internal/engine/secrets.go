package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// ownWords are those of which reports and recordings are made: names of members, kinds, identities and needs.
const ownWords = "_conformance accounts answered bodyBytes bodySize bodyTruncated catalogueDigest citation complete concurrency " +
	"configuration consequenceOf contentLength contested contractDigest contractVersion conversations durationSeconds embedded " +
	"encoding entries evidence exchanges expected headersSize httpVersion identity inconclusive insecure labelFilter limitsHit " +
	"maxCreated maxRequests mimeType notTested onContentLoad operation organization otherOrganization outcome pageTimings " +
	"planDigest postData profiles queryString redirectURL remaining requestsPerSecond requirements response schemaVersion section " +
	"startedAt startedDateTime statement statusText supplied timeoutSeconds tokenKind transferEncoding truncated unstable variants " +
	"verified warnings request message HTTP/1.1 HTTP/2.0 x-unknown conformance conformant non-conformant incomplete " +
	"characters headerFault claimsFault oversize segments alphabet canonical redacted-token.v1 overtaken canceled malformed " +
	"operator restricted expired not-yet-valid anonymous garbage credential restricted-token expired-token not-yet-valid-token " +
	"other-organization sa-conformance everything"

// secrets is a registry that knows the words of the contract and of reports, so that a credential which happens to be one
// of them does no harm to what is written.
func (c Config) secrets() *redact.Registry {
	r := redact.New()
	r.Public(string(spec.ContractFile()), "application/json; charset=utf-8", "text/plain text/html")
	r.Public(c.Target, c.Organization, c.OtherOrganization)
	r.Public(c.Groups...)
	r.Own(string(spec.CatalogueFile()), ownWords, c.Focus, c.LabelFilter)
	if c.OAuth != nil {
		r.AddOperator("secret", c.OAuth.ClientSecret)
	}
	return r
}

// conceal hides what a target said in the words of a report.
func conceal(r *report.Report, hide func(string) string) {
	for i := range r.Results {
		result := &r.Results[i]
		for _, text := range []*string{&result.Message, &result.Expected, &result.Seen, &result.Pointer} {
			*text = hide(*text)
		}
	}
	r.Stopped = hide(r.Stopped)
	for _, texts := range [][]string{r.Warnings, r.LimitsHit, r.Accounts.Remaining} {
		for i := range texts {
			texts[i] = hide(texts[i])
		}
	}
}

// variablesOf tells by which identity the operator's credentials were sent, so that placeholders of them have the variables
// that the credentials had.
func variablesOf(a *exchange.Archive) []redact.Variable {
	var known []redact.Variable
	for _, e := range a.Exchanges {
		name := report.Variable(e.Identity)
		_, credential, _ := strings.Cut(e.Request.Header.Get("Authorization"), " ")
		if v := (redact.Variable{Name: name, Value: credential}); name != "TOKEN" && credential != "" && !slices.Contains(known, v) {
			known = append(known, v)
		}
	}
	return known
}

// String tells what is configured, and of a secret only that it is there: a configuration may end up in a log.
func (c Config) String() string {
	given := func(secret string) string {
		if secret == "" {
			return "none"
		}
		return "[redacted]"
	}
	source := given(c.Token)
	switch {
	case c.TokenSource != nil:
		source = "[of a source]"
	case c.OAuth != nil:
		source = c.OAuth.String()
	}
	return fmt.Sprintf("target %q, organization %q, other organization %q, groups %q, token %s, restricted token %s, "+
		"expired token %s, not yet valid token %s, client certificates %d, insecure %t, profiles %q, focus %q, label filter %q, only %q",
		c.Target, c.Organization, c.OtherOrganization, c.Groups, source, given(c.RestrictedToken), given(c.ExpiredToken),
		given(c.NotYetValidToken), len(c.Certificates), c.Insecure, c.Profiles, c.Focus, c.LabelFilter, c.Only)
}

// GoString is String, for %#v.
func (c Config) GoString() string { return c.String() }

// MarshalJSON is String as JSON.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }
