package runs

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const target = "https://identity.example.com"

func chain(t *testing.T, verdicts ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "runs.jsonl")
	var data []byte
	for i, verdict := range verdicts {
		f := Open(path, time.Now)
		number, err := f.Begin(target, i%2 == 0)
		if err != nil || number != i+1 {
			t.Fatal(number, err)
		}
		if verdict == "" {
			continue
		}
		if data, err = f.End("run", verdict); err != nil {
			t.Fatal(err)
		}
	}
	if written, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(written, data) {
		t.Errorf("%v, %q", err, written)
	}
	return data
}

// A red run that is left out shows, and so does one that was broken off.
func TestChain(t *testing.T) {
	data := chain(t, "conformant", "non-conformant", "", "conformant")
	c, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	all, witnessed, verdicts := c.Count(target)
	if all != 4 || witnessed != 2 || verdicts["conformant"] != 2 || verdicts["non-conformant"] != 1 || verdicts["broken off"] != 1 || c.Runs() != 4 {
		t.Errorf("%d, %d, %v", all, witnessed, verdicts)
	}
	if all, _, _ := c.Count("https://other.example.com"); all != 0 {
		t.Errorf("%d runs against another target", all)
	}
	lines := strings.SplitAfter(string(data), "\n")
	for name, forged := range map[string]string{
		"a run less":        strings.Join(append(lines[:2:2], lines[4:]...), ""),
		"the end less":      strings.Join(append(lines[:3:3], lines[4:]...), ""),
		"another verdict":   strings.Replace(string(data), "non-conformant", "conformant", 1),
		"another order":     lines[2] + lines[0] + strings.Join(lines[3:], ""),
		"half a line":       string(data[:len(data)-2]),
		"an unknown member": strings.Replace(string(data), `"number":1`, `"x":1,"number":1`, 1),
		"spaces":            strings.Replace(string(data), `{"number":1`, `{ "number":1`, 1),
		"another number":    strings.Replace(string(data), `"number":1`, `"number":2`, 1),
	} {
		if _, err := Parse([]byte(forged)); err == nil {
			t.Errorf("%s: it is a chain", name)
		}
	}
}

// Runs at once get numbers of their own.
func TestAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "runs.jsonl")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			f := Open(path, time.Now)
			if _, err := f.Begin(target, false); err != nil {
				t.Error(err)
			}
			if _, err := f.End("run", "conformant"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := Parse(data); err != nil || c.Runs() != 4 || len(c.Lines) != 8 {
		t.Errorf("%v, %v", c, err)
	}
}
