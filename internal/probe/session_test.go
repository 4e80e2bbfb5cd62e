package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

func TestNames(t *testing.T) {
	s := newRun(t, "http://127.0.0.1").session("p")
	var got []string
	for _, label := range []string{"a", "a", "a-2", "a", "b"} {
		got = append(got, s.Name(label))
	}
	want := []string{"conf-1a2b-a", "conf-1a2b-a-2", "conf-1a2b-a-2-2", "conf-1a2b-a-3", "conf-1a2b-b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if s.Mark() != "conf-1a2b-" {
		t.Errorf("the mark is %q", s.Mark())
	}
	for length := 1; length < 70; length++ {
		name := s.NameOf("long-label", length)
		if len(name) != length || strings.HasSuffix(name, "-") || length > 10 && !strings.HasPrefix(name, s.Mark()) {
			t.Errorf("a name of %d characters is %q", length, name)
		}
	}
}

func TestExchangeIDs(t *testing.T) {
	r := newRun(t, "http://127.0.0.1")
	var got []string
	for _, step := range []string{"s", "s#2", "s", "s", "s#2"} {
		got = append(got, r.exchangeID("p", step))
	}
	want := []string{"p/s", "p/s#2", "p/s#3", "p/s#4", "p/s#2#2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRequests(t *testing.T) {
	s := newRun(t, "http://127.0.0.1", func(r *Run) { r.target.Expired = "an-expired-token" }).session("p")
	collection := "/api/v1/organizations/" + organization + "/serviceaccounts"
	accept := http.Header{"Accept": {"application/json"}}
	both := http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}
	as := Identity{Name: "operator", Authorization: []string{"Bearer " + operator}}
	for name, test := range map[string]struct{ got, want Request }{
		"create": {s.CreateRequest([]byte("x")), Request{Method: "POST", Path: collection, Operation: "createServiceAccount", As: as, Header: both, Body: []byte("x")}},
		"list":   {s.ListRequest(), Request{Method: "GET", Path: collection, Operation: "listServiceAccounts", As: as, Header: accept}},
		"update": {s.UpdateRequest("a b", nil), Request{Method: "PUT", Path: collection + "/a%20b", Operation: "updateServiceAccount", As: as, Header: both, blocked: "x"}},
		"rotate": {s.RotateRequest("ä:b"), Request{Method: "POST", Path: collection + "/%C3%A4:b/rotate", Operation: "rotateServiceAccount", As: as, Header: accept, blocked: "x"}},
		"delete": {s.DeleteRequest("id-1"), Request{Method: "DELETE", Path: collection + "/id-1", Operation: "deleteServiceAccount", As: as, Header: accept}},
	} {
		if (test.got.blocked != "") != (test.want.blocked != "") {
			t.Errorf("%s: barred: %q", name, test.got.blocked)
		}
		test.got.blocked, test.want.blocked = "", ""
		if diff := cmp.Diff(test.want, test.got, cmp.AllowUnexported(Request{}, Identity{})); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
	if Account("o", "i") != "/api/v1/organizations/o/serviceaccounts/i" || s.Target().Organization != organization {
		t.Error("paths are wrong")
	}
	if as, ok := s.Expired(); !ok || as.Name != "expired" || as.Authorization[0] != "Bearer an-expired-token" {
		t.Errorf("expired: %+v, %t", as, ok)
	}
	s.run.target.Expired = ""
	if _, ok := s.Expired(); ok {
		t.Error("there is an expired token")
	}
}

// hostileIDs would lead to another resource than the account, at the target or behind a proxy.
var hostileIDs = []string{"", ".", "..", "/", "a/b", "../other", "..%2Fother", "%2e%2e", `..\other`, "..;", "a?b", "a#b", "a b", "a\nb", "a\x00", "\xff"}

func TestHostileIDsAreNotSent(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP))
	s := r.session("p")
	for _, id := range hostileIDs {
		for _, request := range []Request{s.UpdateRequest(id, nil), s.RotateRequest(id), s.DeleteRequest(id)} {
			e := s.Send(t.Context(), "s", request)
			if kind(e) != exchange.Limit || !strings.Contains(e.Failure.Message, "path") {
				t.Errorf("%q: %+v", id, e.Failure)
			}
		}
	}
	if len(f.requests) > 0 || r.recording.Len() != 3*len(hostileIDs) {
		t.Errorf("sent %v; recorded %d", f.requests, r.recording.Len())
	}
}

func TestAwait(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	s := newRun(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("N", fmt.Sprint(n.Add(1))) })).session("p")
	nth := func(want string) func(*exchange.Exchange) bool {
		return func(e *exchange.Exchange) bool { return e.Response.Header.Get("N") == want }
	}
	if e := s.Await(t.Context(), "s", get("/"), nth("3")); e.ID != "p/s#3" {
		t.Errorf("the last is %s", e.ID)
	}
	s.run.limits.Await = 100 * time.Millisecond
	e := s.Await(t.Context(), "t", get("/"), nth("never"))
	if e == nil || s.run.recording.Len() < 4 || s.run.recording.Len() > 8 {
		t.Errorf("after %d exchanges", s.run.recording.Len())
	}
	before := s.run.recording.Len()
	s.run.limits.Await = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	e = s.Await(ctx, "u", get("/"), func(*exchange.Exchange) bool { cancel(); return false })
	if !e.Answered() || s.run.recording.Len() != before+1 {
		t.Errorf("interrupted after %d exchanges: %+v", s.run.recording.Len()-before, e.Failure)
	}
}

func TestLists(t *testing.T) {
	var n atomic.Int32
	f := &fake{accounts: []map[string]any{item("a", "x")}}
	f.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
		if n.Add(1) == 2 {
			f.accounts = append(f.accounts, item("b", "y"))
		}
		return false
	}
	s := newRun(t, serve(t, f.ServeHTTP)).session("p")
	if e := s.ListWith(t.Context(), "with", "a", "B"); e.ID != "p/with#2" {
		t.Errorf("the list with both is %s", e.ID)
	}
	if e := s.List(t.Context(), "once"); e.ID != "p/once" || e.Operation != ListOperation {
		t.Errorf("the list is %s", e.ID)
	}
	n.Store(0)
	f.spoil = func(w http.ResponseWriter, _ *http.Request) bool {
		switch n.Add(1) {
		case 1:
			w.WriteHeader(http.StatusInternalServerError)
			return true
		case 3:
			f.accounts = f.accounts[1:]
		}
		return false
	}
	if e := s.ListWithout(t.Context(), "without", "a"); e.ID != "p/without#3" {
		t.Errorf("the list without is %s", e.ID)
	}
	s.run.limits.Await = 50 * time.Millisecond
	if e := s.ListWith(t.Context(), "vain", "none"); e.Status() != 200 {
		t.Errorf("the list gets %d", e.Status())
	}
}

func TestGiveUp(t *testing.T) {
	s := newRun(t, "http://127.0.0.1").session("p")
	if s.Reason() != "" {
		t.Errorf("the reason is %q", s.Reason())
	}
	s.GiveUp("answered with %d", 500)
	s.GiveUp("and so on")
	if s.Reason() != "answered with 500" {
		t.Errorf("the reason is %q", s.Reason())
	}
}

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV"

// Whatever a response looks like, its tokens are secret from then on; and so is every credential that was sent.
func TestSecrets(t *testing.T) {
	t.Parallel()
	quoted, _ := json.Marshal("tok\"en\\with\u00e9scapes")
	var body, header atomic.Value
	body.Store("")
	header.Store("")
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Debug", header.Load().(string))
		text := body.Load().(string)
		if rest, half := strings.CutPrefix(text, "half:"); half {
			w.Header().Set("Content-Length", "9999")
			text = rest
		}
		_, _ = w.Write([]byte(text))
	})
	for name, test := range map[string]struct {
		body, header string
		hidden       []string
	}{
		"create":         {body: `{"status":{"accessToken":"access-token-1"}}`, hidden: []string{"access-token-1"}},
		"list":           {body: `[{"status":{"accessToken":"access-token-1"}},{"status":{"accessToken":"access-token-2"}}]`, hidden: []string{"access-token-1", "access-token-2"}},
		"token endpoint": {body: `{"access_token":"access-token-1"}`, hidden: []string{"access-token-1"}},
		"twice":          {body: `{"status":{"accessToken":"access-token-1","accessToken":"access-token-2"}}`, hidden: []string{"access-token-1", "access-token-2"}},
		"escaped name":   {body: `{"status":{"access\u0054oken":"access-token-1"}}`, hidden: []string{"access-token-1"}},
		"escaped":        {body: `{"status":{"accessToken":` + string(quoted) + `}}`, hidden: []string{"tok\"en\\with\u00e9scapes"}},
		"broken off":     {body: `half:{"status":{"accessToken":"access-token-1`, hidden: []string{"access-token-1"}},
		"not JSON":       {body: `status: "accessToken" : "access-token-1";`, hidden: []string{"access-token-1"}},
		"a bad escape":   {body: `{"accessToken":"access-token-\q1"}`, hidden: []string{`access-token-\q1`}},
		"in a text":      {body: `the token ` + jwt + ` is bad`, hidden: []string{jwt}},
		"in a header":    {header: "token=" + jwt, hidden: []string{jwt}},
		"none":           {body: `{"status":{"accessToken":7}}`},
	} {
		body.Store(test.body)
		header.Store(test.header)
		r := newRun(t, base)
		r.session("p").Send(t.Context(), "s", get("/"))
		for _, value := range test.hidden {
			if label, found := r.secrets.Find([]byte("x " + value + " y")); !found || !strings.HasPrefix(label, issuedLabel+"-") {
				t.Errorf("%s: %s is known as %q", name, value, label)
			}
		}
		if _, found := r.secrets.Find([]byte("x" + test.body)); found != (test.hidden != nil && test.header == "") {
			t.Errorf("%s: hidden: %t", name, found)
		}
	}

	r := New(Target{
		BaseURL: base, Operator: operator, Restricted: "restricted-token", Expired: "expired-token", Client: wire.NewClient(nil, false, 1),
	}, limits(), "x", newRun(t, base).secrets, time.Now)
	s := r.session("p")
	request := get("/")
	request.Header = http.Header{"Authorization": {"Bearer raw-header-credential"}}
	s.Send(t.Context(), "a", request)
	request.As = Header("several", "Basic dXNlcjpwYXNzd29yZA", "lonely-credential")
	s.Send(t.Context(), "b", request)
	for value, want := range map[string]string{
		operator: "token-1", "restricted-token": "token-2", "expired-token": "token-3",
		"raw-header-credential": "credential-1", "dXNlcjpwYXNzd29yZA": "credential-2", "lonely-credential": "credential-3",
	} {
		if label, _ := r.secrets.Find([]byte(value)); label != want {
			t.Errorf("%s is known as %q, want %q", value, label, want)
		}
	}
}
