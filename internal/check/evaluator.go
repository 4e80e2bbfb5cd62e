package check

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/wire"
)

// Evaluator is the plain driver: it judges checks as soon as there is evidence for them, beside one another and the conversations
// that still go on. The conversations of failing checks are repeated side by side. The other driver is Specs: its specs find every
// attempt recorded, and judge in their own bodies.
type Evaluator struct {
	judge    *Judge
	judged   func(report.Result, error)
	ctx      context.Context // of the run; it ends when the run is ended early
	stop     context.CancelFunc
	verdicts map[string]*verdict
}

// verdict is settled once: what comes later is dropped.
type verdict struct {
	once   sync.Once
	done   chan struct{}
	result report.Result
}

// Begin starts to judge the checks and returns at once. The judged function is told of every verdict, from several
// goroutines; its error is a *Broken. When ctx ends, evidence that is there is judged for Judge.Late more; a check that is
// not done by then is inconclusive, and what it still does is dropped.
func (j *Judge) Begin(ctx context.Context, checks []Check, judged func(report.Result, error)) *Evaluator {
	ctx, stop := context.WithCancel(ctx)
	p := &Evaluator{judge: j, judged: judged, ctx: ctx, stop: stop, verdicts: map[string]*verdict{}}
	for _, c := range checks {
		p.verdicts[c.Requirement.ID] = &verdict{done: make(chan struct{})}
	}
	for _, c := range checks {
		go p.evaluate(ctx, c)
	}
	context.AfterFunc(ctx, func() {
		late := time.NewTimer(j.Late)
		defer late.Stop()
		for _, c := range checks {
			select {
			case <-p.verdicts[c.Requirement.ID].done:
				continue
			case <-late.C:
				late.Reset(0) // the others have no more time either
			}
			p.settle(c, j.result(c, nil, report.Inconclusive, wire.Why(ctx)+" before it was judged"), nil)
		}
	})
	return p
}

// evaluate comes to a verdict. A panic of the judge itself is as much a fault of the suite as one of a check.
func (p *Evaluator) evaluate(ctx context.Context, c Check) {
	var result report.Result
	var broken error
	defer func() {
		if cause := recover(); cause != nil {
			result = p.judge.result(c, nil, report.Inconclusive, "the check itself failed")
			broken = &exchange.Broken{Part: "the check " + c.Requirement.ID, Cause: cause, Stack: string(debug.Stack())}
		}
		p.settle(c, result, broken)
	}()
	result, broken = p.judge.Judge(ctx, c)
}

func (p *Evaluator) settle(c Check, result report.Result, broken error) {
	v := p.verdicts[c.Requirement.ID]
	v.once.Do(func() {
		v.result = result
		p.judged(result, broken)
		close(v.done)
	})
}

// Spec judges a check in the body of its spec: on the recorded evidence, once the plain driver is done with it, so that every
// attempt is there. When the run was ended, the verdict is that of the plain driver. The error is a *Broken: the check came to two
// different verdicts on the same evidence, or it is broken otherwise.
func (p *Evaluator) Spec(ctx context.Context, c Check) (report.Result, error) {
	defer context.AfterFunc(ctx, p.stop)()
	v := p.verdicts[c.Requirement.ID]
	<-v.done
	if p.ctx.Err() != nil {
		return v.result, nil
	}
	result, err := p.judge.Judge(ctx, c)
	switch {
	case p.ctx.Err() != nil || ctx.Err() != nil:
		return v.result, nil
	case err == nil && result.Outcome != v.result.Outcome:
		err = &exchange.Broken{Part: "the check " + c.Requirement.ID, Cause: fmt.Sprintf("two verdicts on the same evidence, %s and %s", v.result.Outcome, result.Outcome)}
	}
	return result, err
}

// End waits until every check has its verdict.
func (p *Evaluator) End() {
	for _, v := range p.verdicts {
		<-v.done
	}
	p.stop()
}
