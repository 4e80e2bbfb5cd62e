package witness

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

// What a run recorded is found in what the witness saw, with the placeholders of a recording too.
func TestCompare(t *testing.T) {
	for name, c := range map[string]struct {
		change func(create, list *exchange.Exchange)
		want   string
	}{
		"as it was": {func(_, _ *exchange.Exchange) {}, ""},
		"with placeholders": {func(create, _ *exchange.Exchange) {
			create.Request.Header = http.Header{"Authorization": {"Bearer redacted-token.v1.eyJhIjoxfQ"}, "Accept": {"application/json"}}
			create.Response.Body = bytes.Replace(create.Response.Body, []byte(token), []byte("redacted-token.v1.eyJhIjoxfQ"), 1)
		}, ""},
		"another nonce": {func(create, _ *exchange.Exchange) {
			create.Request.Body = bytes.Replace(create.Request.Body, []byte("ours"), []byte("0urs"), 1)
		}, "did not see the exchange"},
		"another URL": {func(create, list *exchange.Exchange) {
			create.Request.URL = strings.Replace(create.Request.URL, "127.0.0.1", "identity.example.com", 1)
			list.Request.URL = create.Request.URL
		}, "did not see the exchange"},
		"another status": {func(create, _ *exchange.Exchange) { create.Response.Status = http.StatusOK }, "did not see the exchange"},
		"another header": {func(create, _ *exchange.Exchange) { create.Response.Header.Set("Cache-Control", "no-store") }, "did not see the exchange"},
		"another body": {func(_, list *exchange.Exchange) {
			list.Response.Body = bytes.Replace(list.Response.Body, []byte("theirs"), []byte("others"), 1)
		}, "did not see the exchange"},
		"a body that is said to be cut": {func(_, list *exchange.Exchange) {
			list.Response.Body, list.Response.Truncated = []byte("["), true
		}, "did not see the exchange"},
		"a response that is said to be lost": {func(_, list *exchange.Exchange) {
			list.Response, list.Failure = nil, &exchange.Failure{Kind: exchange.Dropped}
		}, "did not see the exchange"},
		"an exchange that is said not to be sent": {func(_, list *exchange.Exchange) {
			list.Response, list.Failure = nil, &exchange.Failure{Kind: exchange.Limit}
		}, "lacks 1 of the exchanges"},
		"a placeholder in the place of a name": {func(create, _ *exchange.Exchange) {
			create.Request.Body = bytes.Replace(create.Request.Body, []byte("ours"), []byte("redacted-4-abcdefgh"), 1)
		}, "did not see the exchange"},
		"another time": {func(create, _ *exchange.Exchange) { create.StartedAt = create.StartedAt.Add(-2 * mostApart) }, "did not see the exchange"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, answers).begin()
			list := p.must(http.MethodGet, collection, "")
			create := p.must(http.MethodPost, collection, `{"metadata":{"name":"ours"},"spec":{"groupIDs":[]}}`)
			testimony, _ := p.end()
			c.change(create, list)
			got := Compare(testimony, p.recorded)
			if problems := strings.Join(got.Problems, "; "); !strings.Contains(problems, c.want) || (c.want == "") != (problems == "") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// A request of some megabytes is entered in little time, and compared.
func TestCompareLongBody(t *testing.T) {
	p := newPlace(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	}).begin()
	body := `{"metadata":{"name":"ours","description":"` + strings.Repeat("A description may be long. ", 200_000) + `"}}`
	create := p.must(http.MethodPost, collection, body)
	testimony, _ := p.end()
	if c := Compare(testimony, p.recorded); len(c.Problems) > 0 || c.Compared != 1 || c.Loose != 0 {
		t.Errorf("%+v", c)
	}
	create.Request.Body = []byte(strings.Replace(body, "ours", "0urs", 1))
	if c := Compare(testimony, p.recorded); len(c.Problems) == 0 {
		t.Errorf("another name: %+v", c)
	}
}

// Of a long list a recording holds some items.
func TestCompareLongList(t *testing.T) {
	item := func(n int) string { return strings.Replace(others, "theirs", "theirs-"+strings.Repeat("x", n), 1) }
	var items []string
	for n := range 40 {
		items = append(items, item(n))
	}
	p := newPlace(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("[" + strings.Join(items, ", ") + "]"))
	}).begin()
	list := p.must(http.MethodGet, collection, "")
	testimony, _ := p.end()
	list.Response.Reduction = &exchange.Reduction{Items: 40}
	list.Response.Body = []byte("[" + item(3) + "," + item(7) + "]")
	if c := Compare(testimony, p.recorded); len(c.Problems) > 0 || c.Compared != 1 {
		t.Errorf("%+v", c)
	}
	list.Response.Body = []byte("[" + item(3) + "," + item(41) + "]")
	if c := Compare(testimony, p.recorded); len(c.Problems) == 0 {
		t.Errorf("an item that was not there: %+v", c)
	}
	list.Response.Body, list.Response.Reduction.Items = []byte("["+item(3)+"]"), 39
	if c := Compare(testimony, p.recorded); len(c.Problems) == 0 {
		t.Errorf("another number of items: %+v", c)
	}
}

// A chain from which an entry is taken, or of which one is changed, does not parse.
func TestChain(t *testing.T) {
	p := newPlace(t, answers).begin()
	for range 3 {
		p.must(http.MethodGet, collection, "")
	}
	testimony, text := p.end()
	if len(testimony.Entries) != 3 || testimony.Target != p.target.URL || testimony.Peers[0].Address != "127.0.0.1" || len(testimony.Peers[0].Chain) == 0 || !testimony.NamedCA {
		t.Errorf("%+v", testimony)
	}
	for name, change := range map[string]func(*Testimony){
		"an entry less":  func(t *Testimony) { t.Entries = append(t.Entries[:1:1], t.Entries[2:]...) },
		"the last less":  func(t *Testimony) { t.Entries[2].Signature = t.Entries[1].Signature },
		"another target": func(t *Testimony) { t.Target = "https://identity.example.com" },
		"another status": func(t *Testimony) { t.Entries[1].Response.Status = 500 },
	} {
		changed, err := p.parse(text)
		if err != nil {
			t.Fatal(err)
		}
		change(changed)
		forged, err := changed.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.parse(forged); err == nil {
			t.Errorf("%s: it parses", name)
		}
	}
}

// A witness changes no account that its session did not make, whatever a run asks for.
func TestGuard(t *testing.T) {
	reached := map[string]bool{}
	p := newPlace(t, func(w http.ResponseWriter, r *http.Request) {
		reached[r.Method+" "+r.URL.EscapedPath()] = true
		answers(w, r)
	}).begin()
	const ours, theirs, unknown = "/11111111-1111-4111-8111-111111111111", "/22222222-2222-4222-8222-222222222222", "/33333333-3333-4333-8333-333333333333"
	refused := func(method, path string) {
		t.Helper()
		_, err := p.send(method, path, "")
		unsent := &wire.UnsentError{}
		if !errors.As(err, &unsent) || reached[method+" "+path] {
			t.Errorf("%s %s: %v", method, path, err)
		}
	}
	refused(http.MethodDelete, collection+unknown) // no list was read yet
	p.must(http.MethodGet, collection, "")
	p.must(http.MethodPost, collection, `{"metadata":{"name":"ours"}}`)
	p.must(http.MethodDelete, collection+ours, "")
	p.must(http.MethodPost, collection+ours+"/rotate", "")
	p.must(http.MethodDelete, collection+unknown, "")
	refused(http.MethodDelete, collection+theirs)
	refused(http.MethodPut, collection+theirs)
	refused(http.MethodPost, collection+theirs+"/rotate")
	refused(http.MethodDelete, collection+"/%32"+theirs[2:])
	refused(http.MethodDelete, collection+"/"+strings.ToUpper(strings.ReplaceAll(theirs[1:], "-", "")))
	refused(http.MethodDelete, collection+"/x/..")
	refused(http.MethodDelete, collection)
	refused(http.MethodDelete, "/")
	refused(http.MethodPatch, "/api/v1/groups/1")
	if testimony, _ := p.end(); testimony.Refused != 10 {
		t.Errorf("it tells of %d refusals", testimony.Refused)
	}
}

// An account whose create was not answered is the session's own if a list shows it later by the name that was asked for.
func TestGuardLostResponse(t *testing.T) {
	a := newAccounts([]string{organization})
	a.learn(http.MethodGet, collection, 200, []byte("["+others+"]"), time.Now())
	a.asked([]byte(`{"metadata":{"name":"ours"}}`))
	a.learn(http.MethodGet, collection, 200, []byte("["+others+","+own+"]"), time.Now())
	if reason := a.refusal(http.MethodDelete, collection+"/11111111-1111-4111-8111-111111111111"); reason != "" {
		t.Error(reason)
	}
	a.asked([]byte(`{"metadata":{"name":"theirs"}}`)) // which was there before
	a.learn(http.MethodGet, collection, 200, []byte("["+others+"]"), time.Now())
	if reason := a.refusal(http.MethodDelete, collection+"/22222222-2222-4222-8222-222222222222"); reason == "" {
		t.Error("an account that was there before may be deleted")
	}
}

// A response to a create may name an account of others.
func TestGuardForeignResponse(t *testing.T) {
	a := newAccounts([]string{organization})
	a.learn(http.MethodGet, collection, 200, []byte("["+others+"]"), time.Now())
	a.learn(http.MethodPost, collection, 201, []byte(others), time.Now().Add(time.Minute))
	if reason := a.refusal(http.MethodDelete, collection+"/22222222-2222-4222-8222-222222222222"); reason == "" {
		t.Error("an account that was there before may be deleted")
	}
}

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.0.0.1": false, "169.254.169.254": false, "192.168.1.1": false,
		"100.64.0.1": false, "::1": false, "fe80::1": false, "fd00::1": false, "::ffff:127.0.0.1": false, "0.0.0.0": false,
		"255.255.255.255": false, "224.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "::": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}
