package probe

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// userinfo is the path that tells whose a token is (contract section 3).
const userinfo = "/oauth2/v2/userinfo"

// holder is what the access token in a response to a create says of its account.
type holder int

const (
	silent   holder = iota // nothing
	agrees                 // it is the account of the response
	disputes               // it is another account
)

// holderOf reads the subject of a JWS. Other tokens are silent, and so is a subject that is no UUID.
func holderOf(token, id string) holder {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return silent
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Sub string `json:"sub"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return silent
	}
	return compared(claims.Sub, id)
}

func compared(subject, id string) holder {
	switch {
	case canonical(subject) == canonical(id):
		return agrees
	case uuidText.MatchString(subject):
		return disputes
	}
	return silent
}

// vouched reports whether the access token in a response to a create belongs to the account that the response names. If
// no list could be read, the rest of the response does not show it: a target may put the id of any account there.
func (r *Run) vouched(ctx context.Context, e *exchange.Exchange) bool {
	token := e.Text("/status/accessToken")
	if !fitForHeader(token) {
		return false
	}
	if holderOf(token, e.AccountID()) == disputes {
		return false
	}
	setup := &Session{run: r, probe: Setup}
	deadline := time.Now().Add(min(r.limits.Await, time.Second))
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		answer := setup.Send(ctx, "whose-token", Request{Method: http.MethodGet, Path: userinfo, As: Bearer("account", token)})
		switch {
		case answer.Success():
			return compared(answer.Text("/sub"), e.AccountID()) == agrees
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
	setup.readListAs(ctx, "whose-token-list", request, func() { shown = false }, func(item *listed) {
		shown = shown || canonical(item.id) == canonical(e.AccountID()) && r.owners.carries(item.marks)
	})
	return shown
}

// fitForHeader reports whether a token may stand in a header of moderate length.
func fitForHeader(token string) bool {
	return token != "" && len(token) <= 64<<10 && !strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c >= 0x7f })
}

var uuidText = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// mentioned notes every UUID in a response that was read before the first create: if it is no list of the contract, such as
// one in an envelope, one of other member names or one that breaks off, it shows all the same which accounts were there.
func (o *ownership) mentioned(e *exchange.Exchange) {
	if e.Response == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, id := range uuidText.FindAll(e.Response.Body, bodies.MostItems) {
		if key := canonical(string(id)); o.claims[key] == nil {
			o.old[key] = true
		}
	}
}
