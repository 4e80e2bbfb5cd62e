package suites

import (
	"net/http"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
)

// leeway is the clock skew that a target may allow for: RFC 7519 sections 4.1.4 and 4.1.5 speak of a few minutes, and five
// are the default of common libraries.
const leeway = 5 * time.Minute

// withinLeeway ends a check as inconclusive if a target accepted a token whose exp is later than the given time, or whose
// nbf is earlier: it may do so. A token that does not tell its times is judged.
func withinLeeway(e *exchange.Exchange, claim string, limit time.Time) {
	if e.Status() == http.StatusUnauthorized {
		return
	}
	at, ok := presentedFacts(e).NumericDate(claim)
	if !ok {
		return
	}
	if claim == "exp" && at.After(limit) {
		inconclusive("%s was accepted less than five minutes after the token expired; supply a token that expired earlier", e.ID)
	}
	if claim == "nbf" && at.Before(limit) {
		inconclusive("%s was accepted less than five minutes before the token becomes valid; supply a token that becomes valid later", e.ID)
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
