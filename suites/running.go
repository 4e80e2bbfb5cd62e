package suites

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/secret"
)

// running is one run on its way.
type running struct {
	cfg       Config
	suite     *check.Suite
	selection *check.Selection
	schedule  schedule
	secrets   *secret.Registry
	id        string
	started   time.Time

	run      *probe.Run
	chosen   []check.Check
	probes   []probe.Probe
	judge    *check.Judge
	others   *repetitions
	panel    *check.Panel
	verdicts *check.Verdicts
	cleaning *cleaning
	showing  *showing
	finish   func(probe.Leftovers) error
	// early says why the run ended before it was over; "" if it did not.
	early string
}

// conduct holds the run, from its first request to its report.
func (r *running) conduct(asked context.Context) (*Result, error) {
	ctx, end := r.schedule.begin(asked)
	defer end(nil)
	if r.cfg.OAuth != nil {
		r.secrets.Add("client-secret", r.cfg.OAuth.ClientSecret)
	}
	target := r.cfg.target()
	defer target.Client.CloseIdleConnections()
	r.run = probe.New(target, r.cfg.limits(), r.cfg.named(r.id), r.secrets, time.Now)
	r.run.Sound(soundAccount(r.suite.Contract, r.cfg.Organization)) // so that long lists are reduced while they are read
	begun, err := r.begin(ctx)
	if err != nil {
		return nil, err
	}
	if !r.cfg.Plain && r.cfg.stopped == "" {
		select { // the first requests go out before Ginkgo has the machine for its tree
		case <-begun:
		case <-ctx.Done():
		}
		check.Ginkgo(ctx, unmoved{}, "Create service account", r.suite.InTime(r.chosen), r.cfg.GinkgoOutput, r.cfg.Strict, r.panel.Verdict)
	}
	r.panel.End()
	if ctx.Err() != nil {
		r.early = probe.Why(ctx)
	}
	leftovers := r.cleaning.end(ctx)
	journalled := r.finish(leftovers)
	r.cfg.Progress.Finished()
	result, err := r.result(leftovers, journalled)
	if err != nil {
		return nil, err
	}
	if asked.Err() != nil { // asked last: Ginkgo may hear of a signal before the one who cancels the context does
		result.Report.Complete = false
	}
	report.Decide(result.Report, report.Policy{AcceptIncomplete: r.cfg.AcceptIncomplete})
	return result, errors.Join(r.verdicts.Broken(), r.run.Fault())
}

// begin starts to send, to judge and to clean up, and returns at once. The channel is closed when the first conversation
// is over.
func (r *running) begin(ctx context.Context) (begun <-chan struct{}, err error) {
	if r.finish, err = r.cfg.keep(r.run, r.id); err != nil {
		return nil, err
	}
	r.chosen, r.probes = r.selection.Chosen, r.suite.Probes(r.selection.Chosen)
	r.cfg.Progress.Started(len(r.probes), len(r.chosen))
	preflight := &preflight{cfg: r.cfg}
	if preflight.hold(ctx, r.run); preflight.stop != nil {
		r.cfg.stopped, r.chosen, r.probes = preflight.stop.found+"; "+preflight.stop.do, nil, nil
	}
	r.judge = &check.Judge{Facts: r.run.Facts(), Now: time.Now, Late: min(lateVerdicts, r.cfg.CleanupTimeout/4)}
	r.verdicts = check.NewVerdicts()
	first := make(chan struct{})
	settled := sync.OnceFunc(func() { close(first) })
	r.judge.Futures = r.run.RunAll(ctx, r.probes, func(name string) {
		r.cfg.Progress.Answered(name)
		settled()
	})
	r.others = &repetitions{run: r.run, probes: r.probes, futures: map[repetition]*probe.Future{}}
	if !r.cfg.Once {
		r.judge.Again = func(name string, attempt int) *probe.Future { return r.others.of(ctx, name, attempt) }
	}
	r.panel = r.judge.Begin(ctx, r.chosen, func(result report.Result, broken error) {
		r.verdicts.Put(result, broken)
		r.cfg.Progress.Judged(result.ID, result.Outcome == report.Fail)
	})
	r.cleaning = &cleaning{run: r.run, others: r.others, timeout: r.cfg.CleanupTimeout, pacing: r.cfg.cleansOn, schedule: r.schedule, progress: r.cfg.Progress}
	r.cleaning.nothing = preflight.stop != nil && !preflight.made
	r.cleaning.begin(ctx, r.judge.Futures[probe.Everything])
	r.showing = &showing{secrets: r.secrets}
	if !r.cfg.verdictsOnly && !r.cfg.Brief {
		r.showing.begin(ctx, r.judge.Futures[probe.Everything])
	}
	return first, nil
}

// result is what the run comes to.
func (r *running) result(leftovers probe.Leftovers, journalled error) (*Result, error) {
	r.cfg.planDigest = planDigest(r.suite, r.selection, r.cfg)
	told, err := assemble(r.suite, r.selection, r.verdicts, tokenKind(r.run.Recording()), r.cfg)
	if err != nil {
		return nil, err
	}
	told.RunID = r.id
	told.StartedAt, told.DurationSeconds = r.started.UTC(), time.Since(r.started).Seconds()
	told.Complete = r.early == ""
	if told.Stopped = r.cfg.stopped; !r.cleaning.nothing {
		told.Accounts = accounts(leftovers, r.cfg.SweepCommand())
	}
	told.LimitsHit = r.run.LimitsHit()
	told.Warnings = slices.Concat(told.Warnings, r.run.Remarks(), remarks(r.run, leftovers, journalled))
	if r.early != "" && r.early != probe.Interrupted {
		told.Warnings = append(told.Warnings, r.early+"; what lacks evidence is inconclusive")
		if r.early == r.schedule.reason && r.schedule.limit {
			told.LimitsHit = append(told.LimitsHit, r.early)
		}
	}
	if !r.cfg.verdictsOnly && !(r.cfg.Brief && spotless(told.Results)) {
		told.Exchanges = r.showing.end(r.run.Recording())
	}
	return &Result{
		Report: told, Secrets: r.secrets, Recording: r.run.Recording(), Leftovers: leftovers,
		held: conversations(r.run.Facts(), r.probes, r.judge.Futures, r.others.futures),
	}, nil
}
