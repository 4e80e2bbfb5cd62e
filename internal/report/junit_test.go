package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
)

func junit(t *testing.T, r *report.Report) []byte {
	t.Helper()
	return render(t, r, func(b *bytes.Buffer) error { return report.JUnit(b, r) })
}

func TestJUnitGolden(t *testing.T) {
	got := junit(t, sample())
	checkGolden(t, "junit.xml", got)
	if err := validJUnit(got); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(got), `tests="9" failures="3" errors="2"`) {
		t.Errorf("the counts are wrong: %.200s", got)
	}
}

func TestJUnitWarningsAreFailuresWhenStrict(t *testing.T) {
	warning := "<failure message=\"Cache-Control is missing"
	if got := string(junit(t, sample())); strings.Contains(got, warning) || !strings.Contains(got, "warning: Cache-Control is missing") {
		t.Error("a warning is a failure, or is not shown")
	}
	r := sample()
	r.Configuration.Strict = true
	got := junit(t, r)
	if err := validJUnit(got); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(got), warning) {
		t.Error("with strict a failed SHOULD is no failure")
	}
}

func TestJUnitOfNothing(t *testing.T) {
	if err := validJUnit(junit(t, &report.Report{})); err != nil {
		t.Error(err)
	}
}

func TestJUnitStandsAnyBytes(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for _, text := range []string{hostile, string(every), "]]>", "]]]]>>", "\ufffe\uffff", "&<>\"'"} {
		r := sample()
		r.Target.URL, r.RunID = text, text
		for i := range r.Results {
			x := &r.Results[i]
			x.ID, x.Section, x.Message, x.Statement, x.Seen = text, text, text, text, text
		}
		if err := validJUnit(junit(t, r)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestJUnitSchemaRefuses(t *testing.T) {
	good := string(junit(t, sample()))
	for name, change := range map[string][2]string{
		"an unknown element":   {"<system-out>", "<output></output><system-out>"},
		"an unknown attribute": {"<testcase name", "<testcase id=\"1\" name"},
		"a missing attribute":  {" classname=", " class="},
		"a wrong count":        {`tests="9"`, `tests="8"`},
		"a wrong suite count":  {`skipped="1"`, `skipped="0"`},
		"a number in words":    {`time="1.500"`, `time="long"`},
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
