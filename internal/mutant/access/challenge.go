package access

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Challenges ask for credentials in words that clients do not understand.
func Challenges() []*mutant.Defect {
	const lost = "clients do not learn how to authenticate"
	says := func(change func(challenge string) string) *mutant.Layer {
		return mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("WWW-Authenticate", change(a.Fields.Get("WWW-Authenticate")))
		})
	}
	replaced := func(old, fresh string) *mutant.Layer {
		return says(func(challenge string) string { return strings.ReplaceAll(challenge, old, fresh) })
	}
	return mutant.InFamily("challenges",
		mutant.Defective("challenge-missing", "answers 401 without a challenge", lost,
			mutant.OnStatus(http.StatusUnauthorized, func(_ *http.Request, a *mutant.Response) { a.Fields.Del("WWW-Authenticate") }), "auth.challenge.bearer"),
		mutant.Defective("challenge-basic", "asks for user and password with a 401", "browsers ask people for passwords",
			says(func(string) string { return `Basic realm="identity"` }), "auth.challenge.bearer"),
		mutant.Defective("challenge-only-without-credentials", "leaves the challenge out where a token was sent", lost,
			mutant.OnStatus(http.StatusUnauthorized, func(r *http.Request, a *mutant.Response) {
				if mutant.BearerOf(r) != "" {
					a.Fields.Del("WWW-Authenticate")
				}
			}), "auth.challenge.bearer"),
		mutant.Defective("challenge-scheme-alone", "challenges with the name of the scheme alone", "clients that keep RFC 6750 do not read the challenge",
			says(func(string) string { return "Bearer" }), "auth.challenge.parameter"),
		mutant.Defective("challenge-open-quote", "does not end the last quoted string of its challenge", lost,
			says(func(c string) string { return strings.TrimSuffix(c, `"`) }), "auth.challenge.grammar"),
		mutant.Defective("challenge-no-commas", "separates the parameters of its challenge by spaces", lost,
			replaced(", ", " "), "auth.challenge.grammar"),
		mutant.Defective("challenge-unquoted", "writes the URL in its challenge without quotation marks", lost,
			says(func(c string) string {
				return regexp.MustCompile(`resource_metadata="([^"]*)"`).ReplaceAllString(c, "resource_metadata=$1")
			}), "auth.challenge.grammar"),
		mutant.Defective("challenge-quote-inside", "writes a quotation mark into a quoted string of its challenge", lost,
			replaced(`realm="identity"`, `realm="the "identity" service"`), "auth.challenge.grammar"),
		mutant.Defective("challenge-parameter-twice", "writes the realm of its challenge twice", "readers disagree about the realm",
			replaced(`realm="identity"`, `realm="identity", Realm="accounts"`), "auth.challenge.grammar"),
		mutant.Defective("challenge-error-without-credentials", "says invalid_token to those who sent none", "clients throw away a token that is good",
			says(func(c string) string {
				if strings.Contains(c, "error=") {
					return c
				}
				return c + `, error="invalid_token"`
			}), "auth.challenge.bare"),
		mutant.Defective("challenge-error-of-its-own", "names an error in its challenge that nobody knows", "clients do not learn that their token is bad",
			replaced(`error="invalid_token"`, `error="token_rejected"`), "auth.challenge.error-code"),
		mutant.Defective("challenge-error-status", "writes the status as the error of its challenge", "clients do not learn that their token is bad",
			replaced(`error="invalid_token"`, `error="401"`), "auth.challenge.error-code"),
		mutant.Defective("challenge-metadata-path", "names its metadata in the challenge by a path", "clients do not find the metadata",
			says(func(c string) string { return regexp.MustCompile(`"https?://[^/"]*`).ReplaceAllString(c, `"`) }), "auth.challenge.resource-metadata"),
		mutant.Defective("challenge-metadata-host", "names its metadata in the challenge without a scheme", "clients do not find the metadata",
			says(func(c string) string { return regexp.MustCompile(`"https?://`).ReplaceAllString(c, `"`) }), "auth.challenge.resource-metadata"),
	)
}
