package certificate

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sa-conformance/conformance/internal/browser"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

var today = time.Date(2027, 1, 5, 9, 30, 0, 0, time.UTC)

// verifiedAs is a bundle of an implementation, as Verify would tell of it.
func verifiedAs(host, version string, until time.Time, seen map[string]report.Outcome) *Verification {
	r := &report.Report{Profiles: []report.Profile{{Name: spec.Core}, {Name: spec.Token}}}
	for i, x := range []struct {
		id        string
		level     spec.Level
		profile   spec.Profile
		statement string
	}{
		{"contested.id.form", spec.Should, spec.Core, "An id has one of the forms that the contract names."},
		{"create.body.contract", spec.Must, spec.Core, "The body of a create satisfies its schema."},
		{"create.header.location", spec.Should, spec.Core, "A create tells where the account is."},
		{"create.status.created", spec.Must, spec.Core, "A create with the least body gets 201 Created."},
		{"list.status.ok", spec.Must, spec.Core, "The list gets 200 OK."},
		{"token.signature.verifies", spec.Must, spec.Token, "The signature verifies with a key that the issuer publishes."},
	} {
		outcome := report.Pass
		if seen[x.id] != "" {
			outcome = seen[x.id]
		}
		result := report.Result{ID: x.id, Level: x.level, Profile: x.profile, Statement: x.statement, Outcome: outcome}
		if i == 0 {
			result.Message, result.Contested = "observed: a UUID", []string{"The schema says a string.", "The examples say a UUID."}
		}
		r.Results = append(r.Results, result)
	}
	v := &Verification{
		Signature: Valid, KeyID: strings.Repeat("5f0c2a9be417d3c8", 4), Complete: true, Reproduces: true, Report: r,
		NotRejudgeable: []Unjudged{{"token.signature.verifies", spec.Must, report.Pass, "needs the live token"}},
		Claims: &Claims{
			Verdict: report.Conformant, Profiles: []spec.Profile{spec.Core, spec.Token}, Set: report.Set{Name: "2026-11"},
			Target: Target{URL: "https://" + host + "/identity", Version: version}, Suite: report.Suite{Version: "v1.4.0"},
			ValidFrom: until.AddDate(0, 0, -90), ValidUntil: until,
		},
	}
	v.date(today)
	return v
}

func sampleEntries() []Entry {
	first := verifiedAs("identity.acme.example", "7.1", today.AddDate(0, 1, 0), map[string]report.Outcome{"create.header.location": report.Fail})
	first.Appeals = []Appealed{{Appeal: Appeal{
		Requirement: "contested.id.form", Reading: "Ids are opaque.", Reasons: "The schema says a string, and a UUID is one.", Links: []string{"https://acme.example/why"},
	}, Outcome: report.Pass, Observed: "observed: a UUID"}}
	past := verifiedAs("sa.other.example", "", today.AddDate(0, -1, 0), nil)
	changed := verifiedAs("login.third.example", "2026.3", today.AddDate(0, 1, 0), nil)
	changed.Complete, changed.Evidence = false, []Problem{{ReportFile, "it was changed: its digest is not that of the statement"}}
	unsigned := verifiedAs("accounts.fourth.example:8443", "", today.AddDate(0, 2, 0), map[string]report.Outcome{"create.header.location": report.NotTested})
	unsigned.Signature, unsigned.KeyID = Unsigned, ""
	past.KeyID, past.Identity = "", &Identity{Subject: "https://github.com/acme/identity/.github/workflows/certify.yml@refs/heads/main", Issuer: "https://token.actions.githubusercontent.com"}
	return []Entry{
		{File: "acme.zip", Verification: first, Sound: true},
		{File: "other.zip", Verification: past, Sound: true},
		{File: "third.zip", Verification: changed},
		{File: "fourth.zip", Verification: unsigned, Sound: true},
		{File: "not.zip", Fault: "this is not a bundle of \"conformance certify\": it is no ZIP file"},
	}
}

func matrixOf(t *testing.T, entries []Entry) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Matrix(&b, entries, "v1.5.0", today); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is not valid shows no outcome, and hostile texts are text.
func TestMatrixEscapes(t *testing.T) {
	attack := `"><script>alert(1)</script><img src=x onerror=alert(1)>` + "\u202e\x1b[2J"
	e := sampleEntries()
	v := e[0].Verification
	v.Identity = &Identity{Subject: attack, Issuer: attack}
	e[0].File, v.Claims.Target.URL, v.Claims.Target.Version, v.Claims.Suite.Version, v.Claims.Set.Name = attack, attack, attack, attack, attack
	v.Claims.Verdict, v.Claims.Profiles = report.Verdict(attack), []spec.Profile{spec.Profile(attack)}
	v.Report.Results[0].Message, v.Report.Results[0].Statement, v.Report.Results[0].Contested = attack, attack, []string{attack}
	v.Appeals[0].Reading, v.Appeals[0].Reasons, v.Appeals[0].Links = attack, attack, []string{"javascript:alert(1)", "https://x.example/" + attack}
	v.Evidence = []Problem{{"", attack}}
	page := string(matrixOf(t, e))
	for _, bad := range []string{"<script", "<img", "onerror=alert(1)>\"", "\u202e", "\x1b", `href="javascript:`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if outside := strings.Count(page, "http"); outside != strings.Count(page, "https://")+strings.Count(page, "http-equiv") {
		t.Errorf("%d references", outside)
	}
}

// The links of appeals lead somewhere, in visible ASCII; what is no link of an appeal is text.
func TestMatrixLinks(t *testing.T) {
	e := sampleEntries()
	e[0].Verification.Appeals[0].Links = []string{"https://acme.example/why?a=1&b=\u00fc", "http://acme.example/", "javascript:alert(1)"}
	page := string(matrixOf(t, e))
	if want := `<a href="https://acme.example/why?a=1&amp;b=%C3%BC" rel="nofollow noopener noreferrer">`; strings.Count(page, want) != 1 ||
		strings.Count(page, "<a href=") != 1 || !strings.Contains(page, "javascript:alert(1)<br>") {
		t.Errorf("the page does not have the one link %s, and the others as text", want)
	}
}

// TestMatrixInABrowser reads the page as a person would, who has no script.
func TestMatrixInABrowser(t *testing.T) {
	b := browser.Open(t)
	b.Do(chromedp.EmulateViewport(1280, 1500))
	b.Show(matrixOf(t, sampleEntries()))
	for expression, want := range map[string]string{
		`document.querySelectorAll(".list tbody tr .state").length + " " + [...document.querySelectorAll(".list .state")].map(x => x.textContent).join(", ")`: "5 valid, past its date, not valid, not signed, not valid",
		`[...document.querySelectorAll(".grid .c")].every(x => x.textContent.trim() != "")`:                                                                   "true",
		`document.querySelectorAll(".grid td.invalid .pass").length`:                                                                                          "0",
		`[...document.querySelectorAll(".grid td.past .c")].every(x => getComputedStyle(x).filter == "grayscale(1)")`:                                         "true",
		`[...document.querySelectorAll(".grid tbody tr")].find(x => x.textContent.includes("create.header.location")).children[1].innerText.includes("!")`:    "true",
		`document.querySelector("article td b").textContent`:                                                                                                  "Ids are opaque.",
		`document.documentElement.scrollWidth <= document.documentElement.clientWidth`:                                                                        "true",
		`document.scripts.length`: "0",
		`document.querySelectorAll(".list tbody tr")[1].querySelector(".signer code").textContent.endsWith("certify.yml@refs/heads/main")`: "true",
	} {
		if got := browser.Eval[any](b, expression); fmt.Sprint(got) != want {
			t.Errorf("%s is %v, want %s", expression, got, want)
		}
	}
	for name, width := range map[string]int64{"matrix-wide.png": 1280, "matrix-narrow.png": 420} {
		b.Do(chromedp.EmulateViewport(width, 1500))
		picture := b.Picture()
		if len(picture) < 10_000 {
			t.Errorf("%s: %d bytes", name, len(picture))
		}
		browser.Keep(t, name, picture)
	}
	browser.Wrong(b, browser.Look(b, "matrix"))
}
