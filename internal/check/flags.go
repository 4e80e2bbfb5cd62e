package check

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// Flags are what the command line of a test binary says to Ginkgo.
type Flags struct {
	// Given are the names of the flags that were given, without "ginkgo.".
	Given []string
	// DryRun sends nothing. FailFast ends the run at the first failure. Timeout bounds it; 0 if it was not given.
	DryRun, FailFast bool
	Timeout          time.Duration
	// Process of Processes is this one; only the first sends.
	Process, Processes int

	focus, skip *regexp.Regexp // nil for none
	label       types.LabelFilter
}

// effect is what becomes of a flag.
type effect int

const (
	refused effect = iota // nothing is sent
	applied               // with Ginkgo and without
	shown                 // about Ginkgo's own output and order: has no meaning without Ginkgo
	written               // a report of Ginkgo's: cannot be had without Ginkgo
)

// effects says for each flag of Ginkgo what becomes of it. A flag that is not here is refused.
func effects() map[string]effect {
	return map[string]effect{
		"focus": applied, "skip": applied, "label-filter": applied,
		"dry-run": applied, "fail-fast": applied, "timeout": applied,
		"fail-on-pending": applied, "fail-on-empty": applied, // there are no pending specs, and a run without specs is refused
		"parallel.process": applied, "parallel.total": applied, "parallel.host": applied,

		"seed": shown, "randomize-all": shown,
		"poll-progress-after": shown, "poll-progress-interval": shown, "source-root": shown, "grace-period": shown,
		"output-interceptor-mode": shown,
		"no-color":                shown, "v": shown, "vv": shown, "succinct": shown, "trace": shown, "show-node-events": shown,
		"github-output": shown, "silence-skips": shown, "force-newlines": shown, "fd": shown,

		"json-report": written, "gojson-report": written, "junit-report": written, "teamcity-report": written,
	}
}

// refusals say why a flag is refused, if there is more to say than that it has no effect here.
func refusals() map[string]string {
	return map[string]string{
		"flake-attempts": "a failure is confirmed on fresh evidence by itself",
		"focus-file":     "requirements are chosen by focus, skip and label-filter",
		"skip-file":      "requirements are chosen by focus, skip and label-filter",
	}
}

const prefix = "ginkgo."

// GinkgoFlags are the flags of Ginkgo that were given to this process. An error names one that would have no effect, or that cannot
// be understood. It is safe for concurrent use.
func GinkgoFlags() (Flags, error) { return onCommandLine() }

// onCommandLine reads the flags once, before a run of Ginkgo, which changes the variables behind them while others may read.
var onCommandLine = sync.OnceValues(readFlags)

func readFlags() (Flags, error) {
	suite, _ := GinkgoConfiguration()
	f := Flags{Process: suite.ParallelProcess, Processes: suite.ParallelTotal}
	if withheld(os.Args) {
		return f, ErrWithheld
	}
	flag.Visit(func(given *flag.Flag) {
		if name, ok := strings.CutPrefix(given.Name, prefix); ok {
			f.Given = append(f.Given, current(name))
		}
	})
	for _, name := range f.Given {
		if name == "flake-attempts" && suite.FlakeAttempts <= 1 {
			continue // one attempt is what there is
		}
		if effects()[name] == refused {
			why := refusals()[name]
			if why == "" {
				why = "it would have no effect"
			}
			return f, fmt.Errorf("the flag --%s%s cannot be honoured, and nothing was sent: %s; leave it out", prefix, name, why)
		}
	}
	f.DryRun, f.FailFast = suite.DryRun, suite.FailFast
	if slices.Contains(f.Given, "timeout") {
		f.Timeout = suite.Timeout
	}
	var err error
	if f.focus, err = expression("focus", suite.FocusStrings); err != nil {
		return f, err
	}
	if f.skip, err = expression("skip", suite.SkipStrings); err != nil {
		return f, err
	}
	if f.label, err = types.ParseLabelFilter(suite.LabelFilter); err != nil {
		return f, fmt.Errorf("the label filter %q of --%slabel-filter does not parse; an example that does: core && MUST", suite.LabelFilter, prefix)
	}
	return f, nil
}

// current is the name that a flag has today.
func current(name string) string {
	for _, f := range slices.Concat(types.SuiteConfigFlags, types.ParallelConfigFlags, types.ReporterConfigFlags) {
		if f.DeprecatedName == name && f.Name != "" {
			return f.Name
		}
	}
	return name
}

// expression is what Ginkgo makes of several expressions; nil for none.
func expression(name string, all []string) (*regexp.Regexp, error) {
	if len(all) == 0 {
		return nil, nil
	}
	compiled, err := regexp.Compile(strings.Join(all, "|"))
	if err != nil {
		return nil, fmt.Errorf("--%s%s is not a regular expression (RE2 syntax)", prefix, name)
	}
	return compiled, nil
}

// Chooses says of a check whether the flags choose it, as Ginkgo does.
func (f Flags) Chooses(c Check) bool {
	text := Title + " " + c.Section + " " + specText(c)
	return (f.focus == nil || f.focus.MatchString(text)) && (f.skip == nil || !f.skip.MatchString(text)) &&
		(f.label == nil || f.label(c.Labels()))
}

// Choose reports whether the flags may leave something out.
func (f Flags) Choose() bool {
	return f.focus != nil || f.skip != nil || slices.Contains(f.Given, "label-filter")
}

// Without says what is lost if Ginkgo cannot run: the flags about its output, which are of no account then, and those that
// ask for a report of it.
func (f Flags) Without() (lost, reports []string) {
	for _, name := range f.Given {
		switch effects()[name] {
		case shown:
			lost = append(lost, "--"+prefix+name)
		case written:
			reports = append(reports, "--"+prefix+name)
		}
	}
	return lost, reports
}
