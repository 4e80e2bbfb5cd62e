package check

import (
	"context"
	"io"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Verdicts gathers results as checks come to them. It is safe for concurrent use.
type Verdicts struct {
	mu      sync.Mutex
	results map[string]report.Result
	broken  error
}

// NewVerdicts makes an empty collection.
func NewVerdicts() *Verdicts { return &Verdicts{results: map[string]report.Result{}} }

// Put enters a verdict; broken is the fault of a check, nil where there was none.
func (v *Verdicts) Put(r report.Result, broken error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.results[r.ID] = r
	if v.broken == nil {
		v.broken = broken
	}
}

// Find returns the verdict on a requirement.
func (v *Verdicts) Find(id string) (report.Result, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, ok := v.results[id]
	return r, ok
}

// Broken is the first fault of a check, nil where there was none.
func (v *Verdicts) Broken() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.broken
}

// Ginkgo judges the checks as the specs of a Ginkgo suite, which a process can run only once. Ginkgo's own output goes to
// the given writer; nil discards it.
func Ginkgo(ctx context.Context, t GinkgoTestingT, title string, checks []Check, output io.Writer, strict bool, judge func(context.Context, Check) report.Result) {
	Tree(ctx, title, checks, strict, judge)
	suite, reporter := GinkgoConfiguration()
	suite.FailOnEmpty, suite.RandomizeAllSpecs, suite.FlakeAttempts = true, false, 0
	suite.FocusStrings, suite.SkipStrings, suite.LabelFilter = nil, nil, ""
	if output == nil {
		output = io.Discard
	}
	defer redirect(output)()
	RunSpecs(t, title, suite, reporter)
}

// Tree enters one spec for each check into Ginkgo's tree, in containers named for the sections. One container holds them
// all, since Ginkgo shuffles those at the top: in the order given, no spec waits for its verdict before it has to.
func Tree(ctx context.Context, title string, checks []Check, strict bool, judge func(context.Context, Check) report.Result) {
	Describe(title, Ordered, ContinueOnFailure, func() {
		for start := 0; start < len(checks); {
			end := start
			for end < len(checks) && checks[end].Section == checks[start].Section {
				end++
			}
			Describe(checks[start].Section, func() { specs(ctx, checks[start:end], strict, judge) })
			start = end
		}
	})
}

func specs(ctx context.Context, checks []Check, strict bool, judge func(context.Context, Check) report.Result) {
	for _, c := range checks {
		It(c.Requirement.ID+": "+c.Requirement.Statement, Label(c.Labels()...), func(running SpecContext) {
			merged, cancel := context.WithCancel(running)
			defer cancel()
			defer context.AfterFunc(ctx, cancel)()
			result := judge(merged, c)
			AddReportEntry("verdict", string(result.Outcome), ReportEntryVisibilityNever)
			conclude(result, strict)
		})
	}
}

// conclude ends a spec by its verdict. Missing evidence fails the spec: a skip would look like a pass. A SHOULD that is
// not kept is a warning, unless the run is strict.
func conclude(r report.Result, strict bool) {
	switch {
	case r.Level == spec.Should && !strict:
		if r.Outcome != report.Pass {
			AddReportEntry("warning", r.ID+": "+r.Message)
		}
	case r.Outcome == report.Inconclusive:
		Fail("inconclusive: "+r.Message, 1)
	case r.Outcome == report.Fail:
		Fail(string(r.Level)+" "+r.ID+": "+r.Message, 1)
	}
}

// redirect sends what Ginkgo's reporter prints to another writer, until the returned function is called.
func redirect(w io.Writer) func() {
	before := formatter.ColorableStdOut
	formatter.ColorableStdOut = w
	return func() { formatter.ColorableStdOut = before }
}

// Filters reads the filters that a Go user gave to go test as flags of Ginkgo: focus and label filter, "" for none.
func Filters() (focus, labels string) {
	suite, _ := GinkgoConfiguration()
	return join(suite), suite.LabelFilter
}

func join(suite types.SuiteConfig) string {
	focus := ""
	for i, expression := range suite.FocusStrings {
		if i > 0 {
			focus += "|"
		}
		focus += expression
	}
	return focus
}
