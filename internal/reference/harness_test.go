package reference

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

// rig is a server with its credentials and a clock that tests may move.
type rig struct {
	*testing.T
	server *Server
	creds  Credentials
	clock  time.Time
}

// start is in the middle of a second.
var start = time.Date(2026, 3, 1, 12, 0, 0, 500_000_000, time.UTC)

const baseURL = "http://reference.test"

func newRig(t *testing.T, c Config) *rig {
	t.Helper()
	r := &rig{T: t, clock: start}
	if c.Now == nil {
		c.Now = func() time.Time { return r.clock }
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.SetBaseURL(baseURL + c.Prefix)
	r.server, r.creds = s, s.Credentials()
	return r
}

// reply is a response, read.
type reply struct {
	status int
	header http.Header
	text   string
	json   map[string]any
}

// at returns the string at a path such as "status.accessToken", or "".
func (r reply) at(path string) string {
	var v any = r.json
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

func (r *rig) request(method, path, token, body string) *http.Request {
	q := httptest.NewRequest(method, path, strings.NewReader(body))
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	return q
}

func (r *rig) send(q *http.Request) reply {
	r.Helper()
	w := httptest.NewRecorder()
	r.server.ServeHTTP(w, q)
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		r.Fatal(err)
	}
	a := reply{status: w.Code, header: w.Result().Header, text: string(text)}
	if bytes.HasPrefix(text, []byte("{")) {
		if err := json.Unmarshal(text, &a.json); err != nil {
			r.Fatalf("answer is not JSON: %v", err)
		}
	}
	return a
}

func (r *rig) do(method, path, token, body string) reply {
	r.Helper()
	return r.send(r.request(method, path, token, body))
}

func (r *rig) collection() string {
	return r.server.config.Prefix + "/api/v1/organizations/" + r.creds.Organization + "/serviceaccounts"
}

const minimal = `{"metadata":{"name":"x"},"spec":{"groupIDs":[]}}`

// create makes an account as the operator and returns its id and token.
func (r *rig) create(body string) (id, token string) {
	r.Helper()
	a := r.do("POST", r.collection(), r.creds.Token, body)
	r.want(a, http.StatusCreated)
	return a.at("metadata.id"), a.at("status.accessToken")
}

// want holds a response to a status, and a refusal to the whole error contract.
func (r *rig) want(a reply, status int) {
	r.Helper()
	if a.status != status {
		r.Fatalf("status %d, want %d: %s", a.status, status, a.text)
	}
	if a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Cache-Control") == "" {
		r.Errorf("headers %v lack the common ones", a.header)
	}
	if status < 400 {
		return
	}
	if a.at("error") != codes[status] || a.at("error_description") == "" {
		r.Errorf("error body %s, want %s", a.text, codes[status])
	}
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(a.at("trace_id")) {
		r.Errorf("trace_id %q", a.at("trace_id"))
	}
	if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		r.Errorf("Content-Type %q", got)
	}
	if (status == 401 || status == 403) != (a.header.Get("WWW-Authenticate") != "") {
		r.Errorf("WWW-Authenticate %q on %d", a.header.Get("WWW-Authenticate"), status)
	}
}

// names lists the names of the accounts that a token sees.
func (r *rig) names(token string) []string {
	r.Helper()
	a := r.do("GET", r.collection(), token, "")
	r.want(a, http.StatusOK)
	var accounts []serviceAccount
	if err := json.Unmarshal([]byte(a.text), &accounts); err != nil {
		r.Fatal(err)
	}
	names := []string{}
	for _, s := range accounts {
		names = append(names, s.Metadata.Name)
		if s.Status.AccessToken != "" || s.Status.Expiry == "" {
			r.Errorf("list shows status %v", s.Status)
		}
	}
	return names
}
