package compare

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// run is a report with one requirement, a.b.c, that one exchange is evidence of.
func run(outcome report.Outcome, status int, change ...func(*report.Report)) *report.Report {
	r := &report.Report{
		RunID: "r1", Complete: true, Verdict: report.Conformant, Profiles: []report.Profile{{Name: spec.Core}},
		Suite:  report.Suite{Version: "v1", ContractVersion: "1.0", ContractDigest: "c1", CatalogueDigest: "k1"},
		Target: report.Target{URL: "https://t"}, Set: report.Set{Name: "2026-11"},
		Results:   []report.Result{{ID: "a.b.c", Level: spec.Must, Profile: spec.Core, Statement: "A promise.", Outcome: outcome, Evidence: []string{"p/s"}}},
		Exchanges: []report.Exchange{{ID: "p/s", Response: &report.Message{Status: status}}},
	}
	if outcome.Broke() {
		r.Verdict, r.Results[0].Expected, r.Results[0].Seen = report.NonConformant, "201", "status "+strings.Repeat("x", status%100)
	}
	for _, c := range change {
		c(r)
	}
	return r
}

func suite2(r *report.Report)     { r.Suite.Version = "v2" }
func catalogue2(r *report.Report) { r.Suite.CatalogueDigest, r.Results[0].Statement = "k2", "Another." }
func contract2(r *report.Report)  { r.Suite.ContractVersion, r.Suite.ContractDigest = "2.0", "c2" }
func core(r *report.Report)       { r.Configuration.Profiles = []spec.Profile{spec.Core} }
func should(r *report.Report)     { r.Results[0].Level = spec.Should }
func unscored(r *report.Report)   { r.Results[0].Unscored = true }
func elsewhere(r *report.Report)  { r.Target.URL = "https://u" }
func nothing(r *report.Report)    { r.Results = nil }
func version2(r *report.Report)   { r.Exchanges[0].Response.Headers = []string{"Server: sa/2"} }
func anotherSet(r *report.Report) { r.Set.Name = "2027-02" }
func anotherRun(r *report.Report) { r.RunID = "r2" }
func embedded(r *report.Report)   { r.Target.Embedded = true }
func committed(r *report.Report)  { r.Suite.Commit = strings.Repeat("ab", 20) }
func quick(r *report.Report)      { r.Configuration.TimeoutSeconds = 1 }
func withRunID(r *report.Report)  { r.Results[0].Seen += " " + r.RunID + " 2026-11-23T10:00:00Z" }
func unanswered(r *report.Report) { r.Exchanges[0].Response = nil }
func hostile(r *report.Report) {
	r.Results[0].Seen, r.RunID, r.Target.URL = "\x1b[2J`|", "\x1b", "\u202e"
}
func liveOnly(r *report.Report) { r.Results[0].Message = "needs the live token" }

func TestCauses(t *testing.T) {
	const pass, fail, unstable, untested, unclear = report.Pass, report.Fail, report.Unstable, report.NotTested, report.Inconclusive
	for name, test := range map[string]struct {
		in   Input
		want string
	}{
		"nothing":                       {Input{Old: run(pass, 1), New: run(pass, 1, anotherRun)}, ""},
		"nothing, failing":              {Input{Old: run(fail, 1, withRunID), New: run(fail, 1, anotherRun, withRunID)}, ""},
		"target":                        {Input{Old: run(pass, 1), New: run(fail, 1)}, "newly-failing regression target"},
		"target, unstable":              {Input{Old: run(pass, 1), New: run(unstable, 1)}, "newly-failing regression target"},
		"another target":                {Input{Old: run(pass, 1), New: run(fail, 1, elsewhere)}, "newly-failing regression target(https://t → https://u)"},
		"target of another version":     {Input{Old: run(pass, 1), New: run(fail, 1, version2)}, "newly-failing regression target(unknown → sa/2)"},
		"target of the same version":    {Input{Old: run(pass, 1, version2), New: run(fail, 1, version2)}, "newly-failing regression target(still sa/2)"},
		"mended":                        {Input{Old: run(fail, 1), New: run(pass, 1)}, "newly-passing target"},
		"a SHOULD":                      {Input{Old: run(pass, 1, should), New: run(fail, 1, should)}, "newly-failing target"},
		"not scored":                    {Input{Old: run(pass, 1, unscored), New: run(fail, 1, unscored)}, "newly-failing target"},
		"another set":                   {Input{Old: run(fail, 1, unscored), New: run(fail, 1, anotherSet)}, "newly-scored catalogue(set 2026-11 → 2027-02)"},
		"another failure":               {Input{Old: run(fail, 1), New: run(fail, 2)}, "changed-evidence target"},
		"another response":              {Input{Old: run(pass, 1), New: run(pass, 2)}, "changed-evidence target"},
		"no response":                   {Input{Old: run(pass, 1), New: run(pass, 1, unanswered)}, "changed-evidence target"},
		"left out":                      {Input{Old: run(pass, 1), New: run(untested, 1, core)}, "newly-untested regression configuration(profiles [] → profiles [core])"},
		"left out, and failing before":  {Input{Old: run(fail, 1), New: run(untested, 1, core)}, "newly-untested configuration(profiles [] → profiles [core])"},
		"a timeout":                     {Input{Old: run(pass, 1), New: run(unclear, 1, quick)}, "newly-untested regression configuration(timeout 0 → timeout 1)"},
		"inconclusive":                  {Input{Old: run(pass, 1), New: run(unclear, 1)}, "newly-untested regression target"},
		"suite":                         {Input{Old: run(pass, 1), New: run(fail, 1, suite2), Again: run(fail, 1, suite2)}, "newly-failing suite(v1 → v2)"},
		"suite is new, target moved":    {Input{Old: run(pass, 1), New: run(fail, 1, suite2), Again: run(pass, 1, suite2)}, "newly-failing regression target"},
		"both":                          {Input{Old: run(fail, 1), New: run(unclear, 1, suite2), Again: run(pass, 1, suite2)}, "newly-untested suite(v1 → v2) target"},
		"catalogue":                     {Input{Old: run(pass, 1), New: run(fail, 1, catalogue2), Again: run(fail, 1, catalogue2)}, "newly-failing catalogue(the requirement is written otherwise)"},
		"contract":                      {Input{Old: run(pass, 1), New: run(fail, 1, contract2), Again: run(fail, 1, contract2)}, "newly-failing contract(1.0 → 2.0)"},
		"words of the suite":            {Input{Old: run(fail, 1), New: run(fail, 2, suite2), Again: run(fail, 2, suite2)}, "changed-evidence suite(v1 → v2)"},
		"a new requirement":             {Input{Old: run(pass, 1, nothing), New: run(fail, 1)}, "newly-failing catalogue(the requirement is in one of the two catalogues only)"},
		"a requirement that is gone":    {Input{Old: run(pass, 1), New: run(pass, 1, nothing)}, "newly-untested catalogue(the requirement is in one of the two catalogues only)"},
		"no recording, another suite":   {Input{Old: run(pass, 1), New: run(fail, 1, suite2)}, "newly-failing regression undetermined(target or suite)"},
		"no recording, left out":        {Input{Old: run(pass, 1), New: run(untested, 1, suite2, core)}, "newly-untested regression configuration(profiles [] → profiles [core])"},
		"of a third suite":              {Input{Old: run(pass, 1), New: run(fail, 1, suite2), Again: run(fail, 1, committed)}, "newly-failing regression undetermined(target or suite)"},
		"not to be judged again":        {Input{Old: run(pass, 1), New: run(fail, 1, suite2), Again: run(untested, 1, suite2)}, "newly-failing regression undetermined(it cannot be judged from a recording: target or suite)"},
		"the same, by the same suite":   {Input{Old: run(pass, 1), New: run(fail, 1), Again: run(untested, 1)}, "newly-failing regression target"},
		"old one from a recording":      {Input{Old: run(untested, 1, liveOnly), New: run(pass, 1), OldRecording: true}, "newly-passing recording(only a live target shows it)"},
		"new one from a recording":      {Input{Old: run(pass, 1), New: run(untested, 1, liveOnly), NewRecording: true}, "newly-untested recording(only a live target shows it)"},
		"from a failure to an unstable": {Input{Old: run(fail, 1), New: run(unstable, 1)}, "changed-evidence target"},
	} {
		t.Run(name, func(t *testing.T) {
			c := Compare(test.in)
			got := ""
			for _, x := range c.Changes {
				got = string(x.Kind)
				if x.Regression {
					got += " regression"
				}
				for _, cause := range x.Causes {
					got += " " + string(cause.Kind)
					if cause.Detail != "" {
						got += "(" + cause.Detail + ")"
					}
				}
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	old, next := run(report.Pass, 1, committed), run(report.Fail, 1, elsewhere, suite2)
	var b bytes.Buffer
	if err := Text(&b, Compare(Input{Old: old, New: next, Again: run(report.Pass, 1, suite2)})); err != nil {
		t.Fatal(err)
	}
	want := `Old: conformant, run r1, 0001-01-01 00:00 UTC, suite v1 (abababababab), set 2026-11, https://t
New: non-conformant, run r1, 0001-01-01 00:00 UTC, suite v2, set 2026-11, https://u
     target: https://t → https://u
     suite: v1 (abababababab) → v2

Newly failing (1)
  a.b.c  MUST  pass → fail (regression)
      moved by target (https://t → https://u)
      new: expected 201, seen status x

Verdict: conformant → non-conformant, moved by target; changes: 1, regressions: 1
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestMarkdown(t *testing.T) {
	var b bytes.Buffer
	c := Compare(Input{Old: run(report.Fail, 1), New: run(report.Fail, 2, embedded, suite2), WhyNot: "there is none"})
	if err := Markdown(&b, c); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"- New: `non-conformant, run r1, 0001-01-01 00:00 UTC, suite v2, set 2026-11, the reference inside the process`\n",
		"### Changed evidence (1)", "so that what the suite moved cannot be told apart: there is none",
		"| `a.b.c` | MUST | fail → fail (regression) | `undetermined (target or suite)` | `old: expected 201, seen status x; new: expected 201, seen status xx",
	} {
		if want = strings.ReplaceAll(want, " (regression)", ""); !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// What a report holds is a target's, or that of somebody who wrote the file.
func TestHostileReports(t *testing.T) {
	c := Compare(Input{Old: run(report.Pass, 1, hostile), New: run(report.Fail, 1, hostile)})
	for _, render := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return Text(b, c) }, func(b *bytes.Buffer) error { return Markdown(b, c) },
	} {
		var b bytes.Buffer
		if err := render(&b); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\u202e") {
			t.Errorf("%q", b.String())
		}
	}
}

// What comes first of two requests at once is chance, and no change.
func TestRaces(t *testing.T) {
	raced := func(r *report.Report) {
		r.Exchanges[0].ID, r.Results[0].Evidence = "p/"+report.RaceStep+"s", []string{"p/" + report.RaceStep + "s"}
	}
	c := Compare(Input{Old: run(report.Pass, 200, raced), New: run(report.Pass, 409, raced, anotherRun)})
	if len(c.Changes) != 0 {
		t.Errorf("changes: %+v", c.Changes)
	}
	if c := Compare(Input{Old: run(report.Pass, 200), New: run(report.Pass, 409, anotherRun)}); len(c.Changes) == 0 {
		t.Error("another response is no change")
	}
}
