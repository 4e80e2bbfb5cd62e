package probe

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/wire"
)

const (
	// early is how long before its end a token is replaced, at most.
	early = 30 * time.Second
	// mostFutile is how often in a row another token may turn out to be no better than the one that was refused; then the
	// source is left alone for a rest.
	mostFutile = 3
	rest       = time.Minute
)

// credentialStore holds the operator's token of the moment. Without a source it never changes.
type credentialStore struct {
	source  wire.Source
	secrets *redact.Registry
	now     func() time.Time
	asking  chan struct{} // holds whoever asks the source

	mu      sync.Mutex
	current wire.Credential
	// due is when the current token is to be replaced; the zero time for when it is refused.
	due, issued, asked time.Time
	// proven is set once a request was not refused with it.
	proven bool
	// renewed counts the replacements, refused those of them that a 401 led to, futile what helped nobody, in a row.
	renewed, refused, futile int
	fault                    error
}

func newCredentialStore(t Target, secrets *redact.Registry, now func() time.Time) *credentialStore {
	k := &credentialStore{source: t.Renew, secrets: secrets, now: now, asking: make(chan struct{}, 1)}
	k.current.Token = t.Operator
	if k.source != nil {
		k.hold(wire.Credential{Token: t.Operator, Expires: t.OperatorExpires})
		k.issued = time.Time{} // the first one may be as old as it likes
	}
	return k
}

// hold takes a token for the current one. It is called with the lock held, or before anybody else is there.
func (k *credentialStore) hold(c wire.Credential) {
	if c.Expires.IsZero() {
		c.Expires = Expiry(c.Token)
	}
	k.current, k.issued, k.due, k.proven = c, k.now(), time.Time{}, false
	if life := c.Expires.Sub(k.issued); !c.Expires.IsZero() && life > 0 {
		k.due = c.Expires.Add(-min(early, life/4))
	}
}

func (k *credentialStore) token() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.current.Token
}

// identity presents the current token.
func (k *credentialStore) identity() Identity {
	token := k.token()
	as := Bearer("operator", token)
	if k.source != nil {
		as.renewable = token
	}
	return as
}

// present puts the current token into an identity of the operator's, and asks for another one first where its end is
// near. Every other identity stays as it is, those that were made of the operator's token by hand too.
func (k *credentialStore) present(ctx context.Context, as Identity) Identity {
	if as.renewable == "" {
		return as
	}
	k.mu.Lock()
	used, due := k.current.Token, !k.due.IsZero() && !k.now().Before(k.due)
	k.mu.Unlock()
	if due {
		k.renew(ctx, used, false)
	}
	current := k.token()
	if current == as.renewable {
		return as
	}
	replaced := Identity{Name: as.Name, renewable: current}
	for _, value := range as.Authorization {
		replaced.Authorization = append(replaced.Authorization, strings.ReplaceAll(value, as.renewable, current))
	}
	return replaced
}

// mostTimes is how often one request may find that a token has ended.
const mostTimes = 3

// refusal is what one request remembers of being refused.
type refusal struct {
	token string
	times int
}

// again tells after a response whether the request is worth another try: it was refused for a token that another one has
// taken the place of, or that is so new that a target may not know it everywhere. One request renews the token once, and
// again if the token that it was refused for has been good for others, so that it ended in between.
func (k *credentialStore) again(ctx context.Context, as Identity, status int, before *refusal, lag, pause time.Duration) bool {
	if as.renewable == "" {
		return false
	}
	k.mu.Lock()
	same := k.current.Token == as.renewable
	if status != http.StatusUnauthorized {
		k.proven = k.proven || same
		if before.token != "" {
			k.futile = 0
		}
	}
	proven := same && k.proven
	young := !k.proven && !k.issued.IsZero() && k.now().Before(k.issued.Add(lag))
	k.mu.Unlock()
	if status != http.StatusUnauthorized {
		return false
	}
	before.token = as.renewable
	before.times++
	switch {
	case !same:
		return true
	case young:
		return sleep(ctx, pause)
	}
	return (before.times == 1 || before.times <= mostTimes && proven) && k.renew(ctx, as.renewable, true)
}

// renew asks the source for another token than the used one, unless somebody else has just done so. It reports whether
// there is one now.
func (k *credentialStore) renew(ctx context.Context, used string, refused bool) bool {
	select {
	case k.asking <- struct{}{}:
		defer func() { <-k.asking }()
	case <-ctx.Done():
		return false
	}
	k.mu.Lock()
	current, tired := k.current.Token, k.futile >= mostFutile && k.now().Before(k.asked.Add(rest))
	k.mu.Unlock()
	if current != used || tired {
		return current != used
	}
	fresh, err := k.source(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.futile++ // until a request that was refused succeeds
	k.asked, k.due = k.now(), time.Time{}
	switch {
	case err != nil:
		k.fault = err
		return false
	case fresh.Token == "" || fresh.Token == used:
		return false
	}
	k.secrets.AddOperator("token", fresh.Token)
	k.secrets.Name(fresh.Token, OperatorVariable)
	k.hold(fresh)
	k.renewed++
	if refused {
		k.refused++
	}
	return true
}

// remarks say what became of the operator's token, for the warnings of a report.
func (k *credentialStore) remarks() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	said := []string{}
	if k.renewed > 0 {
		said = append(said, fmt.Sprintf("the operator's token was replaced in mid-run (times: %d, after a 401: %d)", k.renewed, k.refused))
	}
	if k.fault != nil {
		said = append(said, fmt.Sprintf("the operator's token could not be replaced in mid-run: %v", k.fault))
	}
	return said
}

// Expiry is what a token in the form of a JWS says of its end (RFC 7519 section 4.1.4); the zero time if it says
// nothing, or where only the target can read it.
func Expiry(token string) time.Time {
	segments := strings.Split(token, ".")
	if len(segments) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(segments[1])
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil || claims.Exp <= 0 || claims.Exp > math.MaxInt32*16 {
		return time.Time{}
	}
	return time.Unix(int64(claims.Exp), 0)
}
