// Package history puts the reports of many runs together: verdicts and counts over time, the outcomes of each requirement, what
// changed and what moved it, and the latency of each operation. It judges nothing and sends nothing.
package history

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	jsonv2 "github.com/go-json-experiment/json" // takes half the time of encoding/json
	"github.com/go-json-experiment/json/jsontext"

	"github.com/sa-conformance/conformance/internal/compare"
	"github.com/sa-conformance/conformance/internal/report"
)

// Run is a run of the history.
type Run struct {
	File string
	*report.Report
	// Latency is the median of each operation in seconds.
	Latency map[string]float64
}

// Target is the history of one target, the oldest run first.
type Target struct {
	URL, Organization string
	Runs              []*Run
	Changes           []Step
}

// Step is what changed from a run to the next.
type Step struct {
	Old, New *Run
	*compare.Comparison
}

// longestReport bounds what is read of a file, in bytes.
const longestReport = 64 << 20

// Read reads every report below a directory. Files that are no reports are passed over, and named.
func Read(dir string) (targets []*Target, passed []string, err error) {
	var files []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".json") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", dir, err)
	}
	runs := make([]*Run, len(files))
	var words interned
	inParallel(len(files), func() func(int) {
		var buffer []byte // of one worker
		return func(i int) { runs[i], buffer = read(files[i], buffer, &words) }
	})
	of := map[string]*Target{}
	seen := map[string]bool{}
	for i, r := range runs {
		switch {
		case r == nil:
			passed = append(passed, files[i])
		case !seen[r.RunID+r.Target.URL]: // one run may be there twice
			seen[r.RunID+r.Target.URL] = true
			key := r.Target.URL + " " + r.Target.Organization
			if r.Target.Embedded { // its address is another one each time
				key = "embedded"
			}
			if of[key] == nil {
				of[key] = &Target{URL: r.Target.URL, Organization: r.Target.Organization}
				if r.Target.Embedded {
					of[key].URL = "the reference inside the process"
				}
				targets = append(targets, of[key])
			}
			of[key].Runs = append(of[key].Runs, r)
		}
	}
	slices.SortFunc(targets, func(a, b *Target) int { return cmp.Compare(a.URL+a.Organization, b.URL+b.Organization) })
	for _, t := range targets {
		t.compare()
	}
	return targets, passed, nil
}

// compare puts the runs in order, and finds what changed from each to the next.
func (t *Target) compare() {
	slices.SortStableFunc(t.Runs, func(a, b *Run) int { return a.StartedAt.Compare(b.StartedAt) })
	steps := make([]*compare.Comparison, len(t.Runs))
	inParallel(len(t.Runs)-1, func() func(int) {
		return func(i int) {
			steps[i+1] = compare.Compare(compare.Input{Old: t.Runs[i].Report, New: t.Runs[i+1].Report, WhyNot: "a history has no recordings", OutcomesOnly: true})
		}
	})
	for i, c := range steps {
		if c != nil && (len(c.Changes) > 0 || c.Old.Verdict != c.New.Verdict) {
			t.Changes = append(t.Changes, Step{t.Runs[i-1], t.Runs[i], c})
		}
	}
}

// inParallel works on the numbers below n. Each worker has a function of its own.
func inParallel(n int, worker func() func(int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			work := worker()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	all.Wait()
}

// interned keeps one copy of each text: the reports of a history say nearly the same.
type interned struct {
	mu    sync.Mutex
	texts map[string]string
}

// intern replaces the texts of results by the copies.
func (w *interned) intern(results []report.Result) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.texts == nil {
		w.texts = map[string]string{}
	}
	for i := range results {
		r := &results[i]
		r.Evidence, r.Needs, r.Contested = nil, nil, nil // of exchanges that are not kept, and of the catalogue
		for _, text := range []*string{&r.ID, &r.Section, &r.Statement, &r.Citation, &r.Message, &r.Expected, &r.Seen, &r.Probe} {
			known, ok := w.texts[*text]
			if !ok {
				known = *text
				w.texts[known] = known
			}
			*text = known
		}
	}
}

// exchangesMember begins the last member of a report.json. No string holds a line feed, so that it stands nowhere else.
var exchangesMember = []byte("\n  \"exchanges\": [")

// read reads a report into a buffer, which it returns; nil if it is none. Of the exchanges it reads operation and duration alone, which
// is most of the time.
func read(file string, buffer []byte, words *interned) (*Run, []byte) {
	buffer = load(file, buffer[:0])
	r := parse(buffer)
	if r != nil {
		r.File = file
		words.intern(r.Results)
	}
	return r, buffer
}

// load reads a whole file into a buffer; nothing if it is too long or cannot be read.
func load(file string, buffer []byte) []byte {
	f, err := os.Open(file)
	if err != nil {
		return buffer
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || info.Size() > longestReport {
		return buffer
	}
	buffer = slices.Grow(buffer, int(info.Size())+1)[:info.Size()]
	if _, err := io.ReadFull(f, buffer); err != nil {
		return buffer[:0]
	}
	return buffer
}

// parse parses a report; nil if it is none. It keeps nothing of the text.
func parse(data []byte) *Run {
	if !bytes.Contains(data[:min(len(data), 200)], []byte(`"schemaVersion"`)) {
		return nil
	}
	head, exchanges, found := bytes.Cut(data, exchangesMember)
	if found {
		head = append(slices.Clip(head), "\n  \"exchanges\": []\n}"...) // a copy: the text behind it is read below
	}
	r := &report.Report{}
	version, _, _ := strings.Cut(report.SchemaVersion, ".")
	if jsonv2.Unmarshal(head, r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) != nil || r.RunID == "" || !strings.HasPrefix(r.SchemaVersion, version+".") {
		return nil
	}
	run := &Run{Report: r, Latency: map[string]float64{}}
	of := map[string][]float64{}
	for _, e := range r.Exchanges { // of a report in another layout
		if e.Operation != "" && e.Response != nil {
			of[e.Operation] = append(of[e.Operation], e.Seconds)
		}
	}
	r.Exchanges = nil
	durations(exchanges, of)
	for operation, all := range of {
		slices.Sort(all)
		run.Latency[operation] = all[len(all)/2]
	}
	return run
}

var (
	operationMember = []byte("\n      \"operation\": ")
	durationMember  = []byte("\n      \"durationSeconds\": ")
)

// durations finds operation and duration of each exchange, which stand on lines of their own.
func durations(exchanges []byte, of map[string][]float64) {
	for {
		at := bytes.Index(exchanges, operationMember)
		if at < 0 {
			return
		}
		exchanges = exchanges[at+len(operationMember):]
		var operation string
		line, _, _ := bytes.Cut(exchanges, []byte(",\n"))
		if json.Unmarshal(line, &operation) != nil {
			return
		}
		at = bytes.Index(exchanges, durationMember)
		if at < 0 {
			return
		}
		exchanges = exchanges[at+len(durationMember):]
		number, _, _ := bytes.Cut(exchanges, []byte(",\n"))
		if seconds, err := strconv.ParseFloat(string(number), 64); err == nil {
			of[operation] = append(of[operation], seconds)
		}
	}
}
