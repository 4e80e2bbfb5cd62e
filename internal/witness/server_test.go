package witness

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A witness is no open proxy.
func TestNoOpenProxy(t *testing.T) {
	var reached atomic.Int64
	p := newPlace(t, func(w http.ResponseWriter, r *http.Request) {
		reached.Add(1)
		answers(w, r)
	})
	begin := func(token string, target Target) error {
		_, err := Begin(t.Context(), p.address, token, nil, target)
		return err
	}
	for name, c := range map[string]struct {
		token, target, challenge, want string
	}{
		"another token":    {"wrong", p.target.URL, "", "401: the token of the witness"},
		"no token":         {"", p.target.URL, "", "401: the token of the witness"},
		"http":             {p.server.Token, "http://identity.example.com", "", "not an https URL"},
		"a password":       {p.server.Token, "https://u:p@identity.example.com", "", "not an https URL"},
		"no host":          {p.server.Token, "https:///x", "", "not an https URL"},
		"an odd challenge": {p.server.Token, p.target.URL, "x", "the challenge does not have"},
	} {
		if err := begin(c.token, Target{URL: c.target, Challenge: c.challenge}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.begin()
	if err := begin(p.server.Token, Target{URL: p.target.URL}); err == nil || !strings.Contains(err.Error(), "429: the witness has no sessions left") {
		t.Errorf("one session too many: %v", err)
	}
	for _, uri := range []string{"", "@other.example/", "other.example/", "http://other.example/"} {
		var session *session
		for _, s := range p.server.open {
			session = s
		}
		if u, err := session.address(uri); err == nil {
			t.Errorf("%q leads to %s", uri, u)
		}
	}
	stranger := *p.session
	stranger.secret = "guessed"
	if _, err := stranger.post(t.Context(), "/exchanges", nil, http.StatusOK); err == nil || !strings.Contains(err.Error(), "401: there is no such session") {
		t.Errorf("without the secret of the session: %v", err)
	}
	p.server.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	if _, err := p.send(http.MethodGet, collection, ""); err == nil || !strings.Contains(err.Error(), "403: the session is over") {
		t.Errorf("after its time: %v", err)
	}
	if _, err := p.session.End(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := p.send(http.MethodGet, collection, ""); err == nil || !strings.Contains(err.Error(), "401: there is no such session") {
		t.Errorf("after its end: %v", err)
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests reached the target", n)
	}
}

// A name may lead to an address of the witness's own network: the address counts that is connected to.
func TestPrivateAddress(t *testing.T) {
	p := newPlace(t, answers)
	p.server.AllowPrivate = false
	p.begin()
	if _, err := p.send(http.MethodGet, collection, ""); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("%v", err)
	}
	testimony, _ := p.end()
	if len(testimony.Peers) > 0 || !testimony.Entries[0].Broken {
		t.Errorf("%+v", testimony)
	}
}

// What a witness repeats as another client is answered as the run is, unless the target tells clients apart.
func TestRepeats(t *testing.T) {
	var asked atomic.Int64
	for name, c := range map[string]struct {
		handler  http.HandlerFunc
		differed int
	}{
		"lawful": {answers, 0},
		"refuses others": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("User-Agent") != "" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			answers(w, r)
		}, 1},
		"keeps a member from others": {func(w http.ResponseWriter, r *http.Request) {
			body := "[" + others + "]"
			if r.Header.Get("User-Agent") != "" {
				body = strings.Replace(body, `"healthStatus"`, `"health"`, 1)
			}
			_, _ = io.WriteString(w, body)
		}, 1},
		"busy": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("User-Agent") != "" {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			answers(w, r)
		}, 0},
		"lets nobody in but others": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("User-Agent") == "" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answers(w, r)
		}, 1},
		"a token that begins in between": {func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(-1) == -1 {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answers(w, r)
		}, 0},
		"a token that dies in between": {func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) > 1 {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answers(w, r)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			asked.Store(0)
			p := newPlace(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.Header.Get("User-Agent"), "Go-http-client/1.1") { // net/http adds it for the run
					r.Header.Del("User-Agent")
				}
				c.handler(w, r)
			})
			p.server.chance = func() bool { return true }
			p.begin().must(http.MethodGet, collection, "")
			testimony, _ := p.end()
			if testimony.Repeats.Sent != 1 || testimony.Repeats.Differed != c.differed {
				t.Errorf("%+v", testimony.Repeats)
			}
			if got := Compare(testimony, p.recorded); len(got.Problems) > 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// What goes wrong below HTTP reaches the run as what it is.
func TestFailures(t *testing.T) {
	p := newPlace(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "half") {
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "[")
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler)
	}).begin()
	if _, err := p.send(http.MethodGet, "/dropped", ""); err == nil || !strings.Contains(err.Error(), "EOF") {
		t.Errorf("%v", err)
	}
	if e := p.must(http.MethodGet, "/half", ""); e.Failure == nil {
		t.Error("half a body is a whole one")
	}
	testimony, _ := p.end()
	if len(testimony.Entries) != 2 || !testimony.Entries[1].Broken || testimony.Entries[1].Response.Status != 200 {
		t.Errorf("%+v", testimony.Entries)
	}
}
