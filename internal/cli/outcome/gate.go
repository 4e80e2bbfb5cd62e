package outcome

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/config"
	"github.com/sa-conformance/conformance/internal/report"
)

// Door is what the gate of a run is decided by, read before anything is sent.
type Door struct {
	Waivers          []report.Waiver
	baseline         *baseline // nil for none
	acceptIncomplete bool
	// recorded is set if the run is judged from its recording.
	recorded bool
}

func OpenDoor(ctx context.Context, a *app.App, f *settings.RunFlags, recorded bool) (d Door, err error) {
	d.acceptIncomplete, d.recorded = f.AcceptIncomplete, recorded
	if d.Waivers, err = Waivers(a, f.Waivers); err != nil || f.Baseline == "" {
		return d, err
	}
	d.baseline, err = LoadBaseline(ctx, a, f.Baseline, "")
	return d, err
}

// Decide sets the gate of a report. Waivers expire by today's date, also for a run of long ago.
func (d Door) Decide(r *report.Report) {
	p := report.Policy{Waivers: d.Waivers, Today: time.Now(), AcceptIncomplete: d.acceptIncomplete}
	if d.baseline != nil {
		p.Baseline = "run " + report.Printable(d.baseline.report.RunID)
		p.Regressions = d.baseline.Compare(r, d.recorded).Regressions()
	}
	report.Decide(r, p)
}

// Waivers reads a file of waivers, and finds those for requirements that do not exist.
func Waivers(a *app.App, path string) ([]report.Waiver, error) {
	if path == "" {
		return nil, nil
	}
	data, err := a.ReadLimited("waivers", path)
	if err != nil {
		return nil, err
	}
	entries, err := config.ParseWaivers(data)
	var fault *config.Error
	switch {
	case errors.As(err, &fault):
		return nil, app.Wrong("%s:%d: %s", path, fault.Line, fault.Text)
	case err != nil:
		return nil, app.Wrong("%s: %v", path, err)
	}
	_, c, err := app.Catalogue()
	if err != nil {
		return nil, err
	}
	var all []report.Waiver
	for _, e := range entries {
		if _, ok := c.Find(e.Requirement); !ok {
			return nil, app.Wrong("%s:%d: stale: there is no requirement %s; near it: %s", path, e.Line, app.Shown(e.Requirement),
				strings.Join(app.Nearest(e.Requirement[:min(len(e.Requirement), 100)], app.Identifiers(c)), ", "))
		}
		all = append(all, report.Waiver{
			Requirement: e.Requirement, Message: e.Message, Reason: e.Reason, Owner: e.Owner, Ticket: e.Ticket,
			Expires: e.Expires.Format(time.DateOnly), Intermittent: e.Intermittent, WithFollowers: e.WithFollowers,
		})
	}
	return all, nil
}

// onlyPassed says what a run of some requirements comes to if the gate passed.
func onlyPassed(r *report.Report) string {
	passed := 0
	for _, result := range r.Asked() {
		if result.Outcome == report.Pass {
			passed++
		}
	}
	return fmt.Sprintf("%d of %s asked for passed (--only); there is no verdict on the target", passed, app.Count(len(r.Configuration.Only), "requirement"))
}

// gated says what the gate comes to.
func gated(r *report.Report, strict bool) Conclusion {
	g, t := r.Gate, tally(r)
	if g.Status == report.GatePassed {
		switch {
		case len(r.Configuration.Only) > 0 && r.Verdict != report.NonConformant && g.Waived == 0 && g.Baseline == "":
			return Conclusion{app.ExitConformant, onlyPassed(r)}
		case r.Verdict == report.NonConformant, g.Waived > 0, g.Baseline != "":
			return Conclusion{app.ExitConformant, string(r.Verdict) + ", and the gate passed: " + strings.Join(g.Reasons, "; ")}
		case r.Verdict == report.Incomplete:
			return Conclusion{app.ExitConformant, "incomplete, and accepted as such: " + t.gap(r)}
		case t.warned > 0:
			return Conclusion{app.ExitConformant, "conformant, with " + app.Count(t.warned, "warning")}
		}
		return Conclusion{app.ExitConformant, "conformant"}
	}
	reasons := strings.Join(g.Reasons, "; ")
	switch {
	case g.Line() != "" && g.Failures+g.Stale > 0:
		return Conclusion{app.ExitNonConformant, string(r.Verdict) + ", and the gate failed: " + reasons}
	case g.Line() != "":
		return Conclusion{app.ExitUntold, app.Meaning(app.ExitUntold) + ": " + reasons}
	case r.Verdict == report.NonConformant:
		return Conclusion{app.ExitNonConformant, t.failures(strict)}
	}
	return Conclusion{app.ExitUntold, app.Meaning(app.ExitUntold) + ": " + t.gap(r)}
}
