package check

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/wire"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// Judge turns checks into verdicts. It is safe for concurrent use.
type Judge struct {
	Facts   exchange.Facts
	Futures map[string]*probe.Future
	Now     func() time.Time
	// Again runs a probe once more, for the given attempt (2, 3), and returns the same future for the same attempt; nil
	// where a failure is not to be confirmed. It is called from several goroutines, and returns nil if there is no such
	// attempt.
	Again func(probe string, attempt int) *probe.Future
	// Late is how long a Evaluator still judges evidence that is there when the run was ended.
	Late time.Duration

	shared exchange.Shared
}

// Judge waits for the evidence and comes to a verdict. The error is an *exchange.Broken.
func (j *Judge) Judge(ctx context.Context, c Check) (report.Result, error) {
	future := j.Futures[c.Probe]
	if future == nil && j.Facts.Recorded {
		return j.result(c, nil, report.NotTested, "the recording does not hold the conversation "+c.Probe), nil
	}
	if future == nil {
		return j.result(c, nil, report.Inconclusive, "the conversation "+c.Probe+" was never held"), nil
	}
	exchanges, reason, err := future.Wait(ctx)
	if err != nil {
		return j.result(c, nil, report.Inconclusive, wire.Why(ctx)+" before there was evidence"), nil
	}
	result, err := j.look(c, exchanges, reason)
	if result.Outcome == report.Fail {
		result = j.confirm(ctx, c, result)
	}
	return result, err
}

// look comes to a verdict on the exchanges of one attempt, and tells how long that took.
func (j *Judge) look(c Check, exchanges []*exchange.Exchange, reason string) (report.Result, error) {
	defer evaluations.acquire()()
	begin := j.Now()
	evidence := exchange.NewEvidence(j.Facts, exchanges, reason).Sharing(&j.shared)
	failure, broken := assert(c, evidence)
	result := j.verdict(c, evidence, failure)
	result.DurationSeconds = j.Now().Sub(begin).Seconds()
	return result, broken
}

func (j *Judge) verdict(c Check, evidence *exchange.Evidence, failure error) report.Result {
	var missing exchange.Missing
	var wrong expect.Failure
	switch {
	case failure == nil:
		return j.result(c, evidence, report.Pass, strings.Join(evidence.Notes(), "; "))
	case errors.As(failure, &missing) && missing.Live:
		return j.result(c, evidence, report.NotTested, missing.Reason)
	case errors.As(failure, &missing):
		return j.result(c, evidence, report.Inconclusive, missing.Reason)
	}
	result := j.result(c, evidence, report.Fail, failure.Error())
	errors.As(failure, &wrong)
	found := wrong.Finding
	result.Expected, result.Seen, result.Pointer = found.Expected, found.Seen, found.Pointer
	result.Message = strings.Join(compact(wrong.Note, oneLine(found), strings.Join(evidence.Notes(), "; ")), ": ")
	if found.Exchange != "" {
		result.Evidence = moveToEnd(found.Exchange, result.Evidence)
	}
	return result
}

func (j *Judge) result(c Check, evidence *exchange.Evidence, outcome report.Outcome, message string) report.Result {
	r := report.Result{
		ID: c.Requirement.ID, Level: c.Requirement.Level, Profile: c.Requirement.Profile, Section: c.Section,
		Statement: c.Requirement.Statement, Citation: c.Requirement.Citation, Outcome: outcome, Message: message,
		Probe: c.Probe, Owner: c.Owner, Evidence: []string{}, Contested: c.Requirement.Contested, Needs: c.Requirement.Needs,
	}
	if evidence != nil {
		r.Evidence = append(r.Evidence, evidence.Touched()...)
	}
	return r
}

func oneLine(m matcher.Mismatch) string {
	var parts []string
	if m.Expected != "" {
		parts = append(parts, "expected "+m.Expected)
	}
	if m.Seen != "" {
		parts = append(parts, "seen "+m.Seen)
	}
	return strings.ReplaceAll(strings.Join(parts, ", "), "\n", " | ")
}

func compact(parts ...string) []string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// moveToEnd puts the exchange that shows a failure behind the others, where reports look for it.
func moveToEnd(last string, ids []string) []string {
	others := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == last })
	return append(others, last)
}
