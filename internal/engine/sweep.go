package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/journal"
	"github.com/sa-conformance/conformance/internal/probe"
)

// Swept is what a sweep did.
type Swept struct {
	Journal      string `json:"journal"`
	Target       string `json:"target"`
	Organization string `json:"organization"`
	// Runs are the ids of the runs that may have left something.
	Runs []string `json:"runs"`
	// Named counts the creates that the journal names for them.
	Named    int            `json:"named"`
	Accounts []SweptAccount `json:"accounts"`
	Deleted  int            `json:"deleted"`
	Left     int            `json:"left"`
	// Verified is set if a list confirmed that nothing is left, and shows no newcomers.
	Verified bool `json:"verified"`
	DryRun   bool `json:"dryRun"`
	// Unseen counts the creates that were cut off in the last two minutes and that no list shows: a target may still be at
	// them, and the journal keeps their runs for a later sweep.
	Unseen int `json:"unseen,omitempty"`
	// Newcomers counts the accounts that appeared in the time of the runs and that they did not create by a response that they
	// saw. They may be those of other clients.
	Newcomers int `json:"newcomers,omitempty"`
	// Refused are the runs by which nothing is removed, each with the reason.
	Refused []string `json:"refused,omitempty"`
	// Unclear says what the sweep cannot know.
	Unclear []string `json:"unclear,omitempty"`
	// Unreadable says why the list could not be read.
	Unreadable string `json:"unreadable,omitempty"`
	// Damaged counts the lines of the journal that are not whole.
	Damaged int `json:"damaged,omitempty"`
	// Unwritten says why the journal does not hold what the sweep did.
	Unwritten string `json:"unwritten,omitempty"`

	settled bool // the list shows nothing of the runs, be there newcomers or not
}

// SweptAccount is an account that an earlier run left.
type SweptAccount struct {
	Name string `json:"name"`
	ID   string `json:"id"`
	Gone bool   `json:"gone"`
}

// recent is how long a target may be at a create that it has not answered.
const recent = 2 * time.Minute

// Sweep removes from a target what the journal names and nothing else; with dry it only looks. A journal that can be read
// and not written does not stop it. The error is a *ConfigError.
func Sweep(ctx context.Context, cfg Config, dry bool) (*Swept, error) {
	if cfg.Target == "" {
		return nil, newConfigError("there is nothing to sweep without a target; name it with --target")
	}
	if cfg.Journal == NoJournal {
		return nil, newConfigError("there is nothing to sweep without a journal; name the one of the run with --journal")
	}
	cfg, err := cfg.journalled()
	if err != nil {
		return nil, err
	}
	cfg, stop, err := cfg.complete(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	result := &Swept{
		Journal: cfg.Journal, Target: cfg.Target, Organization: cfg.Organization, Runs: []string{},
		Accounts: []SweptAccount{}, Verified: true, DryRun: dry,
	}
	file, err := journal.OpenAlone(cfg.Journal, cfg.Target, cfg.Organization)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, newConfigError("there is no journal %s; name the one of the run with --journal", cfg.Journal)
	case errors.Is(err, journal.ErrBusy):
		return nil, newConfigError("a run on this target is using the journal %s; wait until it is over, or end it", cfg.Journal)
	case err != nil:
		return nil, newConfigError("the journal %s cannot be used: %s", cfg.Journal, inner(err))
	}
	defer func() { _ = file.Close() }()
	unfinished, damaged, err := file.Unfinished(cfg.Target, cfg.Organization)
	if err != nil {
		return nil, newConfigError("the journal %s cannot be used: %s", cfg.Journal, inner(err))
	}
	result.Damaged = damaged
	var runs []journal.Unfinished
	for _, run := range unfinished {
		if fault := run.Fault(); fault != "" {
			result.Refused = append(result.Refused, fmt.Sprintf("run %s: %s", run.ID, fault))
			continue
		}
		runs = append(runs, run)
	}
	if len(runs) > 0 {
		if cfg, err = cfg.authenticate(ctx); err != nil {
			return nil, err
		}
		result.sweep(ctx, cfg, runs, dry)
	}
	if dry {
		return result, nil
	}
	if err := result.mark(file, runs); err != nil {
		result.Unwritten = inner(err)
	}
	return result, nil
}

// sweep removes what the runs left.
func (s *Swept) sweep(ctx context.Context, cfg Config, runs []journal.Unfinished, dry bool) {
	target := cfg.target()
	defer target.Client.CloseIdleConnections()
	var wanted []probe.SweepTarget
	for _, run := range runs {
		s.Runs = append(s.Runs, run.ID)
		s.Named += run.Creates
		wanted = append(wanted, sweepTargets(run))
	}
	secrets := cfg.secrets()
	found := probe.New(target, cfg.limits(), runID(), secrets, time.Now).Sweep(ctx, wanted, dry)
	s.Newcomers, s.settled = found.Newcomers, found.Settled
	s.Unreadable, s.Verified, s.Unseen, s.Unclear = found.Unreadable, found.Verified, found.Unseen, found.Unclear
	for _, f := range found.Found {
		s.Accounts = append(s.Accounts, SweptAccount{Name: secrets.ConcealHeader("name", f.Name), ID: secrets.ConcealHeader("id", f.ID), Gone: f.Gone})
		if f.Gone {
			s.Deleted++
		} else {
			s.Left++
		}
	}
}

// mark writes into the journal what is gone, and takes the runs that left nothing out of it.
func (s *Swept) mark(file *journal.File, runs []journal.Unfinished) error {
	for _, run := range runs {
		recorder := file.Resume(run.Run, time.Now)
		for _, a := range s.Accounts {
			if a.Gone {
				recorder.Deleted(a.ID)
			}
		}
		if err := recorder.Fault(); err != nil {
			return err
		}
		if s.settled && s.Left == 0 && s.Unseen == 0 {
			if err := recorder.Finish(); err != nil {
				return err
			}
		}
	}
	return file.Tidy()
}

// sweepTargets is what the journal says of a run; texts that do not hold the run's own prefix name nothing.
func sweepTargets(run journal.Unfinished) probe.SweepTarget {
	s := probe.SweepTarget{
		Prefix: run.Prefix, IDs: map[string]string{}, Collections: run.Collections, Made: run.Made, Since: run.Since, Last: run.Last,
		Run: run.ID, Alive: len(run.Alive),
	}
	for _, create := range run.Unanswered {
		s.Open = append(s.Open, create.Collection)
		if time.Since(run.Last) < recent {
			s.Unanswered = append(s.Unanswered, create.Texts)
		}
	}
	for _, create := range run.Unnamed {
		s.Told = append(s.Told, create.Texts)
	}
	for _, text := range run.Texts {
		if run.Prefix != "" && strings.Contains(text, run.Prefix) {
			s.Texts = append(s.Texts, text)
		}
	}
	for _, a := range run.Accounts {
		s.IDs[a.ID] = a.Collection
	}
	return s
}
