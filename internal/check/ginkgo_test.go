package check

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/match"
	"github.com/sa-conformance/conformance/internal/report"
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
				expect.Expect(id).To(match.BeExactly("otherwise"))
			case report.Inconclusive:
				ev.At("rotate")
			}
		}
	}
	j, o := judge(""), &outcome{}
	Ginkgo(t.Context(), o, "Title of the suite", checks, output, strict, func(ctx context.Context, c Check) report.Result {
		result, err := j.Judge(ctx, c)
		if err != nil {
			t.Error(err)
		}
		o.judged = append(o.judged, c.Requirement.ID)
		return result
	})
	return o
}

var ginkgoRan atomic.Bool

// A process can run Ginkgo once. The first of these runs is in this process; the others are in processes of their own.
func TestGinkgo(t *testing.T) {
	runs := map[string]struct {
		strict   bool
		outcomes map[string]report.Outcome
		failed   bool
		holds    []string
	}{
		"warning": {
			outcomes: map[string]report.Outcome{"list.order.stable": report.Fail},
			holds:    []string{"Title of the suite", "5 Passed", "0 Failed"},
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
	if !ginkgoRan.Swap(true) {
		if o := runGinkgo(t, nil, false, runs["warning"].outcomes); o.failed || len(o.judged) != 5 {
			t.Errorf("Ginkgo failed: %t; judged %q", o.failed, o.judged)
		}
	}
	for name := range runs {
		t.Run(name, func(t *testing.T) { t.Parallel(); inItsOwnProcess(t, name) })
	}
}

func inItsOwnProcess(t *testing.T, name string) {
	// As from a user's shell, Ginkgo's own filters and random order are set; they must not matter.
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestGinkgo$", "-test.count=1", "-ginkgo.focus=nothing",
		"-ginkgo.label-filter=nothing", "-ginkgo.flake-attempts=3", "-ginkgo.randomize-all")
	command.Env = append(os.Environ(), "CHECK_GINKGO_CHILD="+name)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, output)
	}
	if strings.Contains(string(output), "Ran 5 of 5") {
		t.Errorf("%s: Ginkgo writes elsewhere too:\n%s", name, output)
	}
}

func TestFilters(t *testing.T) {
	if focus, labels := Filters(); focus != "" || labels != "" {
		t.Errorf("without flags: %q, %q", focus, labels)
	}
	for want, expressions := range map[string][]string{"": nil, "a": {"a"}, "a|b c": {"a", "b c"}} {
		if got := join(types.SuiteConfig{FocusStrings: expressions}); got != want {
			t.Errorf("%q becomes %q", expressions, got)
		}
	}
}
