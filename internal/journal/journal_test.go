package journal

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/disguise"
)

const (
	target       = "https://identity.example.com"
	organization = "d4600d6e-e965-4b44-a808-84fb2fa36702"
	collection   = "/api/v1/organizations/" + organization + "/serviceaccounts"
)

func begin(t *testing.T, path, id string) (*File, *Recorder) {
	t.Helper()
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	r, err := file.Begin(Run{ID: id, Target: target, Organization: organization, Prefix: "conf-" + id + "-"}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return file, r
}

func intend(t *testing.T, r *Recorder, texts ...string) int {
	t.Helper()
	n, err := r.Intend(collection, texts)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// unfinished reads the journal as a sweep would.
func unfinished(t *testing.T, path string) []Unfinished {
	t.Helper()
	data, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = data.Close() }()
	runs, _, err := unfinishedIn(data, target+"/", strings.ToUpper(organization))
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// A run is read back as it was written, and is forgotten once it is finished.
func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "journal.jsonl")
	file, r := begin(t, path, "1a2b")
	first, second, third := intend(t, r, "conf-1a2b-a"), intend(t, r, "conf-1a2b-b", "by conf-1a2b-"), intend(t, r, "conf-1a2b-c")
	r.Created(first, collection, "ID-1", "conf-1a2b-a")
	r.Created(second, collection, "id-2", "conf-1a2b-b")
	r.Deleted("id-1")
	fourth := intend(t, r, "conf-1a2b-d")
	r.Told(fourth)
	runs := unfinished(t, path)
	if len(runs) != 1 || r.Fault() != nil {
		t.Fatalf("%d runs, fault %v", len(runs), r.Fault())
	}
	u := runs[0]
	if u.Since.After(u.Last) || time.Since(u.Since) > time.Minute {
		t.Errorf("since %v, last %v", u.Since, u.Last)
	}
	u.Since, u.Last = time.Time{}, time.Time{}
	want := Unfinished{
		Run:         Run{ID: "1a2b", Target: target, Organization: organization, Prefix: "conf-1a2b-"},
		Texts:       []string{"conf-1a2b-a", "conf-1a2b-b", "by conf-1a2b-", "conf-1a2b-c", "conf-1a2b-d"},
		Collections: []string{collection}, Accounts: []Account{{ID: "id-2", Name: "conf-1a2b-b", Collection: collection}},
		Creates: 4, Made: []string{collection},
		Unanswered: map[int]Create{third: {Texts: []string{"conf-1a2b-c"}, Collection: collection}},
		Unnamed:    map[int]Create{fourth: {Texts: []string{"conf-1a2b-d"}, Collection: collection}},
	}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	r.Refused(third)
	if runs := unfinished(t, path); len(runs[0].Unanswered) > 0 {
		t.Errorf("unanswered: %v", runs[0].Unanswered)
	}
	if err := r.Finish(); err != nil || len(unfinished(t, path)) > 0 {
		t.Errorf("error %v, %v", err, unfinished(t, path))
	}
	if err := file.Tidy(); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("after the last run: %v, %v", info, err)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory: %v, %v", info, err)
	}
}

// Nothing is removed by what no run writes: a prefix of another form, or of another run, and no beginning.
func TestFault(t *testing.T) {
	now := time.Now()
	for prefix, fine := range map[string]bool{
		"conf-0123abcd-": true, "conf-0123abcd-challenge9-": true, "": false, "billing-": false, "conf-": false, "conf-0123ABCD-": false,
		"conf-0123abcd": false, "conf-0123abce-": false, "conf-0123abcd-x-": false, "conf-0123abcd-challenge9-x-": false, "conf-0123abcd-\n": false,
	} {
		u := Unfinished{Run: Run{ID: "0123abcd", Prefix: prefix}, Since: now, Last: now}
		if fault := u.Fault(); (fault == "") != fine {
			t.Errorf("%q: %q", prefix, fault)
		}
	}
	d := disguise.New("")
	for name, c := range map[string]struct {
		run  Run
		fine bool
	}{
		"a disguise":                {Run{ID: "0123abcd", Prefix: d.Prefix(), Disguise: d.String()}, true},
		"a prefix without":          {Run{ID: "0123abcd", Prefix: d.Prefix()}, false},
		"another prefix":            {Run{ID: "0123abcd", Prefix: "billing-", Disguise: d.String()}, false},
		"less of the prefix":        {Run{ID: "0123abcd", Prefix: d.Prefix()[:4], Disguise: d.String()}, false},
		"no disguise":               {Run{ID: "0123abcd", Prefix: "billing-", Disguise: "billing-"}, false},
		"the prefix of no disguise": {Run{ID: "0123abcd", Prefix: "conf-0123abcd-", Disguise: d.String()}, false},
	} {
		u := Unfinished{Run: c.run, Since: now, Last: now}
		if fault := u.Fault(); (fault == "") != c.fine {
			t.Errorf("%s: %q", name, fault)
		}
	}
	for _, since := range []time.Time{{}, now.Add(time.Hour)} {
		u := Unfinished{Run: Run{ID: "0123abcd", Prefix: "conf-0123abcd-"}, Since: since, Last: now}
		if u.Fault() == "" {
			t.Errorf("a run that began at %v", since)
		}
	}
}

// Creates that go at once share a write to disk, and each is there when it is told so.
func TestManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	_, r := begin(t, path, "1a2b")
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			name := "conf-1a2b-" + strings.Repeat("x", i+1)
			intend(t, r, name)
			if runs := unfinished(t, path); !slices.Contains(runs[0].Texts, name) {
				t.Errorf("%s is not there", name)
			}
		})
	}
	wg.Wait()
	if runs := unfinished(t, path); runs[0].Creates != 40 || len(runs[0].Unanswered) != 40 {
		t.Errorf("%d creates, %d unanswered", runs[0].Creates, len(runs[0].Unanswered))
	}
}

// Runs share a journal; a sweep has it alone, and takes out of it only what is finished.
func TestSharing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	a, first := begin(t, path, "aaaa")
	b, second := begin(t, path, "bbbb")
	intend(t, first, "conf-aaaa-x")
	intend(t, second, "conf-bbbb-x")
	if _, err := OpenAlone(path, target+"/", strings.ToUpper(organization)); !errors.Is(err, ErrBusy) {
		t.Fatalf("while runs go on: %v", err)
	}
	if err := errors.Join(first.Finish(), a.Tidy(), a.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}
	sweep, err := OpenAlone(path, target+"/", strings.ToUpper(organization))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenAlone(path, target+"/", strings.ToUpper(organization)); !errors.Is(err, ErrBusy) {
		t.Errorf("while a sweep goes on: %v", err)
	}
	if err := errors.Join(sweep.Tidy(), sweep.Close()); err != nil {
		t.Fatal(err)
	}
	if runs := unfinished(t, path); len(runs) != 1 || runs[0].ID != "bbbb" || runs[0].Creates != 1 {
		t.Errorf("left: %+v", runs)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".journal-*")); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

// A line that a power cut broke off does not spoil the next, and a file that is no journal is left alone.
func TestDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	torn := `{"event":"begun","run":"aaaa","target":"` + target + `","organization":"` + organization + `"}` + "\n" + `{"event":"inte`
	if err := os.WriteFile(path, []byte(torn), 0o600); err != nil {
		t.Fatal(err)
	}
	begin(t, path, "bbbb")
	if runs := unfinished(t, path); len(runs) != 2 {
		t.Errorf("%d runs", len(runs))
	}
	for text, fine := range map[string]bool{"": true, `{"ev`: true, "\x00\x00\x00": true, "# A title\n": false, "{}\n": false} {
		other := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(other, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := OpenAlone(other, target, organization)
		if (err == nil) != fine {
			t.Errorf("%q: %v", text, err)
		}
		if file != nil {
			_ = file.Close()
		}
		if data, _ := os.ReadFile(other); !strings.HasPrefix(string(data), text) {
			t.Errorf("%q became %q", text, data)
		}
	}
}

func TestFullDisk(t *testing.T) {
	file, err := Open("/dev/full")
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = file.Close() }()
	if _, err := file.Begin(Run{ID: "aaaa"}, time.Now); err == nil {
		t.Error("begun on a full disk")
	}
}

func TestSameTarget(t *testing.T) {
	for _, pair := range [][2]string{
		{"https://h", "https://H/"}, {"https://h:443/a", "https://h/a/"}, {"http://h:80", "http://h"},
	} {
		if !SameTarget(pair[0], pair[1]) {
			t.Errorf("%q differ", pair)
		}
	}
	for _, pair := range [][2]string{{"https://h", "http://h"}, {"https://h/a", "https://h/b"}, {"https://h", "https://h:8443"}, {"https://h", "https://h.example"}} {
		if SameTarget(pair[0], pair[1]) {
			t.Errorf("%q are the same", pair)
		}
	}
}

// FuzzScan: whatever a journal holds, reading it ends without a fault and names only what is in it.
func FuzzScan(f *testing.F) {
	f.Add(`{"event":"intent","run":"aaaa","target":"https://h","organization":"o","create":1,"texts":["conf-aaaa-x"]}` + "\n{")
	f.Add("\x00\n# no journal\n")
	f.Fuzz(func(t *testing.T, text string) {
		runs, _, err := unfinishedIn(strings.NewReader(text), "https://h", "o")
		if err != nil && len(runs) > 0 {
			t.Error("both entries and an error")
		}
		for _, u := range runs {
			if u.ID == "" || len(u.Unanswered) > u.Creates {
				t.Errorf("%+v", u)
			}
		}
	})
}
