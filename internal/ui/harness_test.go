package ui_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/cli"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/defects"
	"github.com/sa-conformance/conformance/internal/reference"
)

// session is the program, and a browser that it let in.
type session struct {
	browser.Tab

	t              *testing.T
	base, dir      string
	stdout, stderr *output
}

// output is what the program prints.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// serve starts the program in this process; the address lets one browser in. It is stopped at the end of the test, and must exit
// with 0.
func serve(t *testing.T, dir string, args ...string) (address string, stdout, stderr *output) {
	t.Helper()
	reader, writer := io.Pipe()
	stdout, stderr = &output{}, &output{}
	signals := make(chan os.Signal, 1)
	code := make(chan int, 1)
	go func() {
		code <- cli.Run(context.WithoutCancel(t.Context()), app.Process{
			Args: append([]string{"ui", "--no-browser"}, args...), Stdin: strings.NewReader(""), Stdout: io.MultiWriter(writer, stdout), Stderr: stderr,
			Lookup: func(name string) (string, bool) {
				if name == "XDG_STATE_HOME" {
					return dir, true
				}
				return "", false
			},
			Signals: signals, Build: app.Build{Version: "devel"},
		})
	}()
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	t.Cleanup(func() {
		signals <- os.Interrupt
		if got := <-code; got != 0 {
			t.Errorf("exit %d: %s", got, stderr)
		}
	})
	return strings.TrimSpace(line), stdout, stderr
}

// begin starts the program and opens its address.
func begin(t *testing.T, args ...string) session {
	t.Helper()
	dir := t.TempDir()
	address, stdout, stderr := serve(t, dir, args...)
	s := session{Tab: browser.Open(t), t: t, dir: dir, stdout: stdout, stderr: stderr}
	s.base, _, _ = strings.Cut(address, "/?")
	s.Do(chromedp.Navigate(address), see("#setup"))
	return s
}

func see(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.WaitVisible(chromedp.CSS(selector))
}

// click clicks on something that leads to another page, and waits for something on that.
func (s session) click(selector, then string) {
	s.t.Helper()
	browser.Eval[bool](s.Tab, `(document.documentElement.dataset.left = "1") === "1"`)
	s.Do(chromedp.Click(chromedp.CSS(selector)), see("html:not([data-left]) "+then))
}

func (s session) visit(path, then string) {
	s.t.Helper()
	s.Do(chromedp.Navigate(s.base+path), see(then))
}

// fill fills in fields of the form by their names.
func (s session) fill(fields map[string]string) {
	s.t.Helper()
	for name, value := range fields {
		browser.Eval[bool](s.Tab, `((name, value) => {
			const e = document.querySelector("main form.fields").elements[name];
			if (e.length && !e.options) for (const one of e) one.checked = value.split(" ").includes(one.value);
			else if (e.type === "checkbox") e.checked = value !== "";
			else e.value = value;
			return document.querySelector("main form.fields").dispatchEvent(new Event("change"));
		})(`+quote(name)+`,`+quote(value)+`)`)
	}
}

func quote(text string) string {
	return "`" + strings.ReplaceAll(text, "`", "\\`") + "`"
}

func (s session) text(selector string) string {
	s.t.Helper()
	return browser.Eval[string](s.Tab, `document.querySelector(`+quote(selector)+`)?.textContent ?? ""`)
}

// looks asks what is wrong with the page for those who use it in another way than most.
func (s session) looks(name string) {
	s.t.Helper()
	browser.Wrong(s.Tab, browser.Look(s.Tab, name))
}

// place is a target of a test.
type place struct {
	reference.Credentials

	url, ca string
	// die closes the target for good.
	die func()
}

func (p place) fields() map[string]string {
	return map[string]string{
		"kind": "address", "url": p.url, "organization": p.Organization, "other-organization": p.OtherOrganization, "groups": strings.Join(p.Groups, " "),
		"token": p.Token, "restricted": p.RestrictedToken, "expired": p.ExpiredToken, "not-yet-valid": p.NotYetValidToken, "ca-file": p.ca,
	}
}

// secrets are what no page, log or file may hold.
func (p place) secrets() []string {
	return []string{p.Token, p.RestrictedToken, p.ExpiredToken, p.NotYetValidToken}
}

// target starts the reference with a defect, "" for none, behind wrap.
func target(t testing.TB, defect string, secure bool, wrap func(http.Handler) http.Handler) place {
	t.Helper()
	layer := &mutant.Layer{}
	if i := slices.IndexFunc(defects.All(), func(d mutant.Defect) bool { return d.Name == defect }); i >= 0 {
		layer = defects.All()[i].Layer
	} else if defect != "" {
		t.Fatalf("there is no defect %s", defect)
	}
	handler, server, err := mutant.Chain(&mutant.Layer{Plain: !secure}, layer).Build()
	if err != nil {
		t.Fatal(err)
	}
	if wrap != nil {
		handler = wrap(handler)
	}
	listening := httptest.NewUnstartedServer(handler)
	p := place{}
	if secure {
		listening.StartTLS()
		p.ca = filepath.Join(t.TempDir(), "ca.pem")
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: listening.Certificate().Raw})
		if err := os.WriteFile(p.ca, text, 0o600); err != nil {
			t.Fatal(err)
		}
	} else {
		listening.Start()
	}
	t.Cleanup(listening.Close)
	p.url = listening.URL
	p.die = func() {
		_ = listening.Listener.Close()
		listening.CloseClientConnections()
	}
	server.SetBaseURL(p.url)
	p.Credentials = server.Credentials()
	return p
}
