package check

import (
	"context"
	"runtime/debug"
	"sync"

	"github.com/sa-conformance/conformance/internal/report"
)

// Panel judges checks as soon as there is evidence for them, beside one another and the conversations that still go on: the
// failures of a target that does little right do not wait for one another's confirmation.
type Panel struct {
	judge    *Judge
	judged   func(report.Result, error)
	stop     context.CancelFunc
	verdicts map[string]*verdict
	at       sync.WaitGroup
}

type verdict struct {
	done   chan struct{}
	result report.Result
}

// Begin starts to judge the checks and returns at once. The judged function is told of every verdict, from several
// goroutines; its error is a *Broken.
func (j *Judge) Begin(ctx context.Context, checks []Check, judged func(report.Result, error)) *Panel {
	ctx, stop := context.WithCancel(ctx)
	p := &Panel{judge: j, judged: judged, stop: stop, verdicts: map[string]*verdict{}}
	for _, c := range checks {
		p.verdicts[c.Requirement.ID] = &verdict{done: make(chan struct{})}
	}
	for _, c := range checks {
		p.at.Go(func() { p.come(ctx, c) })
	}
	return p
}

// come comes to a verdict. A panic of the judge itself is as much a fault of the suite as one of a check.
func (p *Panel) come(ctx context.Context, c Check) {
	v := p.verdicts[c.Requirement.ID]
	var broken error
	defer func() {
		if cause := recover(); cause != nil {
			v.result = p.judge.result(c, nil, report.Inconclusive, "the check itself failed")
			broken = &Broken{ID: c.Requirement.ID, Cause: cause, Stack: string(debug.Stack())}
		}
		p.judged(v.result, broken)
		close(v.done)
	}()
	v.result, broken = p.judge.Judge(ctx, c)
}

// Verdict waits for the verdict on a check. When ctx ends, what has no evidence by then is judged without.
func (p *Panel) Verdict(ctx context.Context, c Check) report.Result {
	defer context.AfterFunc(ctx, p.stop)()
	v := p.verdicts[c.Requirement.ID]
	<-v.done
	return v.result
}

// End waits until every check is judged.
func (p *Panel) End() {
	p.at.Wait()
	p.stop()
}
