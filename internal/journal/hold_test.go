package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const elsewhere = "https://other.example.com"

// A sweep of one target does not wait for a run on another, takes out of the journal what it may, and loses nothing that the
// run writes meanwhile. Another organization of the same target is another target.
func TestSweepBesideARunElsewhere(t *testing.T) {
	for name, swept := range map[string][2]string{
		"another target": {elsewhere, organization}, "another organization": {target, "00000000-e965-4b44-a808-84fb2fa36702"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.jsonl")
			left, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			killed, err := left.Begin(Run{ID: "dead", Target: swept[0], Organization: swept[1], Prefix: "conf-dead-"}, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			intend(t, killed, "conf-dead-x")
			if err := left.Close(); err != nil {
				t.Fatal(err)
			}
			file, running := begin(t, path, "aaaa")
			intend(t, running, "conf-aaaa-1")
			sweep, err := OpenAlone(path, swept[0], swept[1])
			if err != nil {
				t.Fatalf("it waits for the run elsewhere: %v", err)
			}
			intend(t, running, "conf-aaaa-2")
			if err := errors.Join(sweep.Resume(killed.run, time.Now).Finish(), sweep.Tidy(), sweep.Close()); err != nil {
				t.Fatal(err)
			}
			intend(t, running, "conf-aaaa-3")
			if runs := unfinished(t, path); len(runs) != 1 || runs[0].Creates != 3 {
				t.Errorf("of the run elsewhere the journal knows %+v", runs)
			}
			if err := errors.Join(running.Finish(), file.Tidy(), file.Close()); err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(path); err != nil || info.Size() != 0 {
				t.Errorf("the last run leaves %v, %v", info, err)
			}
			if files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(files) > 0 {
				t.Errorf("files left: %v", files)
			}
		})
	}
}

// While a sweep is under way no run of its target begins; afterwards one does.
func TestNoRunBesideASweep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	file, _ := begin(t, path, "aaaa")
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	sweep, err := OpenAlone(path, target, organization)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holdTarget(path, target+":443/", organization, false); !errors.Is(err, ErrBusy) {
		t.Errorf("a run beside the sweep: %v", err)
	}
	if err := sweep.Close(); err != nil {
		t.Fatal(err)
	}
	begin(t, path, "bbbb")
}

// The lock of a path that leads to a journal by a link is that of the journal. A directory that takes no further file, as on
// a full disk, does not stop a sweep, unless somebody has the journal.
func TestLinksAndFullDisks(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "journal.jsonl"), filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	file, _ := begin(t, path, "aaaa")
	if _, err := OpenAlone(link, target, organization); !errors.Is(err, ErrBusy) {
		t.Errorf("by a link: %v", err)
	}
	long := filepath.Join(dir, strings.Repeat("j", 250)) // beside it no lock has room for its name
	if _, err := holdTarget(long, target, organization, false); err == nil || errors.Is(err, ErrBusy) {
		t.Fatalf("there is room for a lock: %v", err)
	}
	if err := errors.Join(file.Close(), os.Rename(path, long)); err != nil {
		t.Fatal(err)
	}
	sweep, err := OpenAlone(long, target, organization)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(long, 0); !errors.Is(err, ErrBusy) {
		t.Errorf("without a lock of its own the sweep does not have the journal alone: %v", err)
	}
	if err := sweep.Close(); err != nil {
		t.Error(err)
	}
	if _, err := OpenAlone(filepath.Join(dir, "none"), target, organization); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no journal: %v", err)
	}
}
