package provecmd

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/proof"
	"github.com/sa-conformance/conformance/internal/prove"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/junit"
)

// unfinished is a proof in which everything occurs that can: a kill with and without company, a survivor, a variant that
// is spared and one that is blamed, and a requirement that nothing proves.
func unfinished() *prove.Proof {
	return &prove.Proof{
		Catalogue: "sha256:00",
		Defects: []prove.Trial{
			{
				Name: "first", Family: "status codes", Description: "does <this> | that", Effect: "clients & users wait", Intended: "a.b.c",
				Verdict: report.NonConformant, Passed: true, Failed: []string{"a.b.c", "a.b.d"}, Consequences: []string{"e.f.g", "e.f.h"},
			},
			{Name: "second", Family: "status codes", Intended: "a.b.c", Verdict: report.NonConformant, Passed: true, Failed: []string{"a.b.c"}},
			{
				Name: "third", Family: "token life", Description: "lives on", Effect: "none", Intended: "x.y.z", Verdict: report.Conformant,
				Failed: []string{}, Inconclusive: []string{"x.y.y"},
			},
		},
		Variants: []prove.Trial{
			{Name: "chunked", Family: "legal variants", Description: "sends pieces", Verdict: report.Conformant, Passed: true},
			{
				Name: "slow", Family: "legal variants", Description: "takes its time", Verdict: report.NonConformant, Failed: []string{"e.f.g"},
				Message: "expected a, seen \"<b>\"",
			},
		},
		Unproved: []string{"x.y.z"},
		ProvedBy: map[string][]string{"a.b.c": {"first", "second"}},
	}
}

func TestProofText(t *testing.T) {
	var b bytes.Buffer
	if err := proofText(&b, unfinished(), true); err != nil {
		t.Fatal(err)
	}
	want := `
STATUS CODES
first   killed  a.b.c  also a.b.d (2 following)
second  killed  a.b.c

TOKEN LIFE
third  SURVIVED  x.y.z

LEGAL VARIANTS
chunked  spared  conformant
slow     BLAMED  non-conformant  also e.f.g

SURVIVED third
  what it does: lives on
  seen: verdict conformant; failed: nothing; inconclusive: x.y.y

BLAMED slow
  what it does: takes its time
  seen: verdict non-conformant; failed: e.f.g; inconclusive: nothing
  expected a, seen "<b>"

Proved by no defect:
  x.y.z

2 of 3 defects killed, 1 of 2 variants spared, 1 of 2 requirements proved, 1.00 requirements blamed for a defect on average
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	b.Reset()
	if err := proofText(&b, unfinished(), false); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); strings.Contains(text, "Proved by no defect") || !strings.HasSuffix(text, "\n\n2 of 3 defects killed, 1 of 2 variants spared\n") {
		t.Errorf("a part of a proof:\n%s", text)
	}
}

func TestProofJUnit(t *testing.T) {
	var b bytes.Buffer
	if err := proofJUnit(&b, unfinished(), true, time.Time{}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Suites []junit.Suite `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	suite := func(name string, cases ...junit.Case) junit.Suite {
		s := junit.NewSuite(name, time.Time{})
		for _, c := range cases {
			s.Add(c, 0)
		}
		return s
	}
	failed := func(name, class, mark, text string) junit.Case {
		return junit.Case{Name: name, Classname: class, Failure: &junit.Note{Message: mark, Type: mark, Text: text}}
	}
	want := []junit.Suite{
		suite("status codes", junit.Case{Name: "first", Classname: "prove.status-codes"}, junit.Case{Name: "second", Classname: "prove.status-codes"}),
		suite("token life", failed("third", "prove.token-life", "SURVIVED", "lives on; failed: nothing; ")),
		suite("legal variants", junit.Case{Name: "chunked", Classname: "prove.legal-variants"},
			failed("slow", "prove.legal-variants", "BLAMED", `takes its time; failed: e.f.g; expected a, seen "<b>"`)),
		suite("requirements", junit.Case{Name: "a.b.c", Classname: "prove.requirements"},
			failed("x.y.z", "prove.requirements", "UNPROVED", "no defect made it fail")),
	}
	for i := range want {
		want[i].ID = i
	}
	if diff := cmp.Diff(want, got.Suites); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	b.Reset()
	if err := proofJUnit(&b, unfinished(), false, time.Time{}); err != nil || strings.Contains(b.String(), "requirements") {
		t.Errorf("a part of a proof: error %v\n%s", err, &b)
	}
}

func TestProofMarkdown(t *testing.T) {
	var b bytes.Buffer
	if err := proofMarkdown(&b, unfinished(), proof.Summary{Version: "v1.2.3", Date: "2026-12-31", Catalogue: "sha256:f1"}); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"## status codes", "| `first` | does <this> \\| that | clients & users wait | killed `a.b.c` | also a.b.d (2 following) |",
		"| `third` | lives on | none | SURVIVED `x.y.z` |  |", "| `slow` | takes its time | BLAMED |",
		"| `a.b.c` | first, second |", "| `x.y.z` | **none** |",
	} {
		if !strings.Contains(b.String(), "\n"+line+"\n") {
			t.Errorf("there is no line %s in\n%s", line, &b)
		}
	}
}
