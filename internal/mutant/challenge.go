package mutant

import (
	"net/http"
	"regexp"
	"strings"
)

// challenges ask for credentials in words that clients do not understand.
func challenges() []*Defect {
	const lost = "clients do not learn how to authenticate"
	says := func(change func(challenge string) string) *Layer {
		return onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) {
			a.header.Set("WWW-Authenticate", change(a.header.Get("WWW-Authenticate")))
		})
	}
	replaced := func(old, fresh string) *Layer {
		return says(func(challenge string) string { return strings.ReplaceAll(challenge, old, fresh) })
	}
	return inFamily("challenges",
		defective("challenge-missing", "answers 401 without a challenge", lost,
			onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) { a.header.Del("WWW-Authenticate") }), "auth.challenge.bearer"),
		defective("challenge-basic", "asks for user and password with a 401", "browsers ask people for passwords",
			says(func(string) string { return `Basic realm="identity"` }), "auth.challenge.bearer"),
		defective("challenge-only-without-credentials", "leaves the challenge out where a token was sent", lost,
			onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
				if bearerOf(r) != "" {
					a.header.Del("WWW-Authenticate")
				}
			}), "auth.challenge.bearer"),
		defective("challenge-scheme-alone", "challenges with the name of the scheme alone", "clients that keep RFC 6750 do not read the challenge",
			says(func(string) string { return "Bearer" }), "auth.challenge.parameter"),
		defective("challenge-open-quote", "does not end the last quoted string of its challenge", lost,
			says(func(c string) string { return strings.TrimSuffix(c, `"`) }), "auth.challenge.grammar"),
		defective("challenge-no-commas", "separates the parameters of its challenge by spaces", lost,
			replaced(", ", " "), "auth.challenge.grammar"),
		defective("challenge-unquoted", "writes the URL in its challenge without quotation marks", lost,
			says(func(c string) string {
				return regexp.MustCompile(`resource_metadata="([^"]*)"`).ReplaceAllString(c, "resource_metadata=$1")
			}), "auth.challenge.grammar"),
		defective("challenge-quote-inside", "writes a quotation mark into a quoted string of its challenge", lost,
			replaced(`realm="identity"`, `realm="the "identity" service"`), "auth.challenge.grammar"),
		defective("challenge-parameter-twice", "writes the realm of its challenge twice", "readers disagree about the realm",
			replaced(`realm="identity"`, `realm="identity", Realm="accounts"`), "auth.challenge.grammar"),
		defective("challenge-error-without-credentials", "says invalid_token to those who sent none", "clients throw away a token that is good",
			says(func(c string) string {
				if strings.Contains(c, "error=") {
					return c
				}
				return c + `, error="invalid_token"`
			}), "auth.challenge.bare"),
		defective("challenge-error-of-its-own", "names an error in its challenge that nobody knows", "clients do not learn that their token is bad",
			replaced(`error="invalid_token"`, `error="token_rejected"`), "auth.challenge.error-code"),
		defective("challenge-error-status", "writes the status as the error of its challenge", "clients do not learn that their token is bad",
			replaced(`error="invalid_token"`, `error="401"`), "auth.challenge.error-code"),
		defective("challenge-metadata-path", "names its metadata in the challenge by a path", "clients do not find the metadata",
			says(func(c string) string { return regexp.MustCompile(`"https?://[^/"]*`).ReplaceAllString(c, `"`) }), "auth.challenge.resource-metadata"),
		defective("challenge-metadata-host", "names its metadata in the challenge without a scheme", "clients do not find the metadata",
			says(func(c string) string { return regexp.MustCompile(`"https?://`).ReplaceAllString(c, `"`) }), "auth.challenge.resource-metadata"),
	)
}
