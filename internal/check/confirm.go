package check

import (
	"context"
	"fmt"
	"slices"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
)

// attempts is how often a probe is run for a check that fails, the first time included.
const attempts = 3

// confirm looks at a failure again, on fresh evidence. A failure that repeats is one; where the check then holds, one
// more attempt is made and the outcome is unstable. Evidence of everything is not gathered twice, and an attempt without
// a verdict says nothing.
func (j *Judge) confirm(ctx context.Context, c Check, first report.Result) report.Result {
	if j.Again == nil || c.Probe == probe.Everything {
		return first
	}
	result, failed, judged := first, 1, 1
	for attempt := 2; attempt <= attempts && ctx.Err() == nil; attempt++ {
		future := j.Again(c.Probe, attempt)
		if future == nil { // of a recording, which holds no further attempt
			break
		}
		exchanges, reason, err := future.Wait(ctx)
		if err != nil {
			break
		}
		again, broken := j.look(c, exchanges, reason)
		if broken != nil || again.Outcome == report.Inconclusive {
			break
		}
		judged++
		result.Evidence = slices.Concat(again.Evidence, result.Evidence) // what failed first shows it best, and stands last
		if again.Outcome == report.Fail {
			failed++
		}
		if failed == judged {
			return first // it repeats
		}
	}
	if failed == judged {
		return first
	}
	result.Outcome = report.Unstable
	result.Message = fmt.Sprintf("unstable, %d of %d failed: %s", failed, judged, first.Message)
	return result
}
