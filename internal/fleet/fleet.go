// Package fleet holds what the runs over many targets come to: an entry for each target, the share of a process, and the page
// and the table of all. It judges nothing and sends nothing.
package fleet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/paths"
	"github.com/sa-conformance/conformance/internal/report"
)

// SchemaVersion is the version of the files of a fleet.
const SchemaVersion = "1.0"

// The files of a directory of a fleet: the names of its targets, and for each target a directory with its entry and reports.
const (
	TargetsFile = "targets.json"
	EntryFile   = "entry.json"
	ReportFile  = "report.json"
	ReadFile    = "report.html" // of a target that did not pass
	JournalFile = "journal.jsonl"
	PageFile    = "fleet.html"
	SummaryFile = "fleet.json"
)

// Targets names all targets of a fleet, whichever process judges them.
type Targets struct {
	SchemaVersion string   `json:"schemaVersion"`
	Targets       []string `json:"targets"`
}

// Entry is what the run over one target comes to.
type Entry struct {
	SchemaVersion string `json:"schemaVersion"`
	Name          string `json:"name"`
	URL           string `json:"url"`
	// ExitCode and Text are those of "conformance run" for this target.
	ExitCode  int               `json:"exitCode"`
	Text      string            `json:"text"`
	Verdict   report.Verdict    `json:"verdict,omitempty"`
	Gate      report.GateStatus `json:"gate,omitempty"`
	RunID     string            `json:"runId,omitempty"`
	StartedAt time.Time         `json:"startedAt"`
	Seconds   float64           `json:"durationSeconds"`
	Counts    report.Counts     `json:"counts"`
	Accounts  report.Accounts   `json:"accounts"`
	Failed    []string          `json:"failed,omitempty"`
	Report    string            `json:"report,omitempty"`
	// Page is the report for people; "" for a target that passed.
	Page       string `json:"page,omitempty"`
	Incomplete bool   `json:"endedEarly,omitempty"`
}

// Fleet is the entries of all targets, by name, and which are missing.
type Fleet struct {
	SchemaVersion string   `json:"schemaVersion"`
	ExitCode      int      `json:"exitCode"`
	Targets       []Entry  `json:"targets"`
	Missing       []string `json:"missing"`
}

// exitUntold is the exit code of a fleet of which targets are missing: nothing is known of them.
const exitUntold = 3

// New puts entries together. The exit code is the highest.
func New(names []string, entries []Entry) *Fleet {
	f := &Fleet{SchemaVersion: SchemaVersion, Targets: slices.Clone(entries), Missing: []string{}}
	slices.SortFunc(f.Targets, func(a, b Entry) int { return slices.Index(names, a.Name) - slices.Index(names, b.Name) })
	for _, e := range f.Targets {
		f.ExitCode = max(f.ExitCode, e.ExitCode)
	}
	for _, name := range names {
		if !slices.ContainsFunc(entries, func(e Entry) bool { return e.Name == name }) {
			f.Missing = append(f.Missing, name)
			f.ExitCode = max(f.ExitCode, exitUntold)
		}
	}
	return f
}

// EntryOf is the entry of a target that was judged.
func EntryOf(name string, r *report.Report, exitCode int, text string) Entry {
	e := Entry{
		SchemaVersion: SchemaVersion, Name: name, URL: r.Target.URL, ExitCode: exitCode, Text: text, Verdict: r.Verdict, Gate: r.Gate.Status,
		RunID: r.RunID, StartedAt: r.StartedAt, Seconds: r.DurationSeconds, Counts: report.Count(report.Ours(r)), Accounts: r.Accounts,
		Report: name + "/" + ReportFile, Incomplete: !r.Complete,
	}
	if exitCode != 0 {
		e.Page = name + "/" + ReadFile
	}
	for _, c := range report.Cards(r) {
		e.Failed = append(e.Failed, c.ID)
	}
	return e
}

// Share is the part of the names that process index of count takes: each name belongs to one index.
func Share(names []string, index, count int) (mine []string) {
	for i, name := range names {
		if i%count == index {
			mine = append(mine, name)
		}
	}
	return mine
}

// ReadEntry reads the entry of a target, nil if there is none.
func ReadEntry(dir, name string) (*Entry, error) {
	data, err := os.ReadFile(filepath.Join(dir, name, EntryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the entry of %s: %w", name, err)
	}
	var e Entry
	if err := json.Unmarshal(data, &e); err != nil || e.Name != name {
		return nil, fmt.Errorf("reading the entry of %s: it is none", name)
	}
	return &e, nil
}

// Read reads a directory of a fleet, whatever processes wrote it.
func Read(dir string) (*Fleet, error) {
	data, err := os.ReadFile(filepath.Join(dir, TargetsFile))
	if err != nil {
		return nil, fmt.Errorf("reading the names of the targets: %w", err)
	}
	var all Targets
	if err := json.Unmarshal(data, &all); err != nil || len(all.Targets) == 0 {
		return nil, fmt.Errorf("reading %s: it names no targets", TargetsFile)
	}
	var entries []Entry
	for _, name := range all.Targets {
		if !ValidName(name) {
			return nil, fmt.Errorf("reading %s: %s is not the name of a target", TargetsFile, report.Printable(name))
		}
		e, err := ReadEntry(dir, name)
		if err != nil {
			return nil, err
		}
		if e != nil {
			entries = append(entries, *e)
		}
	}
	return New(all.Targets, entries), nil
}

// ValidName reports whether a name can be that of a directory of a fleet, on every system.
func ValidName(name string) bool {
	own := []string{TargetsFile, PageFile, SummaryFile}
	return paths.Portable(name) && !slices.ContainsFunc(own, func(file string) bool { return paths.Same(name, file) })
}
