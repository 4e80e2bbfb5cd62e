package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/config"
	"github.com/sa-conformance/conformance/internal/report"
)

// gateFlags are the flags that open a gate which the verdict would keep shut.
type gateFlags struct {
	waivers, baseline string
}

func (f *gateFlags) bind(s *pflag.FlagSet) {
	s.StringVar(&f.waivers, "waivers", "", "`FILE` of waivers: known failures that pass the gate until a day, and leave the verdict as it is")
	s.StringVar(&f.baseline, "baseline", "", "`FILE` of an earlier run (report.json or recording.har): only what got worse since then fails the gate")
}

// door is what the gate of a run is decided by, read before anything is sent.
type door struct {
	waivers          []report.Waiver
	baseline         *baseline // nil for none
	acceptIncomplete bool
	// recorded is set if the run is judged from its recording.
	recorded bool
}

func (a *app) door(ctx context.Context, f *runFlags, recorded bool) (d door, err error) {
	d.acceptIncomplete, d.recorded = f.acceptIncomplete, recorded
	if d.waivers, err = a.waivers(f.waivers); err != nil || f.baseline == "" {
		return d, err
	}
	d.baseline, err = a.loadBaseline(ctx, f.baseline, "")
	return d, err
}

// decide sets the gate of a report. Waivers expire by today's date, also for a run of long ago.
func (d door) decide(r *report.Report) {
	p := report.Policy{Waivers: d.waivers, Today: time.Now(), AcceptIncomplete: d.acceptIncomplete}
	if d.baseline != nil {
		p.Baseline = "run " + report.Printable(d.baseline.report.RunID)
		p.Regressions = d.baseline.compare(r, d.recorded).Regressions()
	}
	report.Decide(r, p)
}

// waivers reads a file of waivers, and finds those for requirements that do not exist.
func (a *app) waivers(path string) ([]report.Waiver, error) {
	if path == "" {
		return nil, nil
	}
	data, err := a.readLimited("waivers", path)
	if err != nil {
		return nil, err
	}
	entries, err := config.ParseWaivers(data)
	var fault *config.Error
	switch {
	case errors.As(err, &fault):
		return nil, wrong("%s:%d: %s", path, fault.Line, fault.Text)
	case err != nil:
		return nil, wrong("%s: %v", path, err)
	}
	_, c, err := catalogue()
	if err != nil {
		return nil, err
	}
	var all []report.Waiver
	for _, e := range entries {
		if _, ok := c.Find(e.Requirement); !ok {
			return nil, wrong("%s:%d: stale: there is no requirement %s; near it: %s", path, e.Line, shown(e.Requirement),
				strings.Join(nearest(e.Requirement[:min(len(e.Requirement), 100)], identifiers(c)), ", "))
		}
		all = append(all, report.Waiver{
			Requirement: e.Requirement, Message: e.Message, Reason: e.Reason, Owner: e.Owner, Ticket: e.Ticket,
			Expires: e.Expires.Format(time.DateOnly), Intermittent: e.Intermittent, WithFollowers: e.WithFollowers,
		})
	}
	return all, nil
}

// readLimited reads a whole file of at most maxConfig bytes.
func (a *app) readLimited(flag, path string) ([]byte, error) {
	defer a.reads()()
	file, err := os.Open(path)
	if err != nil {
		return nil, wrong("%s: %s cannot be read: %s", a.source(flag), shown(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	switch {
	case err != nil:
		return nil, wrong("%s: %s cannot be read: %s", a.source(flag), shown(path), cause(err))
	case len(data) > maxConfig:
		return nil, wrong("%s: %s is longer than %d bytes", a.source(flag), shown(path), maxConfig)
	}
	return data, nil
}

// onlyPassed says what a run of some requirements comes to if the gate passed.
func onlyPassed(r *report.Report) string {
	passed := 0
	for _, result := range r.Asked() {
		if result.Outcome == report.Pass {
			passed++
		}
	}
	return fmt.Sprintf("%d of %s asked for passed (--only); there is no verdict on the target", passed, count(len(r.Configuration.Only), "requirement"))
}

// gated says what the gate comes to.
func gated(r *report.Report, strict bool) conclusion {
	g, t := r.Gate, tally(r)
	if g.Status == report.GatePassed {
		switch {
		case len(r.Configuration.Only) > 0 && r.Verdict != report.NonConformant && g.Waived == 0 && g.Baseline == "":
			return conclusion{exitConformant, onlyPassed(r)}
		case r.Verdict == report.NonConformant, g.Waived > 0, g.Baseline != "":
			return conclusion{exitConformant, string(r.Verdict) + ", and the gate passed: " + strings.Join(g.Reasons, "; ")}
		case r.Verdict == report.Incomplete:
			return conclusion{exitConformant, "incomplete, and accepted as such: " + t.gap(r)}
		case t.warned > 0:
			return conclusion{exitConformant, "conformant, with " + count(t.warned, "warning")}
		}
		return conclusion{exitConformant, "conformant"}
	}
	reasons := strings.Join(g.Reasons, "; ")
	switch {
	case g.Line() != "" && g.Failures+g.Stale > 0:
		return conclusion{exitNonConformant, string(r.Verdict) + ", and the gate failed: " + reasons}
	case g.Line() != "":
		return conclusion{exitUntold, meaning(exitUntold) + ": " + reasons}
	case r.Verdict == report.NonConformant:
		return conclusion{exitNonConformant, t.failures(strict)}
	}
	return conclusion{exitUntold, meaning(exitUntold) + ": " + t.gap(r)}
}
