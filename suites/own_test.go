package suites_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/formats"
	"github.com/sa-conformance/conformance/suites"
	"github.com/sa-conformance/conformance/suites/matcher"
)

const acme = `
- id: acme.names.short
  level: MUST
  statement: The name of an account that was created has at most 100 characters.
  citation: Acme handbook, section 3
- id: acme.server.named
  level: SHOULD
  statement: Every response names the server.
  citation: Acme handbook, section 9
  follows: [acme.names.short]
`

// acmeSection looks at an account that it creates.
func acmeSection(s *suites.Suite) {
	s.Section("Acme's handbook", suites.Scenario{Name: "acme.create", Run: func(ctx context.Context, s *suites.Session) {
		s.Create(ctx, "create", []byte(`{"metadata":{"name":"`+s.Name("acme")+`"},"spec":{"groupIDs":[]}}`))
	}}, func() {
		s.Must("acme.names.short", func(ev *suites.Evidence) {
			suites.Expect(ev.At("create")).To(matcher.HaveStatus(http.StatusCreated))
			suites.Expect(len(ev.At("create").Text("/metadata/name"))).To(gomega.BeNumerically("<=", 100))
		})
		s.Should("acme.server.named", func(ev *suites.Evidence) {
			suites.Expect(ev.At("create")).To(matcher.HaveHeader("X-Server"))
		})
	})
}

func ownOf(own ...suites.Own) suites.Config {
	return suites.Config{Reference: true, Plain: true, Once: true, Focus: `^(Creating a|Acme)`, AcceptIncomplete: true, Own: own}
}

// What a team checks is shown as theirs, decides the gate, and leaves the verdict on the target alone.
func TestOwn(t *testing.T) {
	t.Parallel()
	own := suites.Own{Name: "acme", Requirements: []byte(acme), Sections: []func(*suites.Suite){acmeSection}}
	result, err := suites.Judge(t.Context(), ownOf(own))
	if err != nil {
		t.Fatal(err)
	}
	r := result.Report
	found := map[string]report.Outcome{}
	for _, x := range r.Results {
		if x.Owner != "" {
			found[x.Owner+" "+x.ID+" "+string(x.Profile)] = x.Outcome
		}
	}
	want := map[string]report.Outcome{"acme acme.names.short acme": report.Pass, "acme acme.server.named acme": report.Fail}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	last := r.Profiles[len(r.Profiles)-1]
	if last.Name != "acme" || !last.Own || last.Passed != 1 || last.Warnings != 1 || r.Verdict == report.NonConformant || r.Gate.Status != report.GatePassed {
		t.Errorf("profile %+v, verdict %s, gate %+v", last, r.Verdict, r.Gate)
	}
	for _, name := range []string{"html", "junit", "markdown"} {
		format, _ := formats.Find(name)
		var b strings.Builder
		if err := format.Render(&b, r, report.Options{}); err != nil || !strings.Contains(b.String(), "acme.server.named") {
			t.Errorf("a format lacks the own requirement: %v", err)
		}
	}
	var recording bytes.Buffer
	if err := result.WriteRecording(&recording); err != nil {
		t.Fatal(err)
	}
	for _, judged := range []struct {
		own  []suites.Own
		want int
	}{{nil, 0}, {[]suites.Own{own}, 2}} {
		again, err := suites.Rejudge(t.Context(), bytes.NewReader(recording.Bytes()), suites.RejudgeConfig{Own: judged.own})
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, x := range again.Report.Results {
			if x.Owner != "" {
				count++
				if x.Outcome != found["acme "+x.ID+" acme"] {
					t.Errorf("%s is %s when it is judged again", x.ID, x.Outcome)
				}
			}
		}
		if count != judged.want || again.Report.Verdict != r.Verdict {
			t.Errorf("%d own results, verdict %s", count, again.Report.Verdict)
		}
	}
}

// A broken own MUST shuts the gate, and the verdict on the target stays.
func TestOwnFailure(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	own := suites.Own{Name: "acme", Requirements: []byte(strings.ReplaceAll(acme, "SHOULD", "MUST")), Sections: []func(*suites.Suite){func(s *suites.Suite) {
		s.Section("Acme's handbook", suites.Scenario{Name: "acme.list", Run: func(ctx context.Context, s *suites.Session) { s.List(ctx, "list") }}, func() {
			s.Must("acme.names.short", func(ev *suites.Evidence) { suites.Expect(ev.At("list")).To(matcher.HaveStatus(http.StatusOK)) })
			s.Must("acme.server.named", func(ev *suites.Evidence) { suites.Expect(ev.At("list")).To(matcher.HaveHeader("X-Server")) })
		})
	}}}
	result, err := suites.Judge(t.Context(), ownOf(own))
	if err != nil {
		t.Fatal(err)
	}
	if r := result.Report; r.Verdict == report.NonConformant || r.Gate.Status != report.GateFailed || r.Gate.Failures != 1 {
		t.Errorf("verdict %s, gate %+v", r.Verdict, r.Gate)
	}
}

// A mistake in own requirements or sections is one line that says what is wrong, before anything is sent.
func TestOwnMistakes(t *testing.T) {
	t.Parallel()
	none := func(*suites.Suite) {}
	for name, test := range map[string]struct {
		own  []suites.Own
		want string
	}{
		"a name of ours":        {[]suites.Own{{Name: "create", Requirements: []byte(acme)}}, `"create" of own requirements is one of the suite's`},
		"a name with a dot":     {[]suites.Own{{Name: "a.b", Requirements: []byte(acme)}}, "is not made of lower-case letters"},
		"twice":                 {[]suites.Own{{Name: "acme", Requirements: []byte(acme), Sections: []func(*suites.Suite){acmeSection}}, {Name: "acme", Requirements: []byte(acme)}}, `names "acme" twice`},
		"another prefix":        {[]suites.Own{{Name: "other", Requirements: []byte(acme)}}, "the id does not begin with other."},
		"no check":              {[]suites.Own{{Name: "acme", Requirements: []byte(acme), Sections: []func(*suites.Suite){none}}}, "requirement acme.names.short has no check"},
		"no YAML":               {[]suites.Own{{Name: "acme", Requirements: []byte("{")}}, "Config.Own: own requirements acme"},
		"no requirement":        {[]suites.Own{{Name: "acme"}}, "it is empty"},
		"a scenario of no name": {[]suites.Own{{Name: "acme", Requirements: []byte(acme), Sections: []func(*suites.Suite){func(s *suites.Suite) { s.Section("x", suites.Scenario{Name: "create.minimal"}, func() {}) }}}}, "does not begin with acme and a period"},
	} {
		_, err := suites.Judge(t.Context(), ownOf(test.own...))
		var mistake *suites.ConfigError
		if !errors.As(err, &mistake) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
