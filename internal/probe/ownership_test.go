package probe

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// changes are all requests that could change the account with an id, made by hand and by the builders.
func changes(s *Session, id string) map[string]Request {
	one := collection + "/" + id
	return map[string]Request{
		"update": s.UpdateRequest(id, nil), "rotate": s.RotateRequest(id), "delete": s.DeleteRequest(id),
		"raw DELETE":                   {Method: "DELETE", Path: one},
		"raw PUT":                      {Method: "PUT", Path: one},
		"raw PATCH":                    {Method: "PATCH", Path: one},
		"raw rotate":                   {Method: "POST", Path: one + "/rotate"},
		"lower-case method":            {Method: "delete", Path: one},
		"of a create":                  {Method: "DELETE", Path: one, Operation: CreateOperation},
		"upper case":                   {Method: "DELETE", Path: collection + "/" + strings.ToUpper(id)},
		"in braces":                    {Method: "DELETE", Path: collection + "/%7B" + id + "%7D"},
		"as a URN":                     {Method: "DELETE", Path: collection + "/urn:uuid:" + id},
		"without dashes":               {Method: "DELETE", Path: collection + "/" + strings.ReplaceAll(id, "-", "")},
		"escaped":                      {Method: "DELETE", Path: collection + "/%" + "35" + id[1:]},
		"escaped twice":                {Method: "DELETE", Path: collection + "/%25" + "35" + id[1:]},
		"slashes too many":             {Method: "DELETE", Path: collection + "//" + id + "/"},
		"the collection in upper case": {Method: "DELETE", Path: strings.ToUpper(collection) + "/" + id},
		"with a query":                 {Method: "DELETE", Path: one + "?x=y"},
		"another organization":         {Method: "DELETE", Path: Account("11111111-1111-1111-1111-111111111111", id)},
		"dots":                         {Method: "DELETE", Path: collection + "/x/../" + id},
		"escaped dots":                 {Method: "DELETE", Path: collection + "/x%2f%2e%2e%2f" + id},
		"the whole collection":         {Method: "DELETE", Path: collection},
		"the whole collection, PUT":    {Method: "PUT", Path: collection + "/"},
	}
}

const foreignID = "5f0c3a11-9b1e-4c55-8a77-0000000000a0"

// No request leaves that could change an account of others, whoever sends it and whatever built it.
func TestGuard(t *testing.T) {
	f := &fake{accounts: []map[string]any{item(foreignID, "billing", "creationTime", "2020-01-01T00:00:00Z")}}
	f.id = func(int) any { return "5a000000-0000-4000-8000-000000000001" }
	r := newRun(t, serve(t, f.ServeHTTP), unread)
	s := r.session("p")
	created := s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	if !created.Success() {
		t.Fatalf("%+v", created.Failure)
	}
	for _, id := range []string{foreignID, "5a000000-0000-4000-8000-00000000000f"} {
		if id == foreignID {
			s.Invented(id) // a list shows it all the same
		}
		for name, request := range changes(s, id) {
			if e := s.Send(t.Context(), "x", request); kind(e) != exchange.Limit || !strings.Contains(e.Failure.Message, "not sent") {
				t.Errorf("%s of %s was sent: %+v", name, id, e.Failure)
			}
		}
	}
	for _, request := range []Request{
		s.DeleteRequest(s.Invented("5b000000-0000-4000-8000-00000000000e")), s.RotateRequest("5A000000-0000-4000-8000-000000000001"),
		{Method: "GET", Path: collection + "/" + foreignID},
		{Method: "PATCH", Path: Accounts(s.Invented("5b000000-0000-4000-8000-00000000000d"))},
		{Method: "DELETE", Path: collection + "/%7B5a000000-0000-4000-8000-000000000001%7D"},
	} {
		if e := s.Send(t.Context(), "x", request); kind(e) == exchange.Limit {
			t.Errorf("%s %s was not sent: %+v", request.Method, request.Path, e.Failure)
		}
	}
}

// told is the body of a response to a create.
func told(id, name string, more ...any) string {
	text, _ := json.Marshal(item(id, name, more...))
	return string(text)
}

// What a create is answered decides together with the lists whose account it is.
func TestWhoseAccount(t *testing.T) {
	now, old := time.Now().UTC().Format(time.RFC3339), "2020-01-01T00:00:00Z"
	for name, test := range map[string]struct {
		answer string
		list   string // before and after; "": closed
		after  string // the list after the create, if it is another one
		own    bool
	}{
		"new":                                {told("n", "conf-1a2b-a", "creationTime", now), "[]", "", true},
		"new, without a time":                {told("n", "conf-1a2b-a"), "[]", "", true},
		"new, in upper case":                 {told("n", "CONF-1A2B-A"), "[]", "", true},
		"there before":                       {told("o", "conf-1a2b-a", "creationTime", now), "[" + told("O", "billing") + "]", "", false},
		"old by its time":                    {told("n", "conf-1a2b-a", "creationTime", old), "[]", "", false},
		"old by its time, in another form":   {told("n", "conf-1a2b-a", "creationTime", "2020-01-01 00:00:00"), "[]", "", false},
		"old by its time, in seconds":        {told("n", "conf-1a2b-a", "creationTime", "1577836800"), "[]", "", false},
		"old by the list":                    {told("n", "conf-1a2b-a", "creationTime", now), "[]", "[" + told("n", "conf-1a2b-a", "creationTime", old) + "]", false},
		"under another name":                 {told("n", "billing", "creationTime", now), "[]", "", false},
		"under another name, by the list":    {told("n", "billing", "creationTime", now), "[]", "[" + told("n", "billing", "creationTime", now) + "]", false},
		"renamed, and ours by the list":      {told("n", "billing", "creationTime", now), "[]", "[" + told("n", "conf-1a2b-a", "creationTime", now) + "]", true},
		"no list":                            {told("n", "conf-1a2b-a", "creationTime", now), "", "", false},
		"no list, no time":                   {told("n", "conf-1a2b-a"), "", "", false},
		"no list, another name":              {told("n", "billing", "creationTime", now), "", "", false},
		"no list, an hour old":               {told("n", "conf-1a2b-a", "creationTime", time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)), "", "", false},
		"a list without ids":                 {told("n", "billing", "creationTime", now), `[{"metadata":{"name":"x"}}]`, "", false},
		"a list with members in other cases": {told("n", "conf-1a2b-a"), `[{"Metadata":{"ID":"n","name":"x"}}]`, "", false},
	} {
		lists := 0
		r := newRun(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/serviceaccounts"):
				w.WriteHeader(http.StatusCreated)
				_, _ = w.Write([]byte(test.answer))
			case r.Method == http.MethodGet && test.list == "":
				w.WriteHeader(http.StatusForbidden)
			case r.Method == http.MethodGet:
				if lists++; lists > 1 && test.after != "" {
					_, _ = w.Write([]byte(test.after))
					return
				}
				_, _ = w.Write([]byte(test.list))
			}
		}), unread)
		r.limits.Await = 60 * time.Millisecond
		s := r.session("p")
		created := s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
		if test.after != "" {
			s.List(t.Context(), "list")
		}
		e := s.Send(t.Context(), "delete", s.DeleteRequest(created.AccountID()))
		if sent := kind(e) != exchange.Limit; sent != test.own {
			t.Errorf("%s: sent: %t, %+v", name, sent, e.Failure)
		}
	}
}

// If no list could be read, the token of the response must be the account's, by its own claims or by userinfo.
func TestWhoseToken(t *testing.T) {
	const id, other = "5a000000-0000-4000-8000-000000000001", "5a000000-0000-4000-8000-000000000002"
	jws := func(sub string) string {
		encode := base64.RawURLEncoding.EncodeToString
		return encode([]byte(`{"alg":"HS256"}`)) + "." + encode([]byte(`{"sub":"`+sub+`"}`)) + "." + encode([]byte("signature"))
	}
	for name, test := range map[string]struct {
		token, list, userinfo string
		own                   bool
	}{
		"a JWS":                         {jws(id), "", id, true},
		"a JWS, in another case":        {jws(strings.ToUpper(id)), "", strings.ToUpper(id), true},
		"a JWS that is not accepted":    {jws(id), "", "", false},
		"a JWS of another":              {jws(other), "", id, false},
		"a JWS of another, and a list":  {jws(other), "[]", "", false},
		"a JWS of a client, and a list": {jws("a-client"), "[]", "", true},
		"opaque":                        {"opaque", "", id, true},
		"opaque, of another":            {"opaque", "", other, false},
		"opaque, of a client":           {"opaque", "", "a-client", false},
		"opaque, and no userinfo":       {"opaque", "", "", false},
		"no token":                      {"", "", id, false},
		"not fit for a header":          {"a b\n", "", id, false},
		"an envelope with the id":       {jws(id), `{"items":[{"metadata":{"id":"` + strings.ToUpper(id) + `"}}]}`, id, false},
		"an envelope without the id":    {jws(id), `{"items":[{"metadata":{"id":"` + other + `"}}]}`, id, true},
	} {
		r := newRun(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodPost:
				w.WriteHeader(http.StatusCreated)
				_, _ = w.Write([]byte(`{"metadata":{"id":"` + id + `","name":"conf-1a2b-a","creationTime":"` +
					time.Now().UTC().Format(time.RFC3339) + `"},"status":{"accessToken":"` + test.token + `"}}`))
			case r.URL.Path == userinfo && test.userinfo != "" && r.Header.Get("Authorization") == "Bearer "+test.token:
				_, _ = w.Write([]byte(`{"sub":"` + test.userinfo + `"}`))
			case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/serviceaccounts") && test.list != "":
				_, _ = w.Write([]byte(test.list))
			case r.Method == http.MethodGet:
				w.WriteHeader(http.StatusForbidden)
			}
		}), unread)
		r.limits.Await = 60 * time.Millisecond
		s := r.session("p")
		created := s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
		e := s.Send(t.Context(), "delete", s.DeleteRequest(created.AccountID()))
		if sent := kind(e) != exchange.Limit; sent != test.own {
			t.Errorf("%s: sent: %t, %+v", name, sent, e.Failure)
		}
	}
}

// A request may ask for a time of creation, and a target may take it: that makes no old account.
func TestTimeThatWasAskedFor(t *testing.T) {
	f := &fake{}
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(told("n", "conf-1a2b-a", "creationTime", "2001-02-03T04:05:06Z")))
		}
		return r.Method == http.MethodPost
	}
	r := newRun(t, serve(t, f.ServeHTTP), unread)
	s := r.session("p")
	s.Create(t.Context(), "a", []byte(`{"metadata":{"name":"conf-1a2b-a","creationTime":"2001-02-03T04:05:06Z"}}`))
	if e := s.Send(t.Context(), "delete", s.DeleteRequest("n")); kind(e) == exchange.Limit {
		t.Errorf("%+v", e.Failure)
	}
}

// After the third response that names an account of others the run creates no more.
func TestTheThirdForeignAccount(t *testing.T) {
	f := &fake{accounts: []map[string]any{item(foreignID, "billing")}}
	f.id = func(int) any { return foreignID }
	r := newRun(t, serve(t, f.ServeHTTP), unread)
	s := r.session("p")
	for range 5 {
		s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	}
	if n := f.count("POST"); n != tracking.MostForeign {
		t.Errorf("%d creates", n)
	}
	if len(r.Warnings()) != 1 || !strings.Contains(r.Warnings()[0], "creates no more accounts") {
		t.Errorf("%q", r.Warnings())
	}
	f.accounts = f.accounts[:1]
	left := r.cleanUp(t)
	if left.Verified || len(f.deleted) > 0 || left.Unseen != tracking.MostForeign {
		t.Errorf("%+v, deleted %q", left, f.deleted)
	}
}

// An account that looks like one of the run and is older than it is not the run's.
func TestLookalikes(t *testing.T) {
	f := &fake{}
	r := newRun(t, serve(t, f.ServeHTTP), unread)
	s := r.session("p")
	s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	f.accounts = append(f.accounts,
		item("o1", "conf-1a2b-b", "creationTime", "2020-01-01T00:00:00Z"),
		item("o2", "billing", "description", "by conf-1a2b-", "creationTime", "2020-01-01T00:00:00Z"))
	r.cleanUp(t)
	if diff := cmp.Diff([]string{"id-1"}, f.deleted); diff != "" {
		t.Errorf("deleted: -want +got:\n%s", diff)
	}
}

// Two creates that are answered with one id made two accounts.
func TestOneIDForTwo(t *testing.T) {
	f := &fake{id: func(int) any { return "same" }}
	r := newRun(t, serve(t, f.ServeHTTP), unread)
	s := r.session("p")
	s.Create(t.Context(), "a", fixtures.Minimal(s.Name("a")))
	s.Create(t.Context(), "b", fixtures.Minimal(s.Name("b")))
	check(t, r.cleanUp(t), Leftovers{Created: 1, Deleted: 1, Verified: true}, f)
}
