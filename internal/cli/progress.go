package cli

import (
	"io"
	"sync"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress draws how far a run is, and takes the drawing away when the run is over. It implements suites.Progress.
type progress struct {
	w io.Writer
	// The bars read these while they are drawn, when mu may be taken.
	failed, cleaning atomic.Int64

	mu             sync.Mutex
	bars           *mpb.Progress
	probes, checks *mpb.Bar
	finished       bool
}

// progress is nil where nobody watches: no terminal, a CI machine, or --quiet.
func (a *app) progress(quiet bool) *progress {
	if _, ok := terminal(a.Stderr); !ok || quiet || a.dumb() || a.set("CI") {
		return nil
	}
	return &progress{w: a.Stderr}
}

// Started draws the bars.
func (p *progress) Started(probes, checks int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bars != nil || p.finished {
		return
	}
	p.bars = mpb.New(mpb.WithOutput(p.w), mpb.WithWidth(64))
	p.probes = p.bar("probes answered", probes, decor.Any(p.remark))
	p.checks = p.bar("checks judged", checks, decor.AverageETA(decor.ET_STYLE_MMSS))
}

// Answered counts a probe.
func (p *progress) Answered(string) { p.step(func() { p.probes.Increment() }) }

// Judged counts a check.
func (p *progress) Judged(_ string, failed bool) {
	p.step(func() {
		if failed {
			p.failed.Add(1)
		}
		p.checks.Increment()
	})
}

// Cleaning says that accounts are being deleted.
func (p *progress) Cleaning(accounts int) { p.cleaning.Store(int64(accounts)) }

// Finished takes the bars away. It may be called more than once.
func (p *progress) Finished() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finished = true
	if p.bars == nil {
		return
	}
	p.probes.Abort(true)
	p.checks.Abort(true)
	p.bars.Wait()
	p.bars = nil
}

// say prints a line above the bars, or to w where there are none. A nil progress has none.
func (p *progress) say(w io.Writer, line string) {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.bars != nil {
			w = p.bars
		}
	}
	_, _ = io.WriteString(w, line)
}

func (p *progress) step(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bars != nil {
		change()
	}
}

// bar makes a bar that stays until it is aborted: one made without a total does not go when it is full.
func (p *progress) bar(name string, total int, right decor.Decorator) *mpb.Bar {
	bar := p.bars.New(0, mpb.BarStyle(),
		mpb.PrependDecorators(
			decor.Name(name, decor.WCSyncSpaceR),
			decor.CountersNoUnit("%d/%d", decor.WCSyncSpace),
		),
		mpb.AppendDecorators(right),
	)
	bar.SetTotal(int64(total), false)
	return bar
}

func (p *progress) remark(decor.Statistics) string {
	if n := p.cleaning.Load(); n > 0 {
		return "deleting " + count(int(n), "account")
	}
	if n := p.failed.Load(); n > 0 {
		return count(int(n), "failure")
	}
	return ""
}
