package reference

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPaths(t *testing.T) {
	r := newRig(t, Config{})
	id, _ := r.create(minimal)
	o := r.creds.Organization
	in := func(organization string) string { return "/api/v1/organizations/" + organization + "/serviceaccounts" }
	for path, status := range map[string]int{
		in(o):                        200,
		in(strings.ToUpper(o)):       200,
		in("%" + hex2(o[0]) + o[1:]): 200,
		"/api/v1/organi%7Aations/" + o + "/serviceaccounts": 200,
		in(o) + "?x=1":                           200,
		in(o) + "/":                              404,
		in(o) + "/" + id + "/":                   404,
		in(o) + "/" + id + "/x":                  404,
		"/" + in(o):                              404,
		"/api/v1/organizations//serviceaccounts": 404,
		"/API/v1/organizations/" + o + "/serviceaccounts":      404,
		"/api/v1/organizations/" + o:                           404,
		"/api/v1/x/../organizations/" + o + "/serviceaccounts": 404,
		"/api/v1/organizations/" + o + "%2fserviceaccounts":    404,
		"/":                                404,
		in(o + "%2f"):                      400,
		in("x"):                            400,
		in(strings.ReplaceAll(o, "-", "")): 400,
		in("%7b" + o + "%7d"):              400,
		in("urn:uuid:" + o):                400,
		in(o + "%0a"):                      400,
	} {
		a := r.do("GET", path, r.creds.Token, "")
		if a.status != status {
			t.Errorf("GET %s: %d, want %d", path, a.status, status)
			continue
		}
		r.want(a, status)
		if status != http.StatusNotFound {
			r.want(r.do("GET", path, "", ""), http.StatusUnauthorized)
		}
	}
	r.want(r.do("OPTIONS", "*", r.creds.Token, ""), http.StatusNotFound)
}

func hex2(b byte) string { const d = "0123456789abcdef"; return string([]byte{d[b>>4], d[b&15]}) }

func TestMethods(t *testing.T) {
	r := newRig(t, Config{})
	id := r.server.seed.restricted.id
	for path, allow := range map[string]string{
		r.collection():                        "GET, POST",
		r.collection() + "/" + id:             "DELETE, PUT",
		r.collection() + "/" + id + "/rotate": "POST",
		userinfoPath:                          "GET",
		keysPath:                              "GET",
		configurationPath:                     "GET",
		resourceMetadataPath:                  "GET",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"} {
			if strings.Contains(", "+allow+",", ", "+method+",") {
				continue
			}
			q := r.request(method, path, r.creds.Token, "")
			q.Header.Set("X-HTTP-Method-Override", "GET")
			q.Header.Set("Origin", "http://elsewhere.test")
			q.Header.Set("Access-Control-Request-Method", "POST")
			a := r.send(q)
			if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != allow {
				t.Errorf("%s %s: %d, Allow %q", method, path, a.status, a.header.Get("Allow"))
			}
			if method == "HEAD" {
				if a.text != "" {
					t.Errorf("HEAD has a body: %s", a.text)
				}
			} else {
				r.want(a, http.StatusMethodNotAllowed)
			}
			for name := range a.header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s sets %s", method, path, name)
				}
			}
		}
	}
	r.want(r.do("PATCH", r.collection(), "", ""), http.StatusUnauthorized)
}

func TestPrefix(t *testing.T) {
	r := newRig(t, Config{Prefix: "/identity/"})
	r.server.SetBaseURL(baseURL + "/identity/")
	a := r.do("GET", "/identity"+configurationPath, "", "")
	r.want(a, http.StatusOK)
	if a.at("issuer") != baseURL+"/identity" || a.at("jwks_uri") != baseURL+"/identity/oauth2/v2/jwks" {
		t.Errorf("configuration %s", a.text)
	}
	created := r.do("POST", r.collection(), r.creds.Token, minimal)
	r.want(created, http.StatusCreated)
	if !strings.HasPrefix(created.header.Get("Location"), "/identity/api/v1/organizations/") {
		t.Errorf("Location %q", created.header.Get("Location"))
	}
	for _, path := range []string{configurationPath, "/identity", "/identityx" + configurationPath, "/x" + configurationPath} {
		r.want(r.do("GET", path, "", ""), http.StatusNotFound)
	}
}

func TestConfigurationErrors(t *testing.T) {
	for _, c := range []Config{{Prefix: "x"}, {Prefix: "//x"}, {Prefix: "/x?y"}, {Prefix: "/ä"}, {Prefix: "/%"}, {Lifetime: 1}, {Lifetime: -1}, {Tokens: 2}} {
		if _, err := New(c); err == nil {
			t.Errorf("New(%+v) accepts it", c)
		}
	}
}

func TestDiscovery(t *testing.T) {
	r := newRig(t, Config{})
	a := r.do("GET", configurationPath, "garbage", "")
	r.want(a, http.StatusOK)
	for name, want := range map[string]string{
		"issuer": "", "authorization_endpoint": "/oauth2/v2/authorization", "token_endpoint": "/oauth2/v2/token",
		"userinfo_endpoint": userinfoPath, "jwks_uri": keysPath,
	} {
		if a.at(name) != baseURL+want {
			t.Errorf("%s = %q", name, a.at(name))
		}
	}
	for _, name := range []string{"response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"} {
		if _, ok := a.json[name].([]any); !ok {
			t.Errorf("%s is missing", name)
		}
	}
	a = r.do("GET", resourceMetadataPath, "", "")
	r.want(a, http.StatusOK)
	want := map[string]any{
		"resource": baseURL, "authorization_servers": []any{baseURL},
		"scopes_supported": []any{"openid"}, "bearer_methods_supported": []any{"header"},
	}
	if diff := cmp.Diff(want, a.json); diff != "" {
		t.Error(diff)
	}
	r.want(r.do("GET", userinfoPath, "", ""), http.StatusUnauthorized)
	if sub := r.do("GET", userinfoPath, r.creds.RestrictedToken, "").at("sub"); sub != r.server.seed.restricted.id {
		t.Errorf("sub = %q", sub)
	}
}

func TestBaseURLFollowsTheRequest(t *testing.T) {
	s, err := New(Config{Prefix: "/p"})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, server: s, creds: s.Credentials()}
	q := r.request("GET", "/p"+configurationPath, "", "")
	q.Host = "a.test:1"
	if a := r.send(q); a.at("issuer") != "http://a.test:1/p" {
		t.Errorf("issuer %q", a.at("issuer"))
	}
	q.TLS = new(tls.ConnectionState)
	a := r.send(q)
	if a.at("issuer") != "https://a.test:1/p" || a.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("issuer %q, header %v", a.at("issuer"), a.header)
	}
	q = r.request("POST", r.collection(), r.creds.Token, minimal)
	q.Host = "a.test:1"
	created := r.send(q)
	r.want(created, http.StatusCreated)
	if iss := r.do("GET", "/p"+userinfoPath, created.at("status.accessToken"), "").at("iss"); iss != "http://a.test:1/p" {
		t.Errorf("iss %q", iss)
	}
}

func TestTraceID(t *testing.T) {
	r := newRig(t, Config{})
	const id = "0af7651916cd43dd8448eb211c80319c"
	for sent, used := range map[string]bool{
		"00-" + id + "-b7ad6b7169203331-01":                      true,
		"cc-" + id + "-b7ad6b7169203331-01-more":                 true,
		"00-" + id + "-b7ad6b7169203331-01-more":                 false,
		"ff-" + id + "-b7ad6b7169203331-01":                      false,
		"00-" + id + "-0000000000000000-01":                      false,
		"00-" + strings.ToUpper(id) + "-b7ad6b7169203331-01":     false,
		"00-" + strings.Repeat("0", 32) + "-b7ad6b7169203331-01": false,
		"": false,
	} {
		q := r.request("GET", "/", "", "")
		q.Header.Set("Traceparent", sent)
		a := r.send(q)
		r.want(a, http.StatusNotFound)
		if used != (a.at("trace_id") == id) {
			t.Errorf("traceparent %q gives %q", sent, a.at("trace_id"))
		}
	}
}

func TestChoicesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Choices() {
		if c.Name == "" || c.Chosen == "" || c.Alternatives == "" || c.Source == "" || seen[c.Name] {
			t.Errorf("choice %+v", c)
		}
		seen[c.Name] = true
	}
}

func TestCredentialsAreStable(t *testing.T) {
	r := newRig(t, Config{})
	r.server.Credentials().Groups[0] = "changed"
	if diff := cmp.Diff(r.creds, r.server.Credentials()); diff != "" {
		t.Error(diff)
	}
	if n := r.server.Count(r.creds.Organization) + r.server.Count(r.creds.OtherOrganization); n != 0 {
		t.Errorf("Count = %d", n)
	}
}
