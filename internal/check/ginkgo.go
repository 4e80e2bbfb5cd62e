package check

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Title is the description of the suite in what Ginkgo writes.
const Title = "Create service account"

// taken is locked by the first run that goes to Ginkgo, and stays so: a process can have one.
var taken sync.Mutex

// ErrNoGinkgo says that Ginkgo cannot run here: it did already, or is running now. Nothing of the run was begun.
var ErrNoGinkgo = errors.New("a process has one run of Ginkgo, which was used")

// Specs are checks to be judged as the specs of a Ginkgo suite.
type Specs struct {
	Checks []Check
	// Strict makes a failed SHOULD a failed spec.
	Strict bool
	// Output receives what Ginkgo writes.
	Output io.Writer
	// Begin is called once Ginkgo has accepted the specs, in the first of parallel processes only. Its error ends the suite.
	Begin func() error
	// Verdict judges a check by its recorded evidence. It is called in the body of the spec, which it waits in.
	Verdict func(context.Context, Check) report.Result
}

// InSpec reports whether a spec or another node of somebody's Ginkgo suite is running.
func InSpec() bool { return CurrentSpecReport().LeafNodeType != types.NodeTypeInvalid }

// Ginkgo judges the specs. Nobody else's specs are run: if the process has some, the error says so. Ginkgo ends the process
// when it is used wrongly; here that is an error, before anything is begun.
func Ginkgo(ctx context.Context, t GinkgoTestingT, s Specs) (err error) {
	if !taken.TryLock() { // asked first: the run that has the lock changes the flags
		return ErrNoGinkgo
	}
	if InSpec() || repeated() {
		taken.Unlock()
		return ErrNoGinkgo
	}
	var accepted atomic.Bool
	stdout, stderr := formatter.ColorableStdOut, formatter.ColorableStdErr
	formatter.ColorableStdOut, formatter.ColorableStdErr = s.Output, &lastWords{w: stderr, accepted: &accepted}
	defer func() {
		formatter.ColorableStdOut, formatter.ColorableStdErr = stdout, stderr
		switch cause := recover().(type) {
		case nil:
		case exiting:
			err = cause.reason()
		default:
			err = errors.Join(err, fmt.Errorf("running Ginkgo: %v", cause))
		}
	}()
	over := make(chan struct{})
	ReportBeforeSuite(func(r Report) {
		defer close(over)
		accepted.Store(true)
		if stats := r.PreRunStats; stats.TotalSpecs != len(s.Checks) || stats.SpecsThatWillRun != len(s.Checks) {
			err = fmt.Errorf("Ginkgo would run %d of %d specs in the place of the suite's %d, and nothing was sent: the test binary has specs of its own; "+
				"judge without Ginkgo (Config.Plain), or in a package of its own", stats.SpecsThatWillRun, stats.TotalSpecs, len(s.Checks))
		} else if s.Begin != nil {
			err = s.Begin()
		}
		if err != nil {
			Fail(err.Error())
		}
	})
	s.Enter(ctx)
	suite, reporter := GinkgoConfiguration()
	timeout := suite.Timeout
	suite.Timeout = 0 // ctx has it
	RunSpecs(t, Title, suite, reporter)
	if accepted.Load() {
		<-over // when it is interrupted, Ginkgo does not wait for what is under way
	}
	return errors.Join(err, flag.Set(prefix+"timeout", timeout.String())) // RunSpecs keeps what it is given
}

// repeated reports whether the test was asked for in a way that Ginkgo does not support: several times, or with a limit of
// parallel tests.
func repeated() bool {
	given := false
	flag.Visit(func(f *flag.Flag) {
		given = given || f.Name == "test.parallel" || f.Name == "test.count" && f.Value.String() != "1"
	})
	return given
}

// exiting is what Ginkgo says before it ends the process.
type exiting string

func (e exiting) reason() error {
	text := strings.Join(strings.Fields(string(e)), " ")
	if strings.Contains(text, "Rerunning Suite") || strings.Contains(text, "issue with your spec structure") { // inside another
		return ErrNoGinkgo
	}
	return fmt.Errorf("Ginkgo refuses to run, and nothing was sent: %s", text)
}

// lastWords is Ginkgo's standard error. Before Ginkgo has accepted the specs it writes there only to end the process
// afterwards: a panic takes its place.
type lastWords struct {
	w        io.Writer
	accepted *atomic.Bool
}

func (l *lastWords) Write(p []byte) (int, error) {
	if l.accepted.Load() || strings.Contains(string(p), "configuration issues") { // a heading; what it is about follows
		return l.w.Write(p)
	}
	panic(exiting(p))
}

// Enter enters one spec for each check into Ginkgo's tree, in containers named for the sections. They are serial: of parallel
// processes one judges, and it is the one that sends.
func (s Specs) Enter(ctx context.Context) {
	for start := 0; start < len(s.Checks); {
		end := start
		for end < len(s.Checks) && s.Checks[end].Section == s.Checks[start].Section {
			end++
		}
		checks := s.Checks[start:end]
		Describe(checks[0].Section, Serial, func() { s.enter(ctx, checks) })
		start = end
	}
}

func (s Specs) enter(ctx context.Context, checks []Check) {
	for _, c := range checks {
		It(specText(c), Label(c.Labels()...), func(running SpecContext) {
			merged, cancel := context.WithCancel(running)
			defer cancel()
			defer context.AfterFunc(ctx, cancel)()
			result := s.Verdict(merged, c)
			AddReportEntry("verdict", string(result.Outcome), ReportEntryVisibilityNever)
			conclude(result, s.Strict)
		})
	}
}

func specText(c Check) string { return c.Requirement.ID + ": " + c.Requirement.Statement }

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
