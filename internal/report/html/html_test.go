package html_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/html"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/spec"
)

func renderHTML(t *testing.T, r *report.Report) string {
	t.Helper()
	return string(sample.Render(t, r, func(b *bytes.Buffer) error { return html.Render(b, r, report.Options{}) }))
}

// TestHTML compares the page without style and script, which are files of their own.
func TestHTML(t *testing.T) {
	page := regexp.MustCompile(`(?s)(<style>|<script>|sha256-).*?(</|&#39;)`).ReplaceAllString(renderHTML(t, sample.Report()), "$1…$2")
	sample.Golden(t, "report.html", []byte(page))
}

// TestHTMLOfNothing renders reports without a beginning, without results, without responses.
func TestHTMLOfNothing(t *testing.T) {
	for _, r := range []*report.Report{
		{},
		{Results: []report.Result{{ID: "a.b", Outcome: report.Fail, Evidence: []string{"x/y"}}}},
		{Exchanges: []report.Exchange{{ID: "x/y", Seconds: -1}}},
		{Exchanges: []report.Exchange{{ID: "x/y", Seconds: 1e300, StartedAt: sample.Started}}},
	} {
		if page := renderHTML(t, r); !strings.HasSuffix(page, "</html>\n") || strings.Contains(page, "NaN") {
			t.Errorf("%+v: %s", r, page)
		}
	}
}

// TestHTMLStandsAlone looks for references to the outside, and for what the policy of the page forbids.
func TestHTMLStandsAlone(t *testing.T) {
	page := renderHTML(t, sample.Report())
	own := regexp.MustCompile(`href="` + regexp.QuoteMeta(spec.Project+"/blob/main/"+spec.PagesDir) + `/[a-z0-9.-]+\.md"`)
	if !own.MatchString(page) {
		t.Error("no link leads to the page of a requirement")
	}
	for _, pattern := range []string{`<(img|link|iframe|object|embed|base|audio|video|source)\b`, `\b(src|srcset|action|style|on[a-z]+)=`, `href="[^#]`, `url\(`, `@import`, `ZgotmplZ`} {
		if found := regexp.MustCompile(pattern).FindString(own.ReplaceAllString(page, "")); found != "" {
			t.Errorf("the page holds %s", found)
		}
	}
	for _, element := range []string{"style", "script"} {
		_, rest, _ := strings.Cut(page, "<"+element+">")
		text, _, _ := strings.Cut(rest, "</"+element+">")
		sum := sha256.Sum256([]byte(text))
		want := "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
		policy := regexp.MustCompile(`Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1]
		if !strings.Contains(strings.ReplaceAll(policy, "&#43;", "+"), element+"-src &#39;"+want+"&#39;") {
			t.Errorf("the policy does not let the %s in: %s, want %s", element, policy, want)
		}
	}
}

// TestHTMLMarksTheMember looks for the member that a failure is about, in the card and in the conversation.
func TestHTMLMarksTheMember(t *testing.T) {
	for _, test := range []struct{ body, pointer, want string }{
		{`{"a":{"b/c":[1,{"d~":"x"}]}}`, "/a/b~1c/1/d~0", `<mark>&#34;d~&#34;: &#34;x&#34;</mark>`},
		{`{"a":{"b":1},"c":2}`, "/a/x", `<mark>&#34;a&#34;: {</mark>`},
		{`[[],{},[1.50e1,2]]`, "/2/0", `<mark>1.50e1,</mark>`},
		{`{"a":1,"a":2}`, "/a", `<mark>&#34;a&#34;: 2</mark>`},
		{`{"items":[` + strings.Repeat(`{"name":"filler"},`, 400) + `{"name":"wrong"}]}`, "/items/400/name", `<mark>&#34;name&#34;: &#34;wrong&#34;</mark>`},
		{`{"a":1,}`, "/a", `{&#34;a&#34;:1,}</pre>`}, // not JSON: as it came
		{strings.Repeat("[", 4000), "/0/0", strings.Repeat("[", 100)},
	} {
		r := sample.Report()
		r.Exchanges[0].Response.Body = test.body
		for i := range r.Results {
			if r.Results[i].ID == "create.metadata.name" {
				r.Results[i].Pointer, r.Results[i].Evidence = test.pointer, []string{"create.minimal/create"}
			}
		}
		if page := renderHTML(t, r); strings.Count(page, test.want) < 2 {
			t.Errorf("%.60s: %s is not marked at %s", test.body, test.want, test.pointer)
		}
	}
}

// TestHTMLTellsTheReason reads the sentence below the verdict.
func TestHTMLTellsTheReason(t *testing.T) {
	for want, outcomes := range map[string][]report.Outcome{
		"Every MUST requirement passed.":                         {report.Pass, report.Pass},
		"1 requirement failed.":                                  {report.Pass, report.Fail, report.Inconclusive},
		"2 requirements failed. 1 MUST requirement is unstable.": {report.Fail, report.Unstable, report.Fail},
		"2 MUST requirements were not judged.":                   {report.NotTested, report.Pass, report.Inconclusive},
		"Nothing was judged.":                                    nil,
	} {
		r := &report.Report{Complete: true, Profiles: []report.Profile{{Name: spec.Core}}}
		for i, outcome := range outcomes {
			r.Results = append(r.Results, report.Result{ID: fmt.Sprintf("a.b.%d", i), Level: spec.Must, Profile: spec.Core, Outcome: outcome})
		}
		if page := renderHTML(t, r); !strings.Contains(page, `<p class="reason">`+want+"</p>") {
			t.Errorf("%v: the page does not say %q", outcomes, want)
		}
	}
}

// large is a report of the size of a whole run, with bodies as long as they get.
func large(results, exchanges int) *report.Report {
	r := sample.Report()
	r.Results, r.Exchanges = nil, nil
	body := `{"items":[` + strings.Repeat(`{"name":"conf-1","value":"<&>'x'"},`, 230) + `{}]}`
	for i := range exchanges {
		m := report.Message{Headers: []string{"Content-Type: application/json", "Www-Authenticate: " + strings.Repeat("x", 2000)}, Body: body, BodyBytes: len(body)}
		e := report.Exchange{
			ID: fmt.Sprintf("probe.%d/step-%d", i/12, i), Probe: fmt.Sprintf("probe.%d", i/12), Step: fmt.Sprintf("step-%d", i),
			Identity: "operator", StartedAt: sample.Started.Add(time.Duration(i) * 3 * time.Millisecond), Seconds: 0.02, Request: m, Response: &m,
			Curl: "curl -sS -i " + strings.Repeat("x", 400),
		}
		e.Response.Status = 200 + i%300
		r.Exchanges = append(r.Exchanges, e)
	}
	for i := range results {
		x := report.Result{
			ID: fmt.Sprintf("area.topic.promise-%d", i), Level: spec.Must, Profile: spec.Core, Section: fmt.Sprintf("Section %d", i/13),
			Statement: strings.Repeat("A promise is kept. ", 6), Citation: "openapi.yaml#/paths/x", Outcome: report.Fail, Probe: "probe.0",
			Message: strings.Repeat("wrong ", 300), Expected: strings.Repeat("e", 3000), Seen: strings.Repeat("s", 3000), Pointer: "/items/200/name",
		}
		for n := range 20 {
			x.Evidence = append(x.Evidence, r.Exchanges[(i+n)%exchanges].ID)
		}
		r.Results = append(r.Results, x)
	}
	return r
}

// TestHTMLStaysSmall renders a run in which everything failed at length.
func TestHTMLStaysSmall(t *testing.T) {
	raced.Rotate(t)
	if page := renderHTML(t, large(273, 400)); len(page) > 1_000_000 {
		t.Errorf("%d bytes", len(page))
	}
}

func BenchmarkHTML(b *testing.B) {
	for _, c := range []struct {
		name string
		r    *report.Report
	}{{"273x400-all-failed", large(273, 400)}, {"real", failing(b)}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := html.Render(io.Discard, c.r, report.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
