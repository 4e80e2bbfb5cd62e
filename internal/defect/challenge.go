package defect

import (
	"net/http"
	"regexp"
	"strings"
)

// challenges ask for credentials in words that clients do not understand.
func challenges() []Defect {
	const lost = "clients do not learn how to authenticate"
	says := func(change func(challenge string) string) Layer {
		return onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) {
			a.header.Set("WWW-Authenticate", change(a.header.Get("WWW-Authenticate")))
		})
	}
	replaced := func(old, fresh string) Layer {
		return says(func(challenge string) string { return strings.ReplaceAll(challenge, old, fresh) })
	}
	return family("challenges",
		Defect{
			Name: "challenge-missing", Description: "answers 401 without a challenge",
			Effect: lost, Breaks: []string{"auth.challenge.bearer"},
			Layer: onStatus(http.StatusUnauthorized, func(_ *http.Request, a *answer) { a.header.Del("WWW-Authenticate") }),
		},
		Defect{
			Name: "challenge-basic", Description: "asks for user and password with a 401",
			Effect: "browsers ask people for passwords", Breaks: []string{"auth.challenge.bearer"},
			Layer: says(func(string) string { return `Basic realm="identity"` }),
		},
		Defect{
			Name: "challenge-only-without-credentials", Description: "leaves the challenge out where a token was sent",
			Effect: lost, Breaks: []string{"auth.challenge.bearer"},
			Layer: onStatus(http.StatusUnauthorized, func(r *http.Request, a *answer) {
				if bearerOf(r) != "" {
					a.header.Del("WWW-Authenticate")
				}
			}),
		},
		Defect{
			Name: "challenge-open-quote", Description: "does not end the last quoted string of its challenge",
			Effect: lost, Breaks: []string{"auth.challenge.grammar"}, Layer: says(func(c string) string { return strings.TrimSuffix(c, `"`) }),
		},
		Defect{
			Name: "challenge-no-commas", Description: "separates the parameters of its challenge by spaces",
			Effect: lost, Breaks: []string{"auth.challenge.grammar"}, Layer: replaced(", ", " "),
		},
		Defect{
			Name: "challenge-unquoted", Description: "writes the URL in its challenge without quotation marks",
			Effect: lost, Breaks: []string{"auth.challenge.grammar"},
			Layer: says(func(c string) string {
				return regexp.MustCompile(`resource_metadata="([^"]*)"`).ReplaceAllString(c, "resource_metadata=$1")
			}),
		},
		Defect{
			Name: "challenge-quote-inside", Description: "writes a quotation mark into a quoted string of its challenge",
			Effect: lost, Breaks: []string{"auth.challenge.grammar"}, Layer: replaced(`realm="identity"`, `realm="the "identity" service"`),
		},
		Defect{
			Name: "challenge-parameter-twice", Description: "writes the realm of its challenge twice",
			Effect: "readers disagree about the realm", Breaks: []string{"auth.challenge.grammar"},
			Layer: replaced(`realm="identity"`, `realm="identity", Realm="accounts"`),
		},
		Defect{
			Name: "challenge-error-without-credentials", Description: "says invalid_token to those who sent none",
			Effect: "clients throw away a token that is good", Breaks: []string{"auth.challenge.bare"},
			Layer: says(func(c string) string {
				if strings.Contains(c, "error=") {
					return c
				}
				return c + `, error="invalid_token"`
			}),
		},
		Defect{
			Name: "challenge-error-of-its-own", Description: "names an error in its challenge that nobody knows",
			Effect: "clients do not learn that their token is bad", Breaks: []string{"auth.challenge.error-code"},
			Layer: replaced(`error="invalid_token"`, `error="token_rejected"`),
		},
		Defect{
			Name: "challenge-error-status", Description: "writes the status as the error of its challenge",
			Effect: "clients do not learn that their token is bad", Breaks: []string{"auth.challenge.error-code"},
			Layer: replaced(`error="invalid_token"`, `error="401"`),
		},
		Defect{
			Name: "challenge-metadata-path", Description: "names its metadata in the challenge by a path",
			Effect: "clients do not find the metadata", Breaks: []string{"auth.challenge.resource-metadata"},
			Layer: says(func(c string) string { return regexp.MustCompile(`"https?://[^/"]*`).ReplaceAllString(c, `"`) }),
		},
		Defect{
			Name: "challenge-metadata-host", Description: "names its metadata in the challenge without a scheme",
			Effect: "clients do not find the metadata", Breaks: []string{"auth.challenge.resource-metadata"},
			Layer: says(func(c string) string { return regexp.MustCompile(`"https?://`).ReplaceAllString(c, `"`) }),
		},
	)
}
