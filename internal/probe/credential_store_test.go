package probe

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

// issuer is a target that takes the tokens it is told to take, and the source of new ones.
type issuer struct {
	mu    sync.Mutex
	good  string
	asked atomic.Int64
	seen  []string
	// issue names the next token; nil for token-1, token-2...
	issue func(n int64) (wire.Credential, error)
}

func (i *issuer) serve(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	presented := r.Header.Get("Authorization")
	i.seen = append(i.seen, presented)
	if !strings.EqualFold(presented, "Bearer "+i.good) {
		w.WriteHeader(http.StatusUnauthorized)
	}
}

func (i *issuer) source(context.Context) (wire.Credential, error) {
	n := i.asked.Add(1)
	if i.issue != nil {
		return i.issue(n)
	}
	return wire.Credential{Token: fmt.Sprintf("operator-token-%d", n)}, nil
}

func (i *issuer) run(t *testing.T, change func(*Target)) *Run {
	r := newRun(t, serve(t, i.serve))
	target := r.target
	target.Renew = i.source
	if change != nil {
		change(&target)
	}
	return New(target, limits(), "1a2b", r.secrets, time.Now)
}

// A token that is refused in mid-run is replaced by one other, however many conversations found out, and is a secret.
func TestRenewAfter401(t *testing.T) {
	i := &issuer{good: "operator-token-1"}
	r := i.run(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if e := r.session("p").List(t.Context(), "list"); e.Status() != 200 {
				t.Errorf("answered with %d", e.Status())
			}
		})
	}
	wg.Wait()
	if i.asked.Load() != 1 {
		t.Errorf("asked %d times", i.asked.Load())
	}
	if label, found := r.secrets.Find([]byte("…operator-token-1…")); !found || label != "token-2" {
		t.Errorf("the new token is no secret: %q", label)
	}
	if got := r.session("p").Target(); got.Operator != "operator-token-1" || got.Renew != nil {
		t.Error("probes do not see the token of the moment")
	}
	want := []string{"the operator's token was replaced in mid-run (times: 1, after a 401: 1)"}
	if got := r.Remarks(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// An identity that was made before keeps what a probe did to it, but for the token.
func TestRenewKeepsTheScheme(t *testing.T) {
	i := &issuer{good: "operator-token-1"}
	r := i.run(t, nil)
	request := r.session("p").ListRequest()
	request.As.Authorization = []string{"bearer " + operator}
	r.session("p").Send(t.Context(), "s", request)
	if want := []string{"bearer " + operator, "bearer operator-token-1"}; !slices.Equal(i.seen, want) {
		t.Errorf("sent %q", i.seen)
	}
}

// What is made of the token by hand, and whoever else is refused, renews nothing.
func TestOnlyTheOperatorRenews(t *testing.T) {
	i := &issuer{good: "another"}
	r := i.run(t, nil)
	s := r.session("p")
	for _, as := range []Identity{
		Nobody(), Bearer("restricted", "restricted-token"), Bearer("altered", operator+"x"), Header("operator", "Bearer "+s.Target().Operator),
	} {
		request := s.ListRequest()
		request.As = as
		s.Send(t.Context(), "s", request)
	}
	if len(i.seen) != 4 || i.asked.Load() != 0 {
		t.Errorf("%d requests, asked %d times", len(i.seen), i.asked.Load())
	}
}

// A target that refuses whatever it is shown is not asked for ever, and neither is the source.
func TestRenewInVain(t *testing.T) {
	i := &issuer{good: "none"}
	r := i.run(t, nil)
	r.limits.Await = 60 * time.Millisecond
	for range 6 {
		if e := r.session("p").List(t.Context(), "list"); e.Status() != 401 {
			t.Errorf("answered with %d", e.Status())
		}
	}
	if asked := i.asked.Load(); asked != mostFutile {
		t.Errorf("asked %d times", asked)
	}
}

// A new token that a target does not know everywhere yet is tried again.
func TestRenewedAndNotYetKnown(t *testing.T) {
	i := &issuer{good: "none"}
	i.issue = func(int64) (wire.Credential, error) {
		time.AfterFunc(120*time.Millisecond, func() {
			i.mu.Lock()
			defer i.mu.Unlock()
			i.good = "operator-token-1"
		})
		return wire.Credential{Token: "operator-token-1"}, nil
	}
	if e := i.run(t, nil).session("p").List(t.Context(), "list"); e.Status() != 200 || i.asked.Load() != 1 {
		t.Errorf("answered with %d, asked %d times", e.Status(), i.asked.Load())
	}
}

// A token that is about to end is replaced before it is refused: by its own word, or by the source's.
func TestRenewBeforeTheEnd(t *testing.T) {
	claims := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, time.Now().Add(-time.Second).Unix()))
	for name, change := range map[string]func(*Target){
		"by its own word":   func(t *Target) { t.Operator = "e30." + claims + ".c2lnbmF0dXJl" },
		"by the source's":   func(t *Target) { t.OperatorExpires = time.Now().Add(50 * time.Millisecond) },
		"of a token of use": func(t *Target) { t.OperatorExpires = time.Now().Add(time.Hour); t.Operator = "operator-token-1" },
	} {
		i := &issuer{good: "operator-token-1"}
		r := i.run(t, change)
		time.Sleep(50 * time.Millisecond)
		e := r.session("p").List(t.Context(), "list")
		if e.Status() != 200 || name == "of a token of use" && i.asked.Load() != 0 {
			t.Errorf("%s: answered with %d after %d requests", name, e.Status(), len(i.seen))
		}
	}
}

// A source that fails leaves the token, and is told of without anything else.
func TestRenewalFails(t *testing.T) {
	i := &issuer{good: "none", issue: func(int64) (wire.Credential, error) { return wire.Credential{}, errors.New("exit status 1") }}
	r := i.run(t, nil)
	if e := r.session("p").List(t.Context(), "list"); e.Status() != 401 || len(i.seen) != 1 {
		t.Errorf("answered with %d after %d requests", e.Status(), len(i.seen))
	}
	want := []string{"the operator's token could not be replaced in mid-run: exit status 1"}
	if got := r.Remarks(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestRenewalIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	i := &issuer{good: "none"}
	r := i.run(t, nil)
	r.credentials.asking <- struct{}{} // somebody asks and gets no response
	time.AfterFunc(50*time.Millisecond, cancel)
	if e := r.session("p").List(ctx, "list"); e.Status() != 401 {
		t.Errorf("answered with %d", e.Status())
	}
}

func TestExpiry(t *testing.T) {
	token := func(claims string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".x"
	}
	for text, want := range map[string]int64{
		token(`{"exp":1700000000}`): 1700000000, token(`{"exp":1700000000.9}`): 1700000000, token(`{"exp":"1700000000"}`): 0,
		token(`{}`): 0, token(`{"exp":-1}`): 0, token(`{"exp":1e300}`): 0, token(`null`): 0, "opaque": 0, "a.b.c": 0, "": 0,
		"a.b.c.d.e": 0,
	} {
		got := Expiry(text)
		if got.IsZero() != (want == 0) || want != 0 && got.Unix() != want {
			t.Errorf("%q ends at %s", text, got)
		}
	}
}

func TestReach(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	e, way := newRun(t, server).session("p").Reach(t.Context(), "reach", get("/"))
	if e.Status() != 200 || way.Connected == "" || way.TLS != nil || way.Certificate != nil {
		t.Errorf("%d: %+v", e.Status(), way)
	}
	e, way = newRun(t, "http://127.0.0.1:1").session("p").Reach(t.Context(), "reach", get("/"))
	if e.Failure.Kind != exchange.Refused || way.Connected != "" {
		t.Errorf("%v: %+v", e.Failure, way)
	}
}
