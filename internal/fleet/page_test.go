package fleet_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/fleet"
	"github.com/sa-conformance/conformance/internal/report"
)

// TestPageInABrowser shows the page of a fleet with one target of each kind, in which hostile texts are text.
func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 5, 9, 30, 0, 0, time.UTC)
	f := fleet.New([]string{"good", "bad", "gone", "missing"}, []fleet.Entry{
		{Name: "good", URL: "https://good.example", Verdict: report.Conformant, Gate: report.GatePassed, StartedAt: at, Seconds: 12.3, Report: "good/report.json"},
		{
			Name: "bad", URL: `https://bad.example/<script>alert(1)</script>`, ExitCode: 1, Text: `exit 1: <img src=x onerror=alert(1)>` + "\u202e",
			Verdict: report.NonConformant, Gate: report.GateFailed, StartedAt: at, Report: "bad/report.json", Page: "bad/report.html",
			Failed: []string{"create.status.created", "create.metadata.name"},
		},
		{Name: "gone", URL: "https://" + strings.Repeat("gone", 60) + ".example", ExitCode: 3, Text: "exit 3: the target did not respond"},
	})
	var b bytes.Buffer
	if err := f.Page(&b); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "\u202e"} {
		if strings.Contains(b.String(), bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	tab := browser.Open(t)
	tab.Show(b.Bytes())
	browser.Wrong(tab, browser.Look(tab, "fleet"))
	if got := browser.Eval[string](tab, `[...document.querySelectorAll("th a")].map(a => a.getAttribute("href")).join(" ")`); got != "good/report.json bad/report.html" {
		t.Errorf("the links are %s", got)
	}
}
