package reference

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/reference/uuid"
)

func TestCreateAnswersWithTheWholeAccount(t *testing.T) {
	r := newRig(t, Config{})
	group := r.creds.Groups[0]
	a := r.do("POST", r.collection(), r.creds.Token, `{"metadata":{"name":"a.B_c-9","description":"d","id":7,"creationTime":null,
		"tags":[{"name":"n","value":"v","extra":1}]},"spec":{"groupIDs":["`+group+`","`+strings.ToUpper(group)+`"]},"status":[]}`)
	r.want(a, http.StatusCreated)
	id, token := a.at("metadata.id"), a.at("status.accessToken")
	want := map[string]any{
		"metadata": map[string]any{
			"id": id, "name": "a.B_c-9", "description": "d", "organizationId": r.creds.Organization,
			"tags":         []any{map[string]any{"name": "n", "value": "v"}},
			"creationTime": "2026-03-01T12:00:00.500000Z", "createdBy": r.server.seed.operator.id,
			"provisioningStatus": "pending", "healthStatus": "unknown", "generation": 1.0,
		},
		"spec":   map[string]any{"groupIDs": []any{group}},
		"status": map[string]any{"expiry": "2026-05-30T12:00:00+00:00", "accessToken": token},
	}
	if diff := cmp.Diff(want, a.json); diff != "" {
		t.Error(diff)
	}
	if u, ok := uuid.Parse(id); !ok || u != id || id[14] != '7' {
		t.Errorf("id %q is not a UUID of version 7", id)
	}
	wantHeader := http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "Cache-Control": {"no-store"}, "Pragma": {"no-cache"},
		"X-Content-Type-Options": {"nosniff"}, "Location": {r.collection() + "/" + id},
	}
	a.header.Del("Content-Length")
	if diff := cmp.Diff(wantHeader, a.header); diff != "" {
		t.Error(diff)
	}
	if n := r.server.Count(r.creds.Organization); n != 1 {
		t.Errorf("Count = %d, want 1", n)
	}
}

func TestCreateTwiceWithOneName(t *testing.T) {
	r := newRig(t, Config{})
	a, first := r.create(minimal)
	b, second := r.create(minimal)
	if a == b || first == second {
		t.Error("two creates share an id or a token")
	}
	if diff := cmp.Diff([]string{"seed-restricted", "seed-expired", "x", "x"}, r.names(r.creds.Token)); diff != "" {
		t.Error(diff)
	}
}

func TestCreateIsCanonicalAboutTheOrganization(t *testing.T) {
	r := newRig(t, Config{})
	path := strings.Replace(r.collection(), r.creds.Organization, strings.ToUpper(r.creds.Organization), 1)
	a := r.do("POST", path, r.creds.Token, minimal)
	r.want(a, http.StatusCreated)
	if a.at("metadata.organizationId") != r.creds.Organization {
		t.Errorf("organizationId %q", a.at("metadata.organizationId"))
	}
}

func TestBodiesThatAreRefused(t *testing.T) {
	r := newRig(t, Config{})
	group, unknown := r.creds.Groups[0], uuid.New()
	deep := strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth)
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"empty":                {"", 415},
		"blank":                {" ", 400},
		"null":                 {"null", 400},
		"array":                {"[]", 400},
		"no members":           {"{}", 400},
		"unfinished":           {minimal[:len(minimal)-1], 400},
		"something after":      {minimal + "{}", 400},
		"byte order mark":      {"\ufeff" + minimal, 400},
		"no UTF-8":             {strings.Replace(minimal, "x", "\xff", 1), 400},
		"UTF-16":               {"{\x00}\x00", 400},
		"half a pair":          {`{"metadata":{"name":"x","description":"\ud800"},"spec":{"groupIDs":[]}}`, 400},
		"member twice":         {`{"metadata":{"name":"x","n\u0061me":"x"},"spec":{"groupIDs":[]}}`, 400},
		"member twice, deep":   {`{"metadata":{"name":"x"},"spec":{"groupIDs":[]},"x":[{"a":1,"a":1}]}`, 400},
		"deep":                 {`{"metadata":{"name":"x"},"spec":{"groupIDs":[]},"x":` + deep + `}`, 400},
		"no metadata":          {`{"spec":{"groupIDs":[]}}`, 400},
		"metadata null":        {`{"metadata":null,"spec":{"groupIDs":[]}}`, 400},
		"metadata array":       {`{"metadata":[],"spec":{"groupIDs":[]}}`, 400},
		"Metadata":             {`{"Metadata":{"name":"x"},"spec":{"groupIDs":[]}}`, 400},
		"no name":              {`{"metadata":{},"spec":{"groupIDs":[]}}`, 400},
		"name null":            {`{"metadata":{"name":null},"spec":{"groupIDs":[]}}`, 400},
		"name number":          {`{"metadata":{"name":1},"spec":{"groupIDs":[]}}`, 400},
		"name empty":           {`{"metadata":{"name":""},"spec":{"groupIDs":[]}}`, 400},
		"name 64":              {`{"metadata":{"name":"` + strings.Repeat("a", 64) + `"},"spec":{"groupIDs":[]}}`, 400},
		"name newline":         {`{"metadata":{"name":"x\n"},"spec":{"groupIDs":[]}}`, 400},
		"name ends in dash":    {`{"metadata":{"name":"x-"},"spec":{"groupIDs":[]}}`, 400},
		"name not ASCII":       {`{"metadata":{"name":"é"},"spec":{"groupIDs":[]}}`, 400},
		"description null":     {`{"metadata":{"name":"x","description":null},"spec":{"groupIDs":[]}}`, 400},
		"description object":   {`{"metadata":{"name":"x","description":{}},"spec":{"groupIDs":[]}}`, 400},
		"tags null":            {`{"metadata":{"name":"x","tags":null},"spec":{"groupIDs":[]}}`, 400},
		"tags object":          {`{"metadata":{"name":"x","tags":{}},"spec":{"groupIDs":[]}}`, 400},
		"tag string":           {`{"metadata":{"name":"x","tags":["a"]},"spec":{"groupIDs":[]}}`, 400},
		"tag without name":     {`{"metadata":{"name":"x","tags":[{"value":"v"}]},"spec":{"groupIDs":[]}}`, 400},
		"tag without value":    {`{"metadata":{"name":"x","tags":[{"name":"n"}]},"spec":{"groupIDs":[]}}`, 400},
		"tag value null":       {`{"metadata":{"name":"x","tags":[{"name":"n","value":null}]},"spec":{"groupIDs":[]}}`, 400},
		"tag reserved":         {`{"metadata":{"name":"x","tags":[{"name":"a.unikorn-cloud.org:b","value":""}]},"spec":{"groupIDs":[]}}`, 400},
		"no spec":              {`{"metadata":{"name":"x"}}`, 400},
		"spec null":            {`{"metadata":{"name":"x"},"spec":null}`, 400},
		"no groups":            {`{"metadata":{"name":"x"},"spec":{}}`, 400},
		"groups null":          {`{"metadata":{"name":"x"},"spec":{"groupIDs":null}}`, 400},
		"groups string":        {`{"metadata":{"name":"x"},"spec":{"groupIDs":"` + group + `"}}`, 400},
		"group null":           {`{"metadata":{"name":"x"},"spec":{"groupIDs":[null]}}`, 400},
		"group no UUID":        {`{"metadata":{"name":"x"},"spec":{"groupIDs":["a"]}}`, 400},
		"group unknown":        {`{"metadata":{"name":"x"},"spec":{"groupIDs":["` + group + `","` + unknown + `"]}}`, 422},
		"too large":            {`"` + strings.Repeat("a", maxBody) + `"`, 413},
		"too large to be read": {`"` + strings.Repeat("a", 9<<20) + `"`, 413},
	} {
		t.Run(name, func(t *testing.T) {
			r := &rig{T: t, server: r.server, creds: r.creds}
			a := r.do("POST", r.collection(), r.creds.Token, c.body)
			r.want(a, c.status)
			if strings.Contains(a.text, unknown) {
				t.Error("the response repeats the request")
			}
		})
	}
	if n := r.server.Count(r.creds.Organization); n != 0 {
		t.Errorf("refused creates left %d accounts", n)
	}
}

func TestBodiesThatAreAccepted(t *testing.T) {
	r := newRig(t, Config{})
	shallow := strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1)
	for name, body := range map[string]string{
		"white space":       "\r\n\t " + minimal + " \n",
		"name 63":           `{"metadata":{"name":"` + strings.Repeat("a", 63) + `"},"spec":{"groupIDs":[]}}`,
		"name escaped":      `{"metadata":{"name":"\u0061"},"spec":{"groupIDs":[]}}`,
		"long description":  `{"metadata":{"name":"x","description":"` + strings.Repeat("é", 32<<10) + `"},"spec":{"groupIDs":[]}}`,
		"pair and NUL":      `{"metadata":{"name":"x","description":"\ud83d\ude00\\ud800\u0000"},"spec":{"groupIDs":[]}}`,
		"empty ones":        `{"metadata":{"name":"x","description":"","tags":[]},"spec":{"groupIDs":[]}}`,
		"unknown members":   `{"metadata":{"name":"x","Name":0,"":{}},"spec":{"groupIDs":[],"a":1e999},"b":[true,{"a":null}]}`,
		"nesting":           `{"metadata":{"name":"x"},"spec":{"groupIDs":[]},"x":` + shallow + `}`,
		"almost reserved":   `{"metadata":{"name":"x","tags":[{"name":"A.unikorn-cloud.org:b","value":""}]},"spec":{"groupIDs":[]}}`,
		"groups in capital": `{"metadata":{"name":"x"},"spec":{"groupIDs":["` + strings.ToUpper(r.creds.Groups[1]) + `"]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := &rig{T: t, server: r.server, creds: r.creds}
			a := r.do("POST", r.collection(), r.creds.Token, body)
			r.want(a, http.StatusCreated)
			meta := a.json["metadata"].(map[string]any)
			if meta["description"] == "" || cmp.Equal(meta["tags"], []any{}) {
				t.Error("empty members are not dropped")
			}
			if meta["name"] == "x" && name == "pair and NUL" && meta["description"] != "😀\\ud800\x00" {
				t.Errorf("description %q", meta["description"])
			}
		})
	}
}

func TestMediaTypes(t *testing.T) {
	r := newRig(t, Config{})
	for name, c := range map[string]struct {
		header http.Header
		status int
	}{
		"plain":             {http.Header{"Content-Type": {"application/json"}}, 201},
		"any case, charset": {http.Header{"Content-Type": {`Application/JSON ; Charset="UTF-8"`}}, 201},
		"a parameter":       {http.Header{"Content-Type": {"application/json; version=1"}}, 201},
		"identity":          {http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"identity"}}, 201},
		"missing":           {nil, 415},
		"empty":             {http.Header{"Content-Type": {""}}, 415},
		"twice":             {http.Header{"Content-Type": {"application/json", "application/json"}}, 415},
		"text":              {http.Header{"Content-Type": {"text/plain"}}, 415},
		"a suffix":          {http.Header{"Content-Type": {"application/merge-patch+json"}}, 415},
		"malformed":         {http.Header{"Content-Type": {"application/json; charset"}}, 415},
		"nonsense":          {http.Header{"Content-Type": {"application"}}, 415},
		"another charset":   {http.Header{"Content-Type": {"application/json; charset=utf-16"}}, 415},
		"compressed":        {http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, 415},
	} {
		t.Run(name, func(t *testing.T) {
			r := &rig{T: t, server: r.server, creds: r.creds}
			q := r.request("POST", r.collection(), r.creds.Token, minimal)
			q.Header.Del("Content-Type")
			for k, v := range c.header {
				q.Header[k] = v
			}
			r.want(r.send(q), c.status)
		})
	}
}

func TestCreateWithoutBody(t *testing.T) {
	r := newRig(t, Config{})
	q := r.request("POST", r.collection(), r.creds.Token, minimal)
	q.Body, q.ContentLength = nil, 0
	r.want(r.send(q), http.StatusBadRequest)
}

func TestLifetime(t *testing.T) {
	r := newRig(t, Config{Lifetime: 90 * time.Second})
	a := r.do("POST", r.collection(), r.creds.Token, minimal)
	if got := a.at("status.expiry"); got != "2026-03-01T12:01:30+00:00" {
		t.Errorf("expiry %q", got)
	}
	token := a.at("status.accessToken")
	r.clock = start.Add(89 * time.Second)
	r.want(r.do("GET", userinfoPath, token, ""), http.StatusOK)
	r.clock = start.Add(90 * time.Second)
	r.want(r.do("GET", userinfoPath, token, ""), http.StatusUnauthorized)
	r.want(r.do("GET", userinfoPath, r.creds.Token, ""), http.StatusOK)
}

func TestSeedIsReadableBeforeItsTokens(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range s.store.list(s.seed.organization) {
		if b, err := json.Marshal(a.read()); err != nil || !strings.Contains(string(b), `"expiry":"20`) {
			t.Errorf("%s %v", b, err)
		}
	}
}
