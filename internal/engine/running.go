package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/disguise"
	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/preflight"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/wire"
	"github.com/sa-conformance/conformance/spec"
)

// running is one run on its way.
type running struct {
	cfg       Config
	flags     check.Flags
	callbacks *callbacks
	suite     *check.Suite
	selection *check.Selection
	schedule  schedule
	secrets   *redact.Registry
	id        string
	started   time.Time
	events    *event.Stream

	run       *probe.Run // nil before begin
	hangUp    func()     // closes idle connections
	chosen    []check.Check
	probes    []probe.Probe
	judge     *check.Judge
	others    *repetitions
	evaluator *check.Evaluator
	verdicts  *check.Verdicts
	cleaning  *cleaning
	showing   *showing
	finish    func(probe.Leftovers) error
	remarks   []string
	// early says why the run ended before it was over; "" if it did not.
	early string
}

// execute holds the run, from its first request to its report.
func (r *running) execute(asked context.Context) (*Result, error) {
	ctx, end := r.schedule.begin(asked)
	defer end(nil)
	if r.flags.DryRun {
		return r.rehearse(ctx)
	}
	fault := r.drive(ctx, func() error { return r.begin(ctx, end) })
	if r.run == nil {
		return nil, fault
	}
	defer r.hangUp()
	r.evaluator.End()
	if ctx.Err() != nil {
		r.early = wire.Why(ctx)
	}
	leftovers := r.cleaning.end(ctx)
	journalled := r.finish(leftovers)
	result, err := r.result(leftovers, journalled)
	if err != nil {
		r.tellEnd(nil)
		return nil, err
	}
	if asked.Err() != nil { // asked last: Ginkgo may hear of a signal before the one who cancels the context does
		result.Report.Complete = false
	}
	report.Decide(result.Report, report.Policy{AcceptIncomplete: r.cfg.AcceptIncomplete})
	r.tellEnd(result.Report)
	return result, errors.Join(fault, r.verdicts.Broken(), r.run.Fault(), r.callbacks.fault())
}

// begin starts to send, to judge and to clean up, and returns at once.
func (r *running) begin(ctx context.Context, end context.CancelCauseFunc) (err error) {
	if r.cfg, err = r.cfg.authenticate(ctx); err != nil {
		return err
	}
	target := r.cfg.target()
	run := probe.New(target, r.cfg.limits(), r.cfg.named(r.id), r.secrets, time.Now)
	if r.cfg.Disguise {
		run.Disguise(disguise.New(r.cfg.Challenge))
	}
	run.Sound(soundAccount(r.suite.Contract, r.cfg.Organization)) // so that long lists are reduced while they are read
	if r.finish, err = r.cfg.keep(run, r.id); err != nil {
		return err
	}
	r.run, r.hangUp = run, target.Client.CloseIdleConnections
	r.chosen, r.probes = r.selection.Chosen, r.selection.Probes
	r.tellStart(len(r.probes), len(r.chosen))
	run.Recording().Watch(r.tellExchange)
	first := r.cfg.preflight(r.probes)
	if !r.cfg.NoPreflight {
		first.Hold(ctx, r.run)
	}
	if first.Stop != nil {
		r.cfg.stopped, r.chosen, r.probes = first.Stop.Found+"; "+first.Stop.Do, nil, nil
	}
	r.judge = &check.Judge{Facts: r.run.Facts(), Now: time.Now, Late: min(lateVerdicts, r.cfg.CleanupTimeout/4)}
	r.judge.Futures = r.run.RunAll(ctx, r.probes, r.tellConversation)
	r.others = &repetitions{run: r.run, probes: r.probes, futures: map[repetition]*probe.Future{}}
	if !r.cfg.Once {
		r.judge.Again = func(name string, attempt int) *probe.Future { return r.others.of(ctx, name, attempt) }
	}
	r.evaluator = r.judge.Begin(ctx, r.chosen, func(result report.Result, broken error) {
		r.verdicts.Put(result, broken)
		r.tellResult(result)
		if r.flags.FailFast && result.Outcome == report.Fail && (result.Level == spec.Must || r.cfg.Strict) {
			end(&wire.Ended{Reason: "a failure ended the run (--ginkgo.fail-fast)"})
		}
	})
	r.cleaning = &cleaning{run: r.run, others: r.others, timeout: r.cfg.CleanupTimeout, pacing: r.cfg.cleansOn, schedule: r.schedule, tell: r.tellCleaning}
	r.cleaning.nothing = first.Stop != nil && !first.Made
	r.cleaning.unread = first.Unread
	r.cleaning.begin(ctx, r.judge.Futures[probe.Everything])
	r.showing = &showing{secrets: r.secrets}
	if !r.cfg.verdictsOnly && !r.cfg.Brief {
		r.showing.begin(ctx, r.judge.Futures[probe.Everything])
	}
	if r.cfg.stopped != "" {
		return errStopped
	}
	return nil
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
	told.Warnings = slices.Concat(told.Warnings, r.remarks, r.run.Remarks(), remarks(r.run, leftovers, journalled))
	if r.early != "" && r.early != wire.Interrupted {
		told.Warnings = append(told.Warnings, r.early+"; what lacks evidence is inconclusive")
		if r.schedule.hit(r.early) {
			told.LimitsHit = append(told.LimitsHit, r.early)
		}
	}
	if r.flags.Choose() {
		told.Warnings = append(told.Warnings, "requirements may be left out by the flags of Ginkgo")
	}
	conceal(told, r.secrets.Conceal)
	if !r.cfg.verdictsOnly && !(r.cfg.Brief && spotless(told.Results)) {
		told.Exchanges = r.showing.end(r.run.Recording())
	}
	return &Result{
		Report: told, Secrets: r.secrets, Recording: r.run.Recording(), Leftovers: leftovers,
		Peer: r.run.Peer(), NamedCA: r.cfg.RootCAs != nil,
		held: conversations(r.run.Facts(), r.probes, r.judge.Futures, r.others.futures),
	}, nil
}

// preflight is what looks for a mistake of the operator's before anything else is created.
func (c Config) preflight(probes []probe.Probe) *preflight.Preflight {
	return &preflight.Preflight{
		Target: c.Target, Organization: c.Organization, Groups: c.Groups, MaxCreated: c.MaxCreated,
		Ends: c.CredentialEnd(), Creates: preflight.NeedAccounts(probes),
	}
}
