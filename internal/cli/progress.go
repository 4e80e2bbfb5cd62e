package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// barWidth is the number of cells of the bar, redraw the least time between two drawings of it.
const (
	barWidth = 24
	redraw   = 60 * time.Millisecond
)

// progress draws on one line how far a run is, and takes the line away when the run is over. It implements
// suites.Progress. One line needs no library: those for bars weigh more than the rest of the command line.
type progress struct {
	w io.Writer

	mu                sync.Mutex
	drawing, finished bool
	drawn             time.Time // zero: the line is not there
	probes, checks    int       // of them in all
	answered, judged  int
	failed, cleaning  int
}

// progress is nil where nobody watches: no terminal, a CI machine, or --quiet.
func (a *app) progress(quiet bool) *progress {
	if _, ok := terminal(a.Stderr); !ok || quiet || a.dumb() || a.set("CI") {
		return nil
	}
	return &progress{w: a.Stderr}
}

// Started draws the line.
func (p *progress) Started(probes, checks int) {
	p.step(func() {
		if !p.finished && !p.drawing {
			p.drawing, p.probes, p.checks = true, probes, checks
		}
	})
}

// Answered counts a probe.
func (p *progress) Answered(string) { p.step(func() { p.answered++ }) }

// Judged counts a check.
func (p *progress) Judged(_ string, failed bool) {
	p.step(func() {
		p.judged++
		if failed {
			p.failed++
		}
	})
}

// Cleaning says that accounts are being deleted.
func (p *progress) Cleaning(accounts int) { p.step(func() { p.cleaning = accounts }) }

// Finished takes the line away. It may be called more than once.
func (p *progress) Finished() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	p.drawing, p.finished = false, true
}

// say prints a line in the place of the drawing, or to w where there is none. A nil progress has none.
func (p *progress) say(w io.Writer, line string) {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.erase()
	}
	_, _ = io.WriteString(w, line)
}

func (p *progress) step(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	if now := time.Now(); p.drawing && now.Sub(p.drawn) >= redraw {
		p.drawn = now
		_, _ = fmt.Fprintf(p.w, "\r%s\x1b[K", p.line())
	}
}

func (p *progress) erase() {
	if !p.drawn.IsZero() {
		_, _ = io.WriteString(p.w, "\r\x1b[K")
		p.drawn = time.Time{}
	}
}

// line fits on a terminal of 80 columns.
func (p *progress) line() string {
	done := 0
	if all := p.probes + p.checks; all > 0 {
		done = barWidth * min(p.answered+p.judged, all) / all
	}
	text := fmt.Sprintf("[%s%s] probes %d/%d, checks %d/%d", strings.Repeat("=", done), strings.Repeat(" ", barWidth-done),
		p.answered, p.probes, p.judged, p.checks)
	switch {
	case p.cleaning > 0:
		text += ", deleting " + count(p.cleaning, "account")
	case p.failed > 0:
		text += ", " + count(p.failed, "failure")
	}
	return text
}
