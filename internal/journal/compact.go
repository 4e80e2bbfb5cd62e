package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// compact leaves out the runs that are finished. Only who has the journal alone may do it; the File is of no use
// afterwards but to be closed.
func (f *File) compact() error {
	all, err := f.reader()
	if err != nil {
		return err
	}
	open, err := unfinishedRuns(all)
	switch {
	case err != nil:
		return err
	case len(open) == 0:
		return f.empty()
	case !replaces: // it stays as it is until all of its runs are finished
		return nil
	}
	path, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return fmt.Errorf("compacting the journal: %w", err)
	}
	shorter, err := os.CreateTemp(filepath.Dir(path), ".journal-*") // 0600 by itself
	if err != nil {
		return fmt.Errorf("compacting the journal: %w", err)
	}
	if all, err = f.reader(); err == nil {
		err = copyRuns(shorter, all, open)
	}
	if err == nil {
		err = shorter.Sync()
	}
	err = errors.Join(err, shorter.Close())
	if err == nil {
		err = os.Rename(shorter.Name(), path)
	}
	if err != nil {
		_ = os.Remove(shorter.Name())
		return fmt.Errorf("compacting the journal: %w", err)
	}
	syncDirectory(filepath.Dir(path))
	return nil
}

// copyRuns writes the entries of some runs.
func copyRuns(w io.Writer, all io.Reader, runs map[identity]bool) (err error) {
	lines := bufio.NewWriter(w)
	_, scanned := Scan(all, func(e Entry) bool {
		if !runs[whose(e)] {
			return true
		}
		var line []byte
		if line, err = encode(e); err == nil {
			_, err = lines.Write(line)
		}
		return err == nil
	})
	return errors.Join(err, scanned, lines.Flush())
}

// identity tells one run from another in a journal of several targets.
type identity struct{ run, target, organization string }

func whose(e Entry) identity { return identity{e.Run, e.Target, e.Organization} }

// unfinishedRuns are the runs of every target that are not finished.
func unfinishedRuns(all io.Reader) (map[identity]bool, error) {
	open := map[identity]bool{}
	_, err := Scan(all, func(e Entry) bool {
		switch {
		case e.Event == Finished:
			delete(open, whose(e))
		case e.opens():
			open[whose(e)] = true
		}
		return true
	})
	return open, err
}

// Tidy takes finished runs out of the journal of a run or sweep that is over, if nobody else has the journal open. Otherwise
// the last of the others does.
func (f *File) Tidy() error {
	if !locks || f.faulty() != nil || !f.regular() || lock(f.file, true) != nil || !current(f.file, f.path) {
		return nil
	}
	if f.allFinished() {
		return f.empty()
	}
	return f.compact()
}

// allFinished reports, without reading it, whether the journal holds nothing but finished runs of this File.
func (f *File) allFinished() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := f.file.Stat()
	return err == nil && info.Size() == f.bytes && f.open == 0 && f.fault == nil
}

func (f *File) empty() error {
	if err := truncate(f.file, f.path); err != nil {
		return fmt.Errorf("compacting the journal: %w", err)
	}
	return nil
}

// syncDirectory puts a new name on disk, where the system can.
func syncDirectory(path string) {
	if directory, err := os.Open(path); err == nil {
		_ = directory.Sync()
		_ = directory.Close()
	}
}
