//go:build unix

package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// generated is a journal that is made while it is read, and watches the memory that its reader takes.
type generated struct {
	pieces func(n int) string // "" ends it
	n      int
	rest   string
	read   int
	before uint64
	most   uint64
}

func (g *generated) Read(p []byte) (int, error) {
	if g.rest == "" {
		g.rest = g.pieces(g.n)
		if g.n%1000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if g.n == 0 {
				g.before = m.HeapAlloc
			}
			g.most = max(g.most, m.HeapAlloc)
		}
		g.n++
	}
	if g.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	g.read += n
	return n, nil
}

// history is a finished run in the lines of a journal, or one that was cut short.
func history(id string, finished bool) string {
	var b strings.Builder
	add := func(e Entry) {
		e.Time, e.Run, e.Target, e.Organization, e.Prefix = time.Unix(1_790_000_000, 0).UTC(), id, target, organization, "conf-"+id+"-"
		line, _ := encode(e) // it has nothing that is no JSON
		b.Write(line)
	}
	add(Entry{Event: Begun})
	for i := 1; i <= 10; i++ {
		name := fmt.Sprintf("conf-%s-%d", id, i)
		add(Entry{Event: Intent, Create: i, Collection: collection, Texts: []string{name}})
		add(Entry{Event: Created, Create: i, Collection: collection, ID: "id-" + name, Name: name})
		if finished {
			add(Entry{Event: Deleted, ID: "id-" + name})
		}
	}
	if finished {
		add(Entry{Event: Finished})
	}
	return b.String()
}

// long is a journal of 300 MB: finished runs, four that are not, a line without an end, and zeros.
func long() *generated {
	const runs, garbage, size = 2000, 4500, 64 << 10
	text := strings.Repeat("x", size)
	zeros := strings.Repeat("\x00", size)
	return &generated{pieces: func(n int) string {
		switch {
		case n < runs:
			return history(fmt.Sprintf("%08x", n), n%700 != 7)
		case n < runs+garbage/2:
			return text
		case n == runs+garbage/2:
			return "\n"
		case n < runs+garbage:
			return zeros // what a power cut took
		case n == runs+garbage:
			return history("ffffffff", false)
		}
		return ""
	}}
}

// frugal fails if a journal was not long, or took memory.
func (g *generated) frugal(t *testing.T) {
	t.Helper()
	if g.read < 300_000_000 {
		t.Errorf("only %d MB were read", g.read>>20)
	}
	if more := int64(g.most) - int64(g.before); more > 4<<20 {
		t.Errorf("it took %d MB", more>>20)
	}
}

// A journal of 300 MB takes the memory of the runs that are not finished, both to read and to make shorter.
func TestALongJournal(t *testing.T) {
	g := long()
	runs, damaged, err := unfinishedIn(g, target, organization)
	if err != nil || damaged != 1 || len(runs) != 4 {
		t.Fatalf("%d runs, %d lines damaged, %v", len(runs), damaged, err)
	}
	want := ""
	for i, id := range []string{"00000007", "000002c3", "0000057f", "ffffffff"} {
		want += history(id, false)
		if u := runs[i]; u.ID != id || len(u.Accounts) != 10 || u.Creates != 10 || len(u.Texts) != 10 {
			t.Errorf("%+v", u)
		}
	}
	g.frugal(t)
	g = long()
	open, err := unfinishedRuns(g)
	if err != nil || len(open) != 4 {
		t.Errorf("%v, %v", open, err)
	}
	g.frugal(t)
	g = long()
	var shorter strings.Builder
	if err := copyRuns(&shorter, g, open); err != nil || shorter.String() != want {
		t.Errorf("%d bytes are left, not %d: %v", shorter.Len(), len(want), err)
	}
	g.frugal(t)
}

// A sweep makes a journal shorter in its place. What comes after the end of a run is kept: it may have made an account.
func TestCompaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	left, late := history("0badcafe", false), history("0000beef", true)+history("0000beef", false)
	text := history("00000001", true) + left + strings.Repeat("x", 2*longest) + "\n" + history("00000002", true) + late
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sweep, err := OpenAlone(path, target, organization)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sweep.Tidy(), sweep.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || string(data) != left+late {
		t.Errorf("%d bytes are left, not %d: %v", len(data), len(left+late), err)
	}
	if runs := unfinished(t, path); len(runs) != 2 || len(runs[0].Accounts) != 10 || len(runs[1].Accounts) != 10 {
		t.Errorf("%+v", runs)
	}
}

// A pipe keeps nothing; nobody waits for its writer.
func TestAPipeIsNoJournal(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	_, run := Open(pipe)
	_, sweep := OpenAlone(pipe, target, organization)
	if run == nil || sweep == nil {
		t.Errorf("a run: %v, a sweep: %v", run, sweep)
	}
}
