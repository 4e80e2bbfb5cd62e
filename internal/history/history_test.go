package history_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/history"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/spec"
)

// write writes n runs of two targets, a requirement of which fails in every third run.
func write(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		r := sample.Report()
		r.RunID, r.StartedAt, r.Verdict = fmt.Sprintf("%08d", i), sample.Started.Add(time.Duration(i)*time.Hour), report.Conformant
		r.Target.URL = []string{"https://a.example", "https://b.example/<script>alert(1)</script>"}[i%2]
		r.Profiles = []report.Profile{{Name: spec.Core}}
		r.Results = []report.Result{
			{ID: "always.good.one", Level: spec.Must, Profile: spec.Core, Outcome: report.Pass},
			{ID: "now.and.then", Level: spec.Must, Profile: spec.Core, Outcome: report.Pass},
			{ID: "worse.since.then", Level: spec.Must, Profile: spec.Core, Outcome: report.Pass},
		}
		if i%3 == 0 {
			r.Results[1].Outcome, r.Verdict = report.Fail, report.NonConformant
		}
		if i > n/2 {
			r.Results[2].Outcome, r.Suite.Version = report.Inconclusive, "v2.0.0"
		}
		r.Exchanges = r.Exchanges[:1]
		r.Exchanges[0].Operation, r.Exchanges[0].Seconds, r.Exchanges[0].Response = "createServiceAccount", float64(i)/1000, &report.Message{Status: 201}
		var b bytes.Buffer
		if err := reportjson.Render(&b, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%03d.json", i)), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "other.json"), []byte(`{"schemaVersion": "9.1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func page(t testing.TB, dir string) string {
	t.Helper()
	targets, passed, err := history.Read(dir)
	if err != nil || len(passed) != 1 {
		t.Fatalf("%v, passed over %v", err, passed)
	}
	var b bytes.Buffer
	if err := history.Page(&b, targets); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHistory(t *testing.T) {
	dir := write(t, 20)
	targets, _, err := history.Read(dir)
	if err != nil || len(targets) != 2 || len(targets[0].Runs) != 10 {
		t.Fatalf("%v: %d targets", err, len(targets))
	}
	if got := targets[0].Runs[9].Latency["createServiceAccount"]; got != 0.018 {
		t.Errorf("the latency is %v", got)
	}
	got := page(t, dir)
	for _, want := range []string{
		"1 passed in every run", "<code>now.and.then</code>", "flaky: 6 changes, 0 unstable in 10 runs", "<code>worse.since.then</code>: pass → inconclusive",
		"18.0 ms", "suite: v1.2.3", "&lt;script&gt;",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(got, "<script>") {
		t.Error("what a report says is taken for something else")
	}
}

// TestHistoryOf500 shows 500 runs in a browser: the page is small, names everything and stays within its window.
func TestHistoryOf500(t *testing.T) {
	n := 500
	if raced.Enabled {
		n = 50
	}
	began := time.Now()
	got := page(t, write(t, n))
	t.Logf("%d runs in %s, %d bytes", n, time.Since(began), len(got))
	if len(got) > 1_000_000 {
		t.Errorf("%d bytes", len(got))
	}
	tab := browser.Open(t)
	tab.Show([]byte(got))
	wrong := browser.Eval[[]string](tab, `(() => {
		const wrong = [], all = s => [...document.querySelectorAll(s)];
		for (const [s, n] of [["h1", 1], ["main", 1], ["[lang]", 1]]) if (all(s).length !== n) wrong.push(all(s).length + " of " + s);
		for (const e of all("a, summary, nav, [role]")) if (!(e.getAttribute("aria-label") || e.textContent).trim()) wrong.push("no name: " + e.outerHTML.slice(0, 100));
		for (const e of all("th")) if (!e.scope) wrong.push("no scope: " + e.outerHTML.slice(0, 100));
		for (const e of all("a[href^='#']")) if (!document.getElementById(e.hash.slice(1))) wrong.push("dead link: " + e.hash);
		if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the window");
		if (!all("rect").some(e => getComputedStyle(e).fill === "rgb(164, 14, 38)")) wrong.push("no failure is coloured");
		return wrong;
	})()`)
	if len(wrong) > 0 {
		t.Error(strings.Join(wrong, "\n"))
	}
	browser.Wrong(tab, browser.Look(tab, "history-page"))
}

func BenchmarkHistory(b *testing.B) {
	dir := write(b, 500)
	for b.Loop() {
		page(b, dir)
	}
}
