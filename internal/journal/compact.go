package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// compact leaves out the runs that are finished. Only who has the journal alone may do it; the File is of no use
// afterwards but to be closed.
func (f *File) compact() error {
	entries, _, err := f.Read()
	if err != nil {
		return err
	}
	finished := map[string]bool{}
	for _, e := range entries {
		if e.Event == Finished {
			finished[e.Run] = true
		}
	}
	if !slices.ContainsFunc(entries, func(e Entry) bool { return !finished[e.Run] }) {
		return f.empty()
	}
	path, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return fmt.Errorf("compacting the journal: %w", err)
	}
	shorter, err := os.CreateTemp(filepath.Dir(path), ".journal-*") // 0600 by itself
	if err != nil {
		return fmt.Errorf("compacting the journal: %w", err)
	}
	for _, e := range entries {
		if !finished[e.Run] && err == nil {
			var line []byte
			if line, err = encode(e); err == nil {
				_, err = shorter.Write(line)
			}
		}
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

// Tidy takes finished runs out of the journal of a run or sweep that is over, if nobody else has the journal open. Otherwise
// the last of the others does.
func (f *File) Tidy() error {
	if !locks || lock(f.file, true) != nil || !current(f.file, f.path) {
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
	if err := f.file.Truncate(0); err != nil {
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
