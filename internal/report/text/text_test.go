package text_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/internal/report/text"
	"github.com/sa-conformance/conformance/spec"
)

func rendered(t *testing.T, r *report.Report, o report.Options) string {
	t.Helper()
	return string(sample.Render(t, r, func(b *bytes.Buffer) error { return text.Render(b, r, o) }))
}

func TestTextGoldens(t *testing.T) {
	for file, o := range map[string]report.Options{
		"report.txt":         {},
		"report-verbose.txt": {Verbose: true, Width: 60},
		"report-quiet.txt":   {Quiet: true},
		"report-color.txt":   {Color: true, Width: 10},
	} {
		got := rendered(t, sample.Report(), o)
		sample.Golden(t, file, []byte(got))
		if !utf8.ValidString(got) {
			t.Errorf("%s is not UTF-8", file)
		}
		for _, c := range got {
			if c != '\n' && !unicode.IsPrint(c) && !(o.Color && c == '\x1b') {
				t.Errorf("%s holds %U", file, c)
			}
		}
		if strings.Contains(got, "\nVerdict: conformant") {
			t.Errorf("%s lets the target speak", file)
		}
	}
}

func TestTextOfOneReasonForAll(t *testing.T) {
	r := sample.Report()
	for i := range r.Results {
		r.Results[i].Outcome, r.Results[i].Message, r.Results[i].ConsequenceOf = report.Inconclusive, "refused: nothing listens there", ""
	}
	r.Complete = false
	r.Verdict, r.Profiles = report.Conclude(r.Results, r.Configuration.Profiles, false)
	got := rendered(t, r, report.Options{})
	if n := strings.Count(got, "nothing listens there"); n != 1 {
		t.Errorf("the reason is told %d times:\n%s", n, got)
	}
	if !strings.Contains(got, "Inconclusive, all 9: refused") || !strings.Contains(got, "ended early") {
		t.Errorf("got:\n%s", got)
	}
}

func TestTextTellsOneReasonOfManyExchangesOnce(t *testing.T) {
	r := sample.Report()
	for i := range r.Results {
		id := r.Exchanges[i%2].ID
		r.Results[i].Outcome, r.Results[i].Message, r.Results[i].ConsequenceOf = report.Inconclusive, id+" was not answered: refused", ""
	}
	got := rendered(t, r, report.Options{})
	if !strings.HasPrefix(got, "Inconclusive, all 9: a request was not answered: refused\n") {
		t.Errorf("got:\n%s", got)
	}
}

func TestTextShortensLongLists(t *testing.T) {
	r := sample.Report()
	for i := range 40 {
		r.Results = append(r.Results,
			report.Result{ID: fmt.Sprintf("x.many.n%d", i), Level: spec.Must, Profile: spec.Core, Outcome: report.NotTested},
			report.Result{ID: fmt.Sprintf("x.after.n%d", i), Level: spec.Must, Profile: spec.Core, Outcome: report.Fail, ConsequenceOf: "create.status.created"})
	}
	got := rendered(t, r, report.Options{})
	for _, want := range []string{"no reason was given", "x.many.n11 and 28 more", "42 others follow from it", "and 34 more"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
	if got := rendered(t, r, report.Options{Verbose: true}); !strings.Contains(got, "x.many.n39") || !strings.Contains(got, "x.after.n39") {
		t.Errorf("verbose leaves something out:\n%s", got)
	}
}

func TestTextOfNothing(t *testing.T) {
	r := &report.Report{Target: report.Target{Embedded: true}, Accounts: report.Accounts{Verified: true}, Complete: true, Verdict: report.Conformant}
	got := rendered(t, r, report.Options{})
	if !strings.HasPrefix(got, "The built-in reference was judged, and no target.\n\nService accounts: created 0, deleted 0, left 0 (verified by list)\n") {
		t.Errorf("got:\n%s", got)
	}
	if !strings.HasSuffix(got, "Verdict: conformant (0 passed, 0 failed, 0 inconclusive, 0 not tested)\n") {
		t.Errorf("got:\n%s", got)
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add(sample.Hostile)
	f.Fuzz(func(t *testing.T, s string) {
		got := report.Printable(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(c rune) bool { return !unicode.IsPrint(c) }) {
			t.Errorf("Printable(%q) = %q", s, got)
		}
	})
}

// A body that is nested deeply stays as it is: laid out on lines it would be larger by the square of its depth.
func TestTextOfDeepBodies(t *testing.T) {
	for _, body := range []string{strings.Repeat("[", 4000) + strings.Repeat("]", 4000), strings.Repeat(`{"a":`, 1600)} {
		r := sample.Report()
		for i := range r.Exchanges {
			r.Exchanges[i].Request.Body = body
		}
		if got := rendered(t, r, report.Options{Verbose: true}); len(got) > 200_000 || !strings.Contains(got, body) {
			t.Errorf("a body of %d bytes becomes a text of %d", len(body), len(got))
		}
	}
}

// What was expected and seen is not told again by the message, which has it in one line.
func TestTextTellsSeveralLinesOnce(t *testing.T) {
	r := sample.Report()
	r.Results[0].Outcome, r.Results[0].ConsequenceOf = report.Fail, ""
	r.Results[0].Expected, r.Results[0].Seen = "status 400", "1 of 6 otherwise:\nmissing name: status 201"
	r.Results[0].Message = "expected status 400, seen 1 of 6 otherwise: | missing name: status 201"
	if got := rendered(t, r, report.Options{Width: 200}); strings.Count(got, "missing name: status 201") != 1 {
		t.Errorf("it is told %d times:\n%s", strings.Count(got, "missing name: status 201"), got)
	}
}

// A failure that rests on many exchanges names ten of them beside the one that it shows.
func TestSeeAlsoNamesTen(t *testing.T) {
	r := sample.Report()
	at := slices.IndexFunc(r.Results, func(x report.Result) bool { return x.Outcome == report.Fail && x.ConsequenceOf == "" })
	r.Results[at].Evidence = nil
	for i := range 31 {
		e := r.Exchanges[0]
		e.ID = fmt.Sprintf("many/step#%d", i)
		r.Exchanges = append(r.Exchanges, e)
		r.Results[at].Evidence = append(r.Results[at].Evidence, e.ID)
	}
	got := strings.Join(strings.Fields(rendered(t, r, report.Options{Width: 400})), " ")
	if !strings.Contains(got, "many/step#9 and 20 more") || strings.Contains(got, "many/step#10,") {
		t.Errorf("got:\n%s", got)
	}
}
