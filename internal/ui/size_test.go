package ui_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/internal/ui"
	"github.com/sa-conformance/conformance/spec"
)

// shelf is a backend that shows one report, and does nothing else.
type shelf struct {
	ui.Backend

	report *report.Report
}

func (s shelf) Load(string) (*report.Report, error) { return s.report, nil }
func (shelf) Targets() ([]string, string, error)    { return nil, "", nil }
func (shelf) Suggested() (*ui.Setup, []string)      { return &ui.Setup{Kind: "address"}, nil }
func (shelf) Decide(*report.Report, string) error   { return nil }
func (shelf) Verify(context.Context, string, string, ui.Demands) (string, bool, error) {
	return "", false, nil
}

// opened opens a report as one of the history, and returns what gets pages of it.
func opened(t testing.TB, r *report.Report) (get func(path string) *httptest.ResponseRecorder) {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	small := sample.Report()
	if err := reportjson.Render(&b, small, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "report.json"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ui.New(shelf{report: r}, ui.Options{Address: "127.0.0.1:4711", Dir: dir, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	handler := s.Handler()
	var cookies []*http.Cookie
	get = func(path string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		request.Host = "127.0.0.1:4711"
		for _, c := range cookies {
			request.AddCookie(c)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request)
		return w
	}
	cookies = get(s.Path()).Result().Cookies()
	if got := get("/history/open?run=report.json"); got.Header().Get("Location") != "/runs/h1" {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	return get
}

// large is a report with every requirement and 1,000 exchanges, of which 20 failed.
func large(t testing.TB) *report.Report {
	t.Helper()
	c, err := spec.LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	r := sample.Report()
	r.Results, r.Profiles = nil, []report.Profile{{Name: spec.Core}}
	one := sample.Report().Exchanges[0]
	r.Exchanges = nil
	for i := range 1000 {
		e := one
		e.ID, e.Probe, e.Step = fmt.Sprintf("probe.%d/create#%d", i/9, i), fmt.Sprintf("probe.%d", i/9), fmt.Sprintf("create#%d", i)
		body := `{"metadata": {"name": "` + strings.Repeat("n", 2000) + `"}}`
		e.Request.Body, e.Response = body, &report.Message{Status: 201, Headers: one.Request.Headers, Body: body, BodyBytes: len(body)}
		r.Exchanges = append(r.Exchanges, e)
	}
	for i, requirement := range c.All() {
		x := report.Result{
			ID: requirement.ID, Level: requirement.Level, Profile: requirement.Profile, Section: fmt.Sprintf("Section %d", i/20), Statement: requirement.Statement,
			Citation: requirement.Citation, Outcome: report.Pass, Probe: r.Exchanges[i].Probe, Evidence: []string{},
		}
		if i%15 == 0 {
			x.Outcome, x.Expected, x.Seen, x.Pointer = report.Fail, "this", "that", "/metadata/name"
		}
		for k := range 12 {
			x.Evidence = append(x.Evidence, r.Exchanges[(i*3+k)%1000].ID)
		}
		r.Results = append(r.Results, x)
	}
	return r
}

func pagesOf(r *report.Report) []string {
	return []string{"/runs/h1", "/runs/h1/exchanges", "/runs/h1/exchanges/500", "/runs/h1/requirements/" + r.Results[0].ID, "/history", "/waivers", "/certify", "/"}
}

func TestPagesAreSmall(t *testing.T) {
	t.Parallel()
	r := large(t)
	get := opened(t, r)
	for _, path := range pagesOf(r) {
		got := get(path)
		if got.Code != http.StatusOK || got.Body.Len() > 1_000_000 {
			t.Errorf("%s: %d, %d bytes", path, got.Code, got.Body.Len())
		}
		t.Logf("%s: %d bytes", path, got.Body.Len())
	}
}

// The page of a requirement has the text of the contract's section, and of a section of an RFC its title, its address and what it
// says in our words.
func TestCitations(t *testing.T) {
	t.Parallel()
	r := sample.Report()
	r.Results[0].ID, r.Results[0].Citation = "create.status.created", "contract section 3; RFC 9110 section 15.5.6; RFC 9110 section 99"
	text := opened(t, r)("/runs/h1/requirements/create.status.created").Body.String()
	for _, part := range []string{
		"contract section 3: The operations around it</summary>", "an array of accounts without access tokens</td>", `href="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6"`,
		"405 Method Not Allowed", "In our words: The resource does not support the method.", `href="https://www.rfc-editor.org/rfc/rfc9110#section-99"`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

func BenchmarkPages(b *testing.B) {
	r := large(b)
	get := opened(b, r)
	for _, path := range pagesOf(r) {
		b.Run(strings.ReplaceAll(strings.Trim(path, "/"), "/", " "), func(b *testing.B) {
			for b.Loop() {
				get(path)
			}
		})
	}
}

// TestHostileReport shows a report in which every text is an attack: it is text on every page.
func TestHostileReport(t *testing.T) {
	t.Parallel()
	for _, attack := range sample.Attacks {
		r := sample.Report()
		sample.Poison(r, attack)
		r.Results[0].ID, r.Results[0].Evidence = "create.status.created", []string{r.Exchanges[0].ID}
		get := opened(t, r)
		for _, path := range []string{"/runs/h1", "/runs/h1/exchanges", "/runs/h1/exchanges/1", "/runs/h1/requirements/create.status.created"} {
			got := get(path)
			text := got.Body.String()
			if got.Code != http.StatusOK {
				t.Errorf("%s: %d", path, got.Code)
			}
			for _, bad := range []string{"<script>alert", "<img", "<svg/", "onload=alert(1)>", "\x1b", "\u202e", "\u2028", "javascript:", "\x00"} {
				if strings.Contains(text, bad) && (bad != "javascript:" || strings.Contains(text, `href="javascript:`)) {
					t.Errorf("%s holds %q", path, bad)
				}
			}
		}
	}
}

// Pages other than those of the session are not served from the address: files are those of the directory alone.
func TestHistoryStaysInItsDirectory(t *testing.T) {
	t.Parallel()
	get := opened(t, sample.Report())
	for _, path := range []string{"/history/open?run=../../etc/passwd", "/history/open?run=/etc/passwd", "/history/open", "/history/compare?old=report.json&new=../x", "/runs/99", "/runs/h1/files/../x", "/assets/frame.html", "/runs/h1/requirements/x", "/runs/h1/exchanges/0", "/runs/h1/exchanges/99999"} {
		if got := get(path); got.Code != http.StatusNotFound && got.Code/100 != 3 {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
}
