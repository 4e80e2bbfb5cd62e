package fleetcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/bucket"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/fleet"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

// bucketTime bounds what is sent to a bucket at a time.
const bucketTime = 30 * time.Second

// store keeps the results of a fleet in a bucket beside the directory of --out; nil if there is no bucket.
type store struct {
	bucket *bucket.Bucket
	dir    string
}

// openStore opens the bucket of --bucket, for the files of a directory.
func openStore(a *app.App, address, dir string) (*store, error) {
	if address == "" {
		return nil, nil
	}
	b, err := bucket.Open(address, func(name string) string {
		value, _ := a.Lookup(name)
		return value
	})
	if err != nil {
		return nil, app.Wrong("%s: %s: %s", a.Source("bucket"), app.Shown(address), report.Printable(err.Error()))
	}
	return &store{bucket: b, dir: dir}, nil
}

// put copies a file of the directory into the bucket.
func (s *store) put(ctx context.Context, name string) error {
	if s == nil {
		return nil
	}
	data, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), bucketTime)
	defer cancel()
	return s.bucket.Put(bounded, filepath.ToSlash(name), data)
}

// fetch copies a file of the bucket into the directory; found is false if the bucket does not have it.
func (s *store) fetch(ctx context.Context, name string) (found bool, err error) {
	data, err := s.bucket.Get(ctx, filepath.ToSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	path := filepath.Join(s.dir, name)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o777)
	}
	if err == nil {
		err = outcome.WriteFile(path, redact.New(), data)
	}
	return err == nil, err
}

// entry brings the entry of a target to where it is missing, the directory or the bucket, and reads it; nil if it is in neither.
func (s *store) entry(ctx context.Context, dir, name string) (*fleet.Entry, error) {
	entry, err := fleet.ReadEntry(dir, name)
	if s == nil || err != nil {
		return entry, err
	}
	if entry != nil {
		return entry, s.finished(ctx, name)
	}
	if found, err := s.fetch(ctx, filepath.Join(name, fleet.EntryFile)); !found || err != nil {
		return nil, err
	}
	return fleet.ReadEntry(dir, name)
}

// finished copies the results of a target, its entry last: who sees the entry finds the rest.
func (s *store) finished(ctx context.Context, name string) error {
	if s == nil {
		return nil
	}
	for _, file := range []string{fleet.ReportFile, fleet.ReadFile} {
		if err := s.put(ctx, filepath.Join(name, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return s.put(ctx, filepath.Join(name, fleet.EntryFile))
}

// begin makes sure, before anything is sent to a target, that the bucket can be written, and takes away entries of an earlier run.
func (s *store) begin(ctx context.Context, members []*member) error {
	if s == nil {
		return nil
	}
	err := s.put(ctx, fleet.TargetsFile)
	for _, m := range members {
		if err == nil {
			err = s.bucket.Remove(ctx, m.name+"/"+fleet.EntryFile)
		}
	}
	return err
}

// restore brings the journal of a target back that a process wrote whose directory is gone, so that what it left is removed.
func (s *store) restore(ctx context.Context, m *member) error {
	if info, err := os.Stat(m.cfg.Journal); s == nil || err == nil && info.Size() > 0 {
		return nil
	}
	data, err := s.bucket.Get(ctx, m.name+"/"+fleet.JournalFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = os.WriteFile(m.cfg.Journal, data, 0o600)
	}
	return err
}

// fetchFleet copies what --merge needs from the bucket into the directory.
func (s *store) fetchFleet(ctx context.Context) error {
	if s == nil {
		return nil
	}
	if found, err := s.fetch(ctx, fleet.TargetsFile); err != nil {
		return err
	} else if !found {
		return fmt.Errorf("the bucket has no %s", fleet.TargetsFile)
	}
	data, err := os.ReadFile(filepath.Join(s.dir, fleet.TargetsFile))
	if err != nil {
		return err
	}
	var all fleet.Targets
	if err := json.Unmarshal(data, &all); err != nil {
		return fmt.Errorf("reading %s: it names no targets", fleet.TargetsFile)
	}
	for _, name := range all.Targets {
		if !fleet.ValidName(name) {
			return fmt.Errorf("reading %s: %s is not the name of a target", fleet.TargetsFile, report.Printable(name))
		}
		if _, err := s.fetch(ctx, filepath.Join(name, fleet.EntryFile)); err != nil {
			return err
		}
	}
	return nil
}

// mirrorTime is how often the journal of a run is copied.
const mirrorTime = time.Second

// mirror copies the journal of a run into the bucket while it grows. It is there before the first request is sent: the prefix of
// all names of the run is enough for a sweep.
type mirror struct {
	store *store
	name  string // of the target
	path  string
	over  chan struct{}
	done  sync.WaitGroup

	copied int64 // length of what was copied last
	fault  error
}

// mirror begins to copy the journal of a target, with the events of its run; nil if there is no bucket.
func (s *store) mirror(m *member) *mirror {
	if s == nil {
		return nil
	}
	c := &mirror{store: s, name: m.name, path: m.cfg.Journal, over: make(chan struct{}), copied: -1}
	m.cfg.Events = append(m.cfg.Events, c)
	return c
}

// Handle copies the journal at the beginning of the run, and then now and then.
func (c *mirror) Handle(e event.Event) {
	if e.Kind != event.Started {
		return
	}
	c.copy()
	c.done.Go(func() {
		ticker := time.NewTicker(mirrorTime)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				c.copy()
			case <-c.over:
				return
			}
		}
	})
}

func (c *mirror) copy() {
	data, err := os.ReadFile(c.path)
	if err != nil || int64(len(data)) == c.copied {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), bucketTime)
	defer cancel()
	if c.fault = c.store.bucket.Put(ctx, c.name+"/"+fleet.JournalFile, data); c.fault == nil {
		c.copied = int64(len(data))
	}
}

// close copies the journal a last time, or removes it if the run left nothing. The error is of a bucket that does not hold what the
// journal does.
func (c *mirror) close() error {
	if c == nil {
		return nil
	}
	close(c.over)
	c.done.Wait()
	if info, err := os.Stat(c.path); err == nil && info.Size() > 0 {
		c.copy()
		return c.fault
	}
	ctx, cancel := context.WithTimeout(context.Background(), bucketTime)
	defer cancel()
	return c.store.bucket.Remove(ctx, c.name+"/"+fleet.JournalFile)
}
