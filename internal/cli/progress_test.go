package cli

import (
	"bytes"
	"os"
	"sync"
	"testing"

	"github.com/vbauerster/mpb/v8/decor"

	"github.com/sa-conformance/conformance/suites"
)

var _ suites.Progress = (*progress)(nil)

// TestProgress drives the bars as a run does, from several goroutines, and in every order of ending.
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
	if p.bars != nil {
		t.Error("bars are drawn after the end")
	}
}

func TestRemark(t *testing.T) {
	p := new(progress)
	for _, step := range []struct {
		change func()
		want   string
	}{
		{func() {}, ""},
		{func() { p.failed.Add(1) }, "1 failure"},
		{func() { p.failed.Add(1) }, "2 failures"},
		{func() { p.Cleaning(4) }, "deleting 4 accounts"},
	} {
		step.change()
		if got := p.remark(decor.Statistics{}); got != step.want {
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

// TestNobodyWatches: no bars and no colors in a file, a pipe or a buffer.
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
