package evidence

import (
	"net/http"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
)

// Unparsable are the statuses for a token that cannot be parsed (RFC 6750 section 3.1): 401, which it says SHOULD of, and 400
// for a malformed request.
func Unparsable() []int { return []int{http.StatusUnauthorized, http.StatusBadRequest} }

// Unreadable are the further statuses for a body that cannot be read. No document says whether the caller or the body is
// looked at first.
func Unreadable() []int {
	return []int{http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}
}

// Met reports whether a request was refused because it met another one, whoever sent it. It was sent again.
func Met(e *exchange.Exchange) bool { return e.Status() == http.StatusConflict }

// Unauthorized are the responses with 401; a target that gave none has none to judge.
func Unauthorized(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool { return e.Answered() && e.Status() == http.StatusUnauthorized })
	if len(found) == 0 {
		Inconclusive("nothing got 401")
	}
	return found
}

// Presented are the tokens of a conversation's Authorization headers whose identity satisfies keep.
func Presented(ev *exchange.Evidence, keep func(step string) bool) []string {
	var found []string
	ev.Where(func(e *exchange.Exchange) bool {
		for _, value := range e.Request.Header["Authorization"] {
			if _, credential, ok := strings.Cut(value, " "); ok && keep(e.Step) {
				found = append(found, credential)
			}
		}
		return false
	})
	return found
}

// HasGoodToken reports whether a step presents the operator's token alone.
func HasGoodToken(step string) bool { return step == "scheme-token" || step == "header-and-query" }

// Leeway is the clock skew that a target may allow for: RFC 7519 sections 4.1.4 and 4.1.5 speak of a few minutes, and five
// are the default of common libraries.
const Leeway = 5 * time.Minute

// WithinLeeway ends a check as inconclusive if a target accepted a token whose exp is later than the given time, or whose
// nbf is earlier: it may do so. A token that does not tell its times is judged.
func WithinLeeway(e *exchange.Exchange, claim string, limit time.Time) {
	if e.Status() == http.StatusUnauthorized {
		return
	}
	at, ok := presentedFacts(e).NumericDate(claim)
	if !ok {
		return
	}
	if claim == "exp" && at.After(limit) {
		Inconclusive("%s was accepted less than five minutes after the token expired; supply a token that expired earlier", e.ID)
	}
	if claim == "nbf" && at.Before(limit) {
		Inconclusive("%s was accepted less than five minutes before the token becomes valid; supply a token that becomes valid later", e.ID)
	}
}

// presentedFacts are those of the token that a request presents, or of the placeholder that a recording has in its place.
func presentedFacts(e *exchange.Exchange) jwt.Facts {
	_, presented, _ := strings.Cut(e.Request.Header.Get("Authorization"), " ")
	if facts, ok := jwt.ParsePlaceholder(presented); ok {
		return facts
	}
	return jwt.Inspect(presented)
}
