package probe

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// userinfo is the path that tells whose a token is (contract section 3).
const userinfo = "/oauth2/v2/userinfo"

// vouched reports whether the access token in a response to a create belongs to the account that the response names. If
// no list could be read, the rest of the response does not show it: a target may put the id of any account there.
func (r *Run) vouched(ctx context.Context, e *exchange.Exchange) bool {
	token := e.Text("/status/accessToken")
	if !fitForHeader(token) {
		return false
	}
	if tracking.HolderOf(token, e.AccountID()) == tracking.Disputes {
		return false
	}
	setup := &Session{run: r, probe: Setup}
	deadline := time.Now().Add(min(r.limits.Await, time.Second))
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		answer := setup.Send(ctx, "whose-token", Request{Method: http.MethodGet, Path: userinfo, As: Bearer("account", token)})
		switch {
		case answer.Success():
			return tracking.Compared(answer.Text("/sub"), e.AccountID()) == tracking.Agrees
		case answer.Status() == http.StatusNotFound: // it is not offered
			return r.showsItself(ctx, setup, e)
		}
		// A new token may be unknown for some tens of milliseconds.
		if answer.Status() != http.StatusUnauthorized || time.Now().Add(pause).After(deadline) || !sleep(ctx, pause) {
			return false
		}
	}
}

// showsItself reports whether the list that the account of a response reads shows it by its id and a text of the run: an account
// may see itself (contract section 3).
func (r *Run) showsItself(ctx context.Context, setup *Session, e *exchange.Exchange) (shown bool) {
	request := setup.ListRequest()
	request.As = Bearer("account", e.Text("/status/accessToken"))
	setup.readListAs(ctx, "whose-token-list", request, func() { shown = false }, func(item *tracking.Listed) {
		shown = shown || tracking.Canonical(item.Id) == tracking.Canonical(e.AccountID()) && r.owners.Carries(item.Marks)
	})
	return shown
}

// fitForHeader reports whether a token may stand in a header of moderate length.
func fitForHeader(token string) bool {
	return token != "" && len(token) <= 64<<10 && !strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c >= 0x7f })
}
