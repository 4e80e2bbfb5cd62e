package ui_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// client uses the interface as a program would that has a cookie jar.
type client struct {
	http.Client

	t    *testing.T
	base string
	csrf string
	// stay does not wait for the end of a run.
	stay bool
}

func newClient(t *testing.T, address string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{Client: http.Client{Jar: jar}, t: t}
	c.base, _, _ = strings.Cut(address, "/?")
	_, text := c.read(c.Get(address))
	c.csrf = regexp.MustCompile(`name="csrf" value="([^"]+)"`).FindStringSubmatch(text)[1]
	return c
}

func (c *client) read(response *http.Response, err error) (path, text string) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.Request.URL.Path, string(body)
}

// post sends a form, follows where it leads to, and waits for the end of a run.
func (c *client) post(path string, fields map[string]string) (where, text string) {
	c.t.Helper()
	form := url.Values{"csrf": {c.csrf}}
	for name, value := range fields {
		form.Set(name, value)
	}
	request, err := http.NewRequest(http.MethodPost, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", c.base)
	where, text = c.read(c.Do(request))
	if strings.HasPrefix(where, "/runs/") && !c.stay {
		c.read(c.Get(c.base + where + "/events"))
		where, text = c.read(c.Get(c.base + where))
	}
	return where, text
}

// TestForms judges a target of conformance.yaml and one of the form. What is typed for one target never goes to another.
func TestForms(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, other := target(t, "", false, nil), target(t, "", false, nil)
	config := filepath.Join(dir, "conformance.yaml")
	text := "targets:\n  staging: {url: '" + one.url + "', organization: " + one.Organization + ", token: {env: STAGING_TOKEN}}\n  second: {url: '" + other.url + "', organization: " + other.Organization + "}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	address, _, _ := serve(t, dir, "--config", config)
	c := newClient(t, address)
	if _, page := c.read(c.Get(c.base + "/")); !strings.Contains(page, "<option>second</option>") || !strings.Contains(page, `value="named" checked`) {
		t.Errorf("the form does not offer the targets of the file: %s", page)
	}
	if _, page := c.post("/runs", map[string]string{"kind": "named", "name": "staging", "depth": "smoke"}); !strings.Contains(page, "STAGING_TOKEN") {
		t.Errorf("a variable that is not set: %s", page)
	}
	if where, page := c.post("/runs", map[string]string{"kind": "named", "name": "staging", "depth": "smoke", "token": one.Token}); where != "/runs/1" || !strings.Contains(page, "0 left") {
		t.Errorf("a named target: %s %s", where, page)
	}
	if _, page := c.post("/runs", map[string]string{"kind": "named", "name": "second", "depth": "smoke"}); !strings.Contains(page, "the token of the run is missing") {
		t.Errorf("the token of one target went to another: %s", page)
	}
	typed := map[string]string{"kind": "address", "url": other.url, "organization": other.Organization, "token": other.Token, "depth": "smoke"}
	if where, page := c.post("/runs", typed); where != "/runs/2" || !strings.Contains(page, "0 left") {
		t.Errorf("an address: %s %s", where, page)
	}
	delete(typed, "token")
	if where, _ := c.post("/runs", typed); where != "/runs/3" {
		t.Errorf("the same target needs its token again: %s", where)
	}
	typed["forget"] = "1"
	if _, page := c.post("/runs", typed); !strings.Contains(page, "“Access token” is missing") || !strings.Contains(page, `name="token" aria-invalid="true"`) {
		t.Errorf("what was to be forgotten is used: %s", page)
	}
	if where, page := c.post("/runs", map[string]string{"kind": "reference", "depth": "smoke"}); where != "/runs/4" || !strings.Contains(page, "0 failed") && strings.Contains(page, "failed</li>") {
		t.Errorf("the reference: %s %s", where, page)
	}
	pasted := map[string]string{
		"kind": "address", "url": other.url + "/api/v1/organizations/" + other.Organization + "/serviceaccounts", "token": "Bearer " + other.Token, "depth": "smoke",
	}
	if where, page := c.post("/runs", pasted); where != "/runs/5" || !strings.Contains(page, "<code>"+other.url+"</code>") || !strings.Contains(page, "0 left") {
		t.Errorf("the whole address of the endpoint was pasted: %s %s", where, page)
	}
	pasted["organization"] = one.Organization
	for field, page := range map[string]map[string]string{"url": {"kind": "address"}, "organization": {"kind": "address", "url": other.url}, "rps": {"kind": "reference", "rps": "many"}} {
		if _, page := c.post("/runs", page); !strings.Contains(page, `name="`+field+`" aria-invalid="true" autofocus`) || !strings.Contains(page, `href="#`+field+`"`) {
			t.Errorf("the page does not lead to the field %s: %s", field, page)
		}
	}
	if _, page := c.post("/runs", pasted); !strings.Contains(page, "names another organization") {
		t.Errorf("the address is of another organization: %s", page)
	}
	for _, path := range []string{"/check", "/runs"} {
		_, page := c.post(path, map[string]string{"kind": "address", "url": "http://user:secret@127.0.0.1", "organization": one.Token, "groups": one.Token})
		if strings.Contains(page, "user:secret@") || strings.Contains(page, one.Token) || !strings.Contains(page, "leave user and password out") {
			t.Errorf("a password in the address, and a token in the wrong field: %s", page)
		}
	}
	if _, page := c.read(c.Get(c.base + "/history")); strings.Count(page, `href="/runs/`) < 4 || !strings.Contains(page, "conformance ui --dir runs") {
		t.Errorf("the history: %s", page)
	}
	if _, page := c.post("/waivers/preview", map[string]string{"requirement": "x"}); !strings.Contains(page, "conformance ui --waivers waivers.yaml") {
		t.Errorf("waivers without a file: %s", page)
	}
}

// What was checked can be checked again without a look at the form, and what is run again says of which run it is a part.
func TestOnceMore(t *testing.T) {
	t.Parallel()
	p := target(t, "create-200", false, nil)
	address, _, _ := serve(t, t.TempDir())
	c := newClient(t, address)
	typed := map[string]string{"kind": "address", "url": p.url, "organization": p.Organization, "token": "not.the.token", "depth": "smoke"}
	for i, form := range []map[string]string{typed, {}} {
		where, _ := c.post("/check", form)
		if want := []string{"/check/1", "/check/2"}[i]; where != want {
			t.Errorf("check %d is at %s", i+1, where)
		}
		c.read(c.Get(c.base + where + "/events"))
		if _, page := c.read(c.Get(c.base + where)); !strings.Contains(page, "the token of the run is refused") || !strings.Contains(page, "Check again") {
			t.Errorf("check %d: %s", i+1, page)
		}
	}
	typed["token"] = p.Token
	first, _ := c.post("/runs", typed)
	_, page := c.post(first+"/again", map[string]string{"requirement": "create.status.created"})
	if !strings.Contains(page, `A part of <a href="`+first+`">`) || !strings.Contains(page, "not a part of what was run again") || strings.Contains(page, "--only") {
		t.Errorf("again: %s", page)
	}
}
