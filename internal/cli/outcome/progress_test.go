package outcome

import (
	"bytes"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
)

var _ engine.Progress = (*progress)(nil)

// TestProgress shows a bar as a run does, from several goroutines, and in every order of ending.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b, bars: true, finished: make(chan struct{})}
	p.Judged("too-early", false)
	p.Started(2, 20)
	p.Started(2, 20)
	var done sync.WaitGroup
	for i := range 20 {
		done.Go(func() { p.Judged("create.status.created", i == 3) })
	}
	done.Go(func() { p.Answered("create.minimal") })
	done.Go(func() { p.say(&b, "interrupted\n") })
	done.Wait()
	p.Cleaning(3)
	p.Finished()
	p.Finished()
	p.Judged("too-late", false)
	p.Started(1, 1)
	text := b.String()
	last := text[strings.LastIndex(strings.TrimRight(text, "\r"), "\r")+1:]
	if strings.TrimSpace(last) != "" || !strings.Contains(text, "interrupted\n") || !strings.Contains(text, "checks 1/20") {
		t.Errorf("%q is left on the line of %q", last, text)
	}
}

// Without a terminal a run that takes long says so now and then, and nothing once it is over.
func TestProgressAsLines(t *testing.T) {
	lines := make(chan string, 100)
	p := &progress{w: lineWriter(lines), pause: time.Millisecond, finished: make(chan struct{})}
	p.Answered("early")
	p.Started(2, 20)
	if got, want := <-lines, "conformance: probes 1/2, checks 0/20\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.Finished()
	for len(lines) > 0 {
		<-lines
	}
	p.Judged("late", true)
	if len(lines) > 0 {
		t.Errorf("%q after the end", <-lines)
	}
}

// lineWriter sends each write to a channel.
type lineWriter chan<- string

func (w lineWriter) Write(b []byte) (int, error) {
	w <- string(b)
	return len(b), nil
}

func TestProgressText(t *testing.T) {
	p := &progress{w: io.Discard, bars: true, finished: make(chan struct{})}
	p.Started(10, 100)
	for _, step := range []struct {
		change func()
		want   string
	}{
		{func() {}, "probes 0/10, checks 0/100"},
		{func() { p.answered, p.judged = 5, 50 }, "probes 5/10, checks 50/100"},
		{func() { p.failed = 1 }, "probes 5/10, checks 50/100, 1 failure"},
		{func() { p.answered, p.judged = 11, 101 }, "probes 11/10, checks 101/100, 1 failure"},
		{func() { p.Cleaning(4) }, "probes 11/10, checks 101/100, deleting 4 accounts"},
	} {
		step.change()
		if got := p.text(); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
	}
}

// TestSayWithoutBars writes to the writer itself, for a nil progress too.
func TestSayWithoutBars(t *testing.T) {
	var b bytes.Buffer
	(*progress)(nil).say(&b, "one\n")
	(&progress{}).say(&b, "two\n")
	if b.String() != "one\ntwo\n" {
		t.Errorf("got %q", &b)
	}
}

// TestNobodyWatches: no drawing and no colors in a file, a pipe or a buffer.
func TestNobodyWatches(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	a := &app.App{Process: app.Process{Lookup: func(string) (string, bool) { return "", false }, Stdout: file, Stderr: new(bytes.Buffer)}}
	if Watched(a) || newProgress(a, false).bars {
		t.Error("a buffer is no terminal")
	}
	if newProgress(a, true) != nil {
		t.Error("--quiet shows progress")
	}
	if a.Colored(false) || app.Width(a.Stdout) != 0 {
		t.Error("a file is no terminal")
	}
}
