package variants

import (
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/states"
	"github.com/sa-conformance/conformance/internal/reference"
)

// frontVariants have a gateway in front that handles requests and fields which the document does not describe.
func frontVariants() []mutant.Variant {
	return []mutant.Variant{
		{Name: "firewall-400-page", Description: "refuses a path with an escaped slash, an empty segment or dots with a page, before the service sees it", Source: "RFC 3986 section 6.2.2.3: such a path is none of the document's", Layer: firewall()},
		{Name: "dots-redirected", Description: "redirects a path with dot segments or empty ones to its normal form", Source: "RFC 3986 section 6.2.2.3; RFC 9110 section 15.4", Layer: redirecting(http.StatusMovedPermanently, normalized)},
		{Name: "length-required-page", About: mutant.Reading, Description: "refuses a body without a Content-Length with 411 and a page", Source: "RFC 9110 section 15.5.12; the error schema has no code for 411", Layer: mutant.Chain(mutant.OnStatus(http.StatusLengthRequired, mutant.HTMLPage), lengthRequired())},
		{Name: "dates-behind", About: mutant.Time, Description: "sends the Date of a gateway whose clock is 90 seconds behind", Source: "RFC 9110 section 6.6.1: a recipient with a clock may add it", Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Date", time.Now().Add(-90*time.Second).UTC().Format(http.TimeFormat))
		})},
		{Name: "many-header-fields", Description: "sends 120 fields with every response", Source: "RFC 9110 section 5.4: no limit", Layer: mutant.OnResponse(func(_ *http.Request, a *mutant.Response) {
			for n := range 120 {
				a.Fields.Set("X-Gateway-"+strconv.Itoa(n), strings.Repeat("v", 60))
			}
		})},
		{Name: "list-a-second-behind", About: mutant.Time, Description: "lists what was there 1.3 seconds ago", Source: "contract section 6: the operator says how long reads may be behind (--await)", Layer: states.CachedLists(1300 * time.Millisecond)},
		{Name: "tags-of-the-platform", Description: "shows a tag of the platform beside those of the user", Source: "contract section 2: tags under the reserved prefix are not for users", Layer: platformTag()},
	}
}

// normalized is a path without dot segments and empty ones; a trailing slash stays.
func normalized(escaped string) string {
	lower := strings.ToLower(escaped)
	clean := path.Clean(strings.ReplaceAll(lower, "%2e", "."))
	if clean == lower || strings.HasSuffix(escaped, "/") {
		return escaped
	}
	return clean
}

// firewall refuses paths that servers read in different ways.
func firewall() *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			escaped := strings.ToLower(r.URL.EscapedPath())
			if !strings.Contains(escaped, "%2f") && !strings.Contains(escaped, "//") && !strings.Contains(escaped, "..") && !strings.Contains(escaped, "%2e") {
				next.ServeHTTP(w, r)
				return
			}
			_ = mutant.BodyOf(r)
			a := &mutant.Response{Status: http.StatusBadRequest}
			mutant.HTMLPage(r, a)
			a.Send(w)
		})
	}}
}

// lengthRequired refuses a body without a Content-Length (RFC 9110 section 15.5.12).
func lengthRequired() *mutant.Layer {
	return mutant.Refusing(http.StatusLengthRequired, "invalid_request", func(q mutant.ParsedRequest) bool { return q.ContentLength < 0 })
}

// platformTag adds a tag under the reserved prefix wherever an account is shown, but for the response to its create.
func platformTag() *mutant.Layer {
	return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
		a.Edit(func(document any) any {
			accounts, isList := document.([]any)
			if !isList {
				accounts = []any{document}
			}
			for _, account := range accounts {
				tags, _ := mutant.Lookup(account, "/metadata/tags").([]any)
				mutant.Edited(account, "/metadata/tags", mutant.Always(append(tags, map[string]any{"name": "kubernetes.unikorn-cloud.org:managed", "value": "true"})))
			}
			return document
		})
	}, mutant.List, mutant.Update, mutant.Rotate)
}
