package mutant

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// use is a request with a token that the server handed out, by create or by rotate.
type use struct {
	*http.Request
	operation operation
	known     reference.Credentials
	// token and account are what was handed out; turn is 0 for the token of a create, and counts rotations.
	token, account string
	turn           int
	// current is the token that the account has now; "" once it is deleted.
	current string
	// age is the time since the token was handed out.
	age time.Duration
	// revoked is the operation that took the token's power away: rotate, remove, or "" while it has it. Of a token without
	// power, lost is the time since then, uses counts the uses from 1, and refusal is the time since it was first refused,
	// 0 before.
	revoked       operation
	uses          int
	lost, refusal time.Duration
}

// following keeps a accountTracker of the tokens that the server underneath hands out and takes back, and lets serve answer the
// requests with them. Where it returns nil, the server underneath answers.
func following(serve func(u use, next http.Handler) *answer) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		l := &accountTracker{known: known, tokens: map[string]*entry{}, accounts: map[string][]*entry{}}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := (*answer)(nil)
			u, ours := l.look(r)
			if ours {
				a = serve(u, next)
			}
			if a == nil {
				a = ask(next, r)
			}
			l.note(r, u, a)
			a.send(w)
		})
	}}
}

// onDead is following for the uses of tokens that have lost their power, by the given operation or by any ("").
func onDead(by operation, serve func(u use, next http.Handler) *answer) *Layer {
	return following(func(u use, next http.Handler) *answer {
		if u.revoked == "" || by != "" && by != u.revoked {
			return nil
		}
		return serve(u, next)
	})
}

// alive answers as though the token still had its power: as the account's current token does, or, where the account is
// gone, as one does that may see nothing but itself.
func alive(u use, next http.Handler) *answer {
	if u.current != "" {
		return ask(next, as(u.Request, u.current))
	}
	a := &answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}}
	switch u.operation {
	case list:
		a.set([]any{})
	case userinfo:
		a.set(map[string]any{"sub": u.account})
	default:
		a.fail(http.StatusForbidden, "forbidden")
	}
	return a
}

// unauthorized answers as to a token of nobody.
func unauthorized(u use, next http.Handler) *answer { return ask(next, as(u.Request, "nobody")) }

type accountTracker struct {
	known    reference.Credentials
	mu       sync.Mutex
	tokens   map[string]*entry
	accounts map[string][]*entry // by turn
}

type entry struct {
	token, account      string
	turn, uses          int
	revoked             operation
	handed, lost, since time.Time // since: of the first refusal
}

// look finds what is known of the token of a request.
func (l *accountTracker) look(r *http.Request) (use, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.tokens[bearerOf(r)]
	if e == nil {
		return use{}, false
	}
	u := use{
		Request: r, operation: operationOf(r), known: l.known,
		token: e.token, account: e.account, turn: e.turn, age: time.Since(e.handed), revoked: e.revoked,
	}
	all := l.accounts[e.account]
	if last := all[len(all)-1]; last.revoked == "" {
		u.current = last.token
	}
	if e.revoked != "" {
		e.uses++
		u.uses, u.lost = e.uses, time.Since(e.lost)
		if !e.since.IsZero() {
			u.refusal = time.Since(e.since)
		}
	}
	return u, true
}

// note keeps what a response did to tokens.
func (l *accountTracker) note(r *http.Request, u use, a *answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.tokens[u.token]; e != nil && e.revoked != "" && e.since.IsZero() && a.status == http.StatusUnauthorized {
		e.since = time.Now()
	}
	if a.status/100 != 2 {
		return
	}
	switch op := operationOf(r); op {
	case create, rotate:
		account, token := tokenOf(a)
		l.revoke(account, rotate)
		e := &entry{token: token, account: account, turn: len(l.accounts[account]), handed: time.Now()}
		l.tokens[token], l.accounts[account] = e, append(l.accounts[account], e)
	case remove:
		l.revoke(accountOf(r), remove)
	}
}

// revoke is for those who hold the lock.
func (l *accountTracker) revoke(account string, by operation) {
	for _, e := range l.accounts[account] {
		if e.revoked == "" {
			e.revoked, e.lost = by, time.Now()
		}
	}
}

// tokenOf reads the account and the token of a response to create or rotate.
func tokenOf(a *answer) (account, token string) {
	var document any
	_ = json.Unmarshal(a.body, &document) // what is no document holds no token
	account, _ = lookup(document, "/metadata/id").(string)
	token, _ = lookup(document, "/status/accessToken").(string)
	return account, token
}
