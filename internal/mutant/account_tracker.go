package mutant

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// TokenUse is a request with a token that the server handed out, by create or by rotate.
type TokenUse struct {
	*http.Request
	Operation Operation
	Known     reference.Credentials
	// token and account are what was handed out; turn is 0 for the token of a create, and counts rotations.
	Token, Account string
	Turn           int
	// current is the token that the account has now; "" once it is deleted.
	current string
	// age is the time since the token was handed out.
	Age time.Duration
	// revoked is the operation that took the token's power away: rotate, remove, or "" while it has it. Of a token without
	// power, lost is the time since then, uses counts the uses from 1, and refusal is the time since it was first refused,
	// 0 before.
	Revoked       Operation
	Uses          int
	Lost, Refusal time.Duration
}

// OnTokens keeps a accountTracker of the tokens that the server underneath hands out and takes back, and lets serve answer the
// requests with them. Where it returns nil, the server underneath answers.
func OnTokens(serve func(u TokenUse, next http.Handler) *Response) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		l := &accountTracker{known: known, tokens: map[string]*entry{}, accounts: map[string][]*entry{}}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := (*Response)(nil)
			u, ours := l.look(r)
			if ours {
				a = serve(u, next)
			}
			if a == nil {
				a = Ask(next, r)
			}
			l.note(r, u, a)
			a.Send(w)
		})
	}}
}

// OnDead is following for the uses of tokens that have lost their power, by the given operation or by any ("").
func OnDead(by Operation, serve func(u TokenUse, next http.Handler) *Response) *Layer {
	return OnTokens(func(u TokenUse, next http.Handler) *Response {
		if u.Revoked == "" || by != "" && by != u.Revoked {
			return nil
		}
		return serve(u, next)
	})
}

// Alive answers as though the token still had its power: as the account's current token does, or, if the account is
// gone, as one does that may see nothing but itself.
func Alive(u TokenUse, next http.Handler) *Response {
	if u.current != "" {
		return Ask(next, WithBearer(u.Request, u.current))
	}
	a := &Response{Status: http.StatusOK, Fields: http.Header{"Content-Type": {"application/json"}}}
	switch u.Operation {
	case List:
		a.Set([]any{})
	case Userinfo:
		a.Set(map[string]any{"sub": u.Account})
	default:
		a.Fail(http.StatusForbidden, "forbidden")
	}
	return a
}

// Unauthorized answers as to a token of nobody.
func Unauthorized(u TokenUse, next http.Handler) *Response {
	return Ask(next, WithBearer(u.Request, "nobody"))
}

type accountTracker struct {
	known    reference.Credentials
	mu       sync.Mutex
	tokens   map[string]*entry
	accounts map[string][]*entry // by turn
}

type entry struct {
	token, account      string
	turn, uses          int
	revoked             Operation
	handed, lost, since time.Time // since: of the first refusal
}

// look finds what is known of the token of a request.
func (l *accountTracker) look(r *http.Request) (TokenUse, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.tokens[BearerOf(r)]
	if e == nil {
		return TokenUse{}, false
	}
	u := TokenUse{
		Request: r, Operation: OperationOf(r), Known: l.known,
		Token: e.token, Account: e.account, Turn: e.turn, Age: time.Since(e.handed), Revoked: e.revoked,
	}
	all := l.accounts[e.account]
	if last := all[len(all)-1]; last.revoked == "" {
		u.current = last.token
	}
	if e.revoked != "" {
		e.uses++
		u.Uses, u.Lost = e.uses, time.Since(e.lost)
		if !e.since.IsZero() {
			u.Refusal = time.Since(e.since)
		}
	}
	return u, true
}

// note keeps what a response did to tokens.
func (l *accountTracker) note(r *http.Request, u TokenUse, a *Response) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.tokens[u.Token]; e != nil && e.revoked != "" && e.since.IsZero() && a.Status == http.StatusUnauthorized {
		e.since = time.Now()
	}
	if a.Status/100 != 2 {
		return
	}
	switch op := OperationOf(r); op {
	case Create, Rotate:
		account, token := tokenOf(a)
		l.revoke(account, Rotate)
		e := &entry{token: token, account: account, turn: len(l.accounts[account]), handed: time.Now()}
		l.tokens[token], l.accounts[account] = e, append(l.accounts[account], e)
	case Remove:
		l.revoke(AccountOf(r), Remove)
	}
}

// revoke is for those who hold the lock.
func (l *accountTracker) revoke(account string, by Operation) {
	for _, e := range l.accounts[account] {
		if e.revoked == "" {
			e.revoked, e.lost = by, time.Now()
		}
	}
}

// tokenOf reads the account and the token of a response to create or rotate.
func tokenOf(a *Response) (account, token string) {
	var document any
	_ = json.Unmarshal(a.Body, &document) // what is no document holds no token
	account, _ = Lookup(document, "/metadata/id").(string)
	token, _ = Lookup(document, "/status/accessToken").(string)
	return account, token
}
