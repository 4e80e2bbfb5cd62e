package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/sa-conformance/conformance/suites"
)

var _ suites.Progress = (*progress)(nil)

// TestProgress drives the drawing as a run does, from several goroutines, and in every order of ending.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b}
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
	if text := b.String(); !strings.HasSuffix(text, "\r\x1b[K") || !strings.Contains(text, "interrupted\n") {
		t.Errorf("left on the line: %q", text)
	}
}

func TestProgressLine(t *testing.T) {
	p := &progress{w: io.Discard}
	p.Started(10, 100)
	for _, step := range []struct {
		change func()
		want   string
	}{
		{func() {}, "[                        ] probes 0/10, checks 0/100"},
		{func() { p.answered, p.judged = 5, 50 }, "[============            ] probes 5/10, checks 50/100"},
		{func() { p.failed = 1 }, "[============            ] probes 5/10, checks 50/100, 1 failure"},
		{func() { p.failed = 2 }, "[============            ] probes 5/10, checks 50/100, 2 failures"},
		{func() { p.answered, p.judged = 11, 101 }, "[========================] probes 11/10, checks 101/100, 2 failures"},
		{func() { p.Cleaning(4) }, "[========================] probes 11/10, checks 101/100, deleting 4 accounts"},
	} {
		step.change()
		if got := p.line(); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
	}
}

// TestSayWithoutBars writes to the writer itself, for a nil progress too.
func TestSayWithoutBars(t *testing.T) {
	var b bytes.Buffer
	(*progress)(nil).say(&b, "one\n")
	new(progress).say(&b, "two\n")
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
	a := &app{Process: Process{Lookup: none, Stdout: file, Stderr: new(bytes.Buffer)}}
	if a.progress(false) != nil {
		t.Error("a buffer is no terminal")
	}
	if a.colored(false) || width(a.Stdout) != 0 {
		t.Error("a file is no terminal")
	}
}
