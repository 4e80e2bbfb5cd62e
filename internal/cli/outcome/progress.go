package outcome

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

const (
	// barWidth is the number of cells of the bar, and redraw the least time between two drawings of it.
	barWidth = 24
	redraw   = 60 * time.Millisecond
	// Heartbeat is the time between two lines of a run that nobody watches on a terminal.
	Heartbeat = 10 * time.Second
)

// progress shows how far a run is: as a bar on a terminal, which is removed at the end, and otherwise as a line now and
// then. It implements suites.Progress.
type progress struct {
	w     io.Writer
	bars  bool
	pause time.Duration // between two lines

	mu               sync.Mutex
	bar              *progressbar.ProgressBar // nil before Started, after Finished, and without bars
	started          bool
	finished         chan struct{} // closed by Finished
	probes, checks   int           // totals
	answered, judged int
	failed, cleaning int
}

// newProgress is nil with --quiet.
func newProgress(a *app.App, quiet bool) *progress {
	if quiet {
		return nil
	}
	return &progress{w: a.Stderr, bars: Watched(a), pause: Heartbeat, finished: make(chan struct{})}
}

// Watched reports whether somebody sees standard error on a terminal that can redraw a line.
func Watched(a *app.App) bool {
	_, ok := app.Terminal(a.Stderr)
	return ok && !a.Dumb() && !a.Set("CI")
}

// Started begins to show progress.
func (p *progress) Started(probes, checks int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started || p.over() {
		return
	}
	p.started, p.probes, p.checks = true, probes, checks
	if p.bars {
		// One more than there are steps: the bar ends with Finished alone.
		p.bar = progressbar.NewOptions(probes+checks+1, progressbar.OptionSetWriter(p.w), progressbar.OptionSetWidth(barWidth),
			progressbar.OptionThrottle(redraw), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(false), progressbar.OptionShowDescriptionAtLineEnd())
		p.draw()
		return
	}
	go p.lines()
}

// lines writes a line at each pause until the run is over.
func (p *progress) lines() {
	ticker := time.NewTicker(p.pause)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-p.finished:
			return
		}
		p.mu.Lock()
		if !p.over() {
			_, _ = fmt.Fprintf(p.w, "conformance: %s\n", p.text())
		}
		p.mu.Unlock()
	}
}

// Answered counts a finished probe.
func (p *progress) Answered(string) { p.step(func() { p.answered++ }) }

// Judged counts a check that has its verdict.
func (p *progress) Judged(_ string, failed bool) {
	p.step(func() {
		p.judged++
		if failed {
			p.failed++
		}
	})
}

// Cleaning notes that accounts are being deleted.
func (p *progress) Cleaning(accounts int) { p.step(func() { p.cleaning = accounts }) }

// Finished removes the bar. It may be called more than once.
func (p *progress) Finished() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over() {
		return
	}
	close(p.finished)
	if p.bar != nil {
		_ = p.bar.Clear()
		_ = p.bar.Exit()
		p.bar = nil
	}
}

// say writes a line above the bar, or to w without one. A nil progress has no bar.
func (p *progress) say(w io.Writer, line string) {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.bar != nil {
			_ = p.bar.Clear()
		}
	}
	_, _ = io.WriteString(w, line)
}

func (p *progress) step(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	p.draw()
}

func (p *progress) draw() {
	if p.bar != nil {
		p.bar.Describe(p.text())
		_ = p.bar.Set(min(p.answered+p.judged, p.probes+p.checks))
	}
}

// over reports whether Finished was called.
func (p *progress) over() bool {
	select {
	case <-p.finished:
		return true
	default:
		return false
	}
}

// text fits on a terminal of 80 columns, beside the bar.
func (p *progress) text() string {
	text := fmt.Sprintf("probes %d/%d, checks %d/%d", p.answered, p.probes, p.judged, p.checks)
	switch {
	case p.cleaning > 0:
		text += ", deleting " + app.Count(p.cleaning, "account")
	case p.failed > 0:
		text += ", " + app.Count(p.failed, "failure")
	}
	return text
}
