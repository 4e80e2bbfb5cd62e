package junit_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/junit"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/spec"
)

func rendered(t *testing.T, r *report.Report) []byte {
	t.Helper()
	return sample.Render(t, r, func(b *bytes.Buffer) error { return junit.Render(b, r, report.Options{}) })
}

func TestJUnitGolden(t *testing.T) {
	got := rendered(t, sample.Report())
	sample.Golden(t, "junit.xml", got)
	if err := validJUnit(got); err != nil {
		t.Error(err)
	}
	for _, counts := range []string{`tests="5" failures="3" errors="1" skipped="0"`, `tests="1" failures="0" errors="0" skipped="1"`, `tests="3" failures="0" errors="1" skipped="0"`} {
		if !strings.Contains(string(got), counts) {
			t.Errorf("no testsuite has %s", counts)
		}
	}
	if page := spec.Page("create.status.created"); page == "" || !strings.Contains(string(got), page) {
		t.Errorf("a failure does not name %q", page)
	}
}

func TestJUnitWarningsAreFailuresWhenStrict(t *testing.T) {
	warning := "<failure message=\"Cache-Control is missing"
	if got := string(rendered(t, sample.Report())); strings.Contains(got, warning) || !strings.Contains(got, "warning: Cache-Control is missing") {
		t.Error("a warning is a failure, or is not shown")
	}
	r := sample.Report()
	r.Configuration.Strict = true
	got := rendered(t, r)
	if err := validJUnit(got); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(got), warning) {
		t.Error("with strict a failed SHOULD is no failure")
	}
}

func TestJUnitOfNothing(t *testing.T) {
	if err := validJUnit(rendered(t, &report.Report{})); err != nil {
		t.Error(err)
	}
}

func TestJUnitStandsAnyBytes(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for _, text := range []string{sample.Hostile, string(every), "]]>", "]]]]>>", "\ufffe\uffff", "&<>\"'"} {
		r := sample.Report()
		r.Target.URL, r.RunID = text, text
		for i := range r.Results {
			x := &r.Results[i]
			x.ID, x.Section, x.Message, x.Statement, x.Seen = text, text, text, text, text
		}
		if err := validJUnit(rendered(t, r)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestJUnitSchemaRefuses(t *testing.T) {
	good := string(rendered(t, sample.Report()))
	for name, change := range map[string][2]string{
		"an unknown element":   {"<system-out>", "<output></output><system-out>"},
		"an unknown attribute": {"<testcase name", "<testcase id=\"1\" name"},
		"a missing attribute":  {" classname=", " class="},
		"a wrong count":        {`tests="5"`, `tests="8"`},
		"a wrong suite count":  {`skipped="1"`, `skipped="0"`},
		"no hostname":          {` hostname="localhost"`, ""},
		"no package":           {` package="conformance"`, ""},
		"no output":            {"<system-err></system-err>", ""},
		"counts of the whole":  {"<testsuites>", `<testsuites tests="9">`},
		"a reason beside text": {"<skipped>", `<skipped message="not tested">`},
		"output of a testcase": {"</testcase>", "<system-out></system-out></testcase>"},
		"a number in words":    {`time="0.001"`, `time="long"`},
		"a time with a zone":   {`timestamp="2025-03-01T12:00:00"`, `timestamp="2025-03-01 12:00Z"`},
		"late properties":      {"</testsuite>", "<properties></properties></testsuite>"},
		"two outcomes":         {"<error ", "<skipped></skipped><error "},
		"text between":         {"<testcase ", "words<testcase "},
		"a control character":  {"<system-out><![CDATA[", "<system-out><![CDATA[\x1b"},
		"no end":               {"</testsuites>", ""},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Errorf("%s: nothing was changed", name)
		}
		if err := validJUnit([]byte(bad)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestJUnitOfTheGate(t *testing.T) {
	got := rendered(t, sample.Decided())
	if err := validJUnit(got); err != nil {
		t.Error(err)
	}
	if text := string(got); !strings.Contains(text, `<skipped><![CDATA[fail (waived by platform until 2027-06-30)`) || !strings.Contains(text, `failures="1"`) {
		t.Errorf("a waived failure is a failure to JUnit: %s", text)
	}
}
