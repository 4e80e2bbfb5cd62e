package suites

import (
	"context"
	"sync"

	"github.com/onsi/ginkgo/v2"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
)

// Specs is a run whose requirements are specs of a Ginkgo suite of somebody else's. See Describe.
type Specs struct {
	cfg    Config
	once   sync.Once
	result *Result
	err    error
}

// Describe enters the requirements that cfg selects, cfg.Own included, into the Ginkgo suite of the caller: a container for
// each section, and in it an It for each requirement, which judges the recorded evidence. Call it where containers are made:
// at the top level of a test file, or in the body of a container.
//
// The target is asked when the first of these specs runs, and once: the containers are Serial, so that the first process of
// "ginkgo -p" alone sends and judges. The accounts of the run are deleted before that spec ends. Flags of Ginkgo choose among
// the specs, not among the conversations, which cfg chooses. A mistake in cfg is a spec that fails.
func Describe(cfg Config) *Specs {
	s := &Specs{cfg: cfg.Tuned(engine.Tuning{Flagless: true})}
	s.cfg.Plain = true
	suite, err := Load()
	var checks []check.Check
	if err == nil {
		checks, err = engine.Select(suite, s.cfg)
	}
	if err != nil {
		ginkgo.It("is configured rightly", func() { ginkgo.Fail(err.Error()) })
		return s
	}
	check.Specs{Checks: checks, Strict: cfg.Strict, Verdict: s.verdict}.Enter(context.Background())
	return s
}

// Evidence is what a scenario recorded, for an It of the caller's. Its container has to be Serial too; elsewhere the spec
// fails.
func (s *Specs) Evidence(ctx context.Context, scenario string) *Evidence {
	return s.Result(ctx).Evidence(scenario)
}

// Result is what the run came to. It is the run itself if none of its specs ran before; if that fails, so does the spec.
func (s *Specs) Result(ctx context.Context) *Result {
	if ginkgo.GinkgoParallelProcess() > 1 {
		ginkgo.Fail("the run is that of the first process alone: give the container of this spec the decorator Serial")
	}
	s.once.Do(func() { s.result, s.err = Judge(ctx, s.cfg) })
	if s.err != nil || s.result == nil {
		ginkgo.Fail("judging the target: " + s.err.Error())
	}
	return s.result
}

// verdict judges a check by what the run recorded.
func (s *Specs) verdict(ctx context.Context, c check.Check) report.Result {
	result := s.Result(ctx)
	if result.Report.Stopped != "" {
		ginkgo.Fail("nothing was judged: " + result.Secrets.RedactString(result.Report.Stopped))
	}
	judged, err := result.Judge().Judge(context.WithoutCancel(ctx), c)
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	judged.Message = report.Printable(result.Secrets.Conceal(judged.Message))
	return judged
}
