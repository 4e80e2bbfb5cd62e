package fleet_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/fleet"
)

// A directory that is no fleet's, or whose files are damaged, is an error that names the file; nothing outside it is read.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ targets, entry, want string }{
		"no names":          {"", "", "reading the names of the targets"},
		"no JSON":           {"{", "", "it names no targets"},
		"an empty list":     {`{"targets":[]}`, "", "it names no targets"},
		"a way out":         {`{"targets":["../a"]}`, "", "is not the name of a target"},
		"a hidden name":     {`{"targets":[".a"]}`, "", "is not the name of a target"},
		"no entry in JSON":  {`{"targets":["a"]}`, "{", "reading the entry of a: it is none"},
		"another's entry":   {`{"targets":["a"]}`, `{"name":"b"}`, "reading the entry of a: it is none"},
		"an escape in name": {`{"targets":["a\u001b"]}`, "", "is not the name of a target"},
	} {
		dir := t.TempDir()
		if test.targets != "" {
			write(t, filepath.Join(dir, fleet.TargetsFile), test.targets)
		}
		if test.entry != "" {
			write(t, filepath.Join(dir, "a", fleet.EntryFile), test.entry)
		}
		if _, err := fleet.Read(dir); err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is missing makes the exit code 3 at least, and each name is in one share.
func TestReadAndShare(t *testing.T) {
	t.Parallel()
	dir, names := t.TempDir(), []string{"a", "b", "c"}
	write(t, filepath.Join(dir, fleet.TargetsFile), `{"targets":["a","b","c"]}`)
	write(t, filepath.Join(dir, "b", fleet.EntryFile), `{"name":"b","exitCode":1,"text":"exit 1"}`)
	f, err := fleet.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := f.Table(&b); err != nil || f.ExitCode != 3 || !slices.Equal(f.Missing, []string{"a", "c"}) || strings.Count(b.String(), "missing") != 2 || !strings.Contains(b.String(), "b: exit 1") {
		t.Errorf("%v, %+v\n%s", err, f, b.String())
	}
	var all []string
	for i := range 2 {
		all = append(all, fleet.Share(names, i, 2)...)
	}
	if slices.Sort(all); !slices.Equal(all, names) {
		t.Errorf("shares: %q", all)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
