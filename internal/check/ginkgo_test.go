package check

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// outcome is what a Ginkgo run comes to.
type outcome struct {
	failed bool
	judged []string
}

func (o *outcome) Fail() { o.failed = true }

// runGinkgo judges checks of every outcome: the MUSTs by the texts given, the SHOULD by its own.
func runGinkgo(t *testing.T, output io.Writer, strict bool, outcomes map[string]report.Outcome) *outcome {
	t.Helper()
	checks := goodSuite(t).Checks()
	for i := range checks {
		id := checks[i].Requirement.ID
		checks[i].Probe = "p"
		checks[i].Assert = func(ev *exchange.Evidence) {
			switch outcomes[id] {
			case report.Fail:
				expect.Expect(id).To(matcher.BeExactly("otherwise"))
			case report.Inconclusive:
				ev.At("rotate")
			}
		}
	}
	j, o := judge(""), &outcome{}
	begun := 0
	err := Ginkgo(t.Context(), o, Specs{Checks: checks, Strict: strict, Output: output, Begin: func() error { begun++; return nil }, Verdict: func(ctx context.Context, c Check) report.Result {
		result, err := j.Judge(ctx, c)
		if err != nil {
			t.Error(err)
		}
		o.judged = append(o.judged, c.Requirement.ID)
		return result
	}})
	if err != nil || begun != 1 {
		t.Errorf("error %v, begun %d times", err, begun)
	}
	return o
}

// A process can run Ginkgo once, so that each of these runs has its own.
func TestGinkgo(t *testing.T) {
	runs := map[string]struct {
		strict   bool
		outcomes map[string]report.Outcome
		failed   bool
		holds    []string
	}{
		"warning": {
			outcomes: map[string]report.Outcome{"list.order.stable": report.Fail},
			holds:    []string{Title, "5 Passed", "0 Failed"},
		},
		"unsure warning": {
			outcomes: map[string]report.Outcome{"list.order.stable": report.Inconclusive},
			holds:    []string{"5 Passed", "0 Failed"},
		},
		"strict": {
			strict: true, outcomes: map[string]report.Outcome{"list.order.stable": report.Fail}, failed: true,
			holds: []string{`SHOULD list.order.stable: expected "otherwise", seen "list.order.stable"`, "4 Passed", "1 Failed"},
		},
		"failure": {
			outcomes: map[string]report.Outcome{"create.status.created": report.Fail}, failed: true,
			holds: []string{"MUST create.status.created: expected", "4 Passed", "1 Failed"},
		},
		"inconclusive": {
			outcomes: map[string]report.Outcome{"create.status.created": report.Inconclusive}, failed: true,
			holds: []string{`inconclusive: the step "rotate" was never sent`, "4 Passed", "1 Failed"},
		},
		"good": {holds: []string{"5 Passed", "0 Failed", "0 Skipped"}},
	}
	if child := os.Getenv("CHECK_GINKGO_CHILD"); child != "" {
		run := runs[child]
		var output bytes.Buffer
		o := runGinkgo(t, &output, run.strict, run.outcomes)
		if o.failed != run.failed {
			t.Errorf("Ginkgo failed: %t", o.failed)
		}
		slices.Sort(o.judged)
		if diff := cmp.Diff([]string{"create.status.created", "create.token.fresh", "groups.sent.echoed", "list.order.stable", "other.door.closed"}, o.judged); diff != "" {
			t.Errorf("judged: -want +got:\n%s", diff)
		}
		for _, text := range run.holds {
			if !strings.Contains(output.String(), text) {
				t.Errorf("Ginkgo does not say %q:\n%s", text, &output)
			}
		}
		return
	}
	for name := range runs {
		t.Run(name, func(t *testing.T) { t.Parallel(); inItsOwnProcess(t, name) })
	}
}

func inItsOwnProcess(t *testing.T, name string) {
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestGinkgo$", "-ginkgo.randomize-all")
	command.Env = append(os.Environ(), "CHECK_GINKGO_CHILD="+name)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, output)
	}
	if strings.Contains(string(output), "Ran 5 of 5") {
		t.Errorf("%s: Ginkgo writes elsewhere too:\n%s", name, output)
	}
}
