package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// File is an open journal. Several processes may append to one; a sweep has it alone.
type File struct {
	path string
	file *os.File

	mu      sync.Mutex
	idle    *sync.Cond // told when a sync is over
	written uint64     // entries written
	synced  uint64     // entries on disk
	syncing bool
	fault   error // the first; nothing is written after it
	bytes   int64 // written
	open    int   // runs that were begun and not finished
}

// ErrBusy says that another process has the journal.
var ErrBusy = errors.New("another run or sweep is using the journal")

// patience is how long Open waits for a sweep to end.
const patience = 5 * time.Second

// Open opens a journal for appending, and makes it, for the eyes of its owner only, where there is none.
func Open(path string) (*File, error) {
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		f, err := open(path, os.O_CREATE, false)
		if !errors.Is(err, ErrBusy) || time.Now().After(deadline) {
			return f, err
		}
	}
}

// OpenAlone opens a journal that there is, for a sweep. The error is ErrBusy while a run or another sweep has it.
func OpenAlone(path string) (*File, error) { return open(path, 0, true) }

func open(path string, create int, alone bool) (*File, error) {
	if create != 0 {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("making the directory of the journal: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|create, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	err = lock(file, alone)
	if err == nil && !current(file, path) {
		err = ErrBusy // a sweep has just put a shorter one in its place
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f := &File{path: path, file: file}
	f.idle = sync.NewCond(&f.mu)
	if err := f.mend(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return f, nil
}

// glance is the number of bytes at its beginning by which a file is known for a journal; one that is not is read whole.
const glance = 64 << 10

// current reports whether the path still leads to the file.
func current(file *os.File, path string) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(opened, there)
}

// mend ends a last line that was cut short, so that the next entry has a line of its own.
func (f *File) mend() error {
	info, err := f.file.Stat()
	if err != nil {
		return fmt.Errorf("opening the journal: %w", err)
	}
	if info.Mode().IsRegular() && info.Size() == 0 {
		syncDirectory(filepath.Dir(f.path)) // it may be new
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return nil
	}
	if entries, _, err := Decode(io.NewSectionReader(f.file, 0, min(info.Size(), glance))); err != nil || len(entries) == 0 {
		if _, _, err := Decode(io.NewSectionReader(f.file, 0, info.Size())); err != nil {
			return err
		}
	}
	var last [1]byte
	if _, err := f.file.ReadAt(last[:], info.Size()-1); err != nil {
		return fmt.Errorf("reading the journal: %w", err)
	}
	if last[0] != '\n' {
		if _, err := f.file.WriteString("\n"); err != nil {
			return fmt.Errorf("writing the journal: %w", err)
		}
	}
	return nil
}

// Close gives the journal back.
func (f *File) Close() error { return f.file.Close() }

// append writes an entry; durable waits until it is on disk. What is written survives the process in either case. Those
// who wait together share one sync.
func (f *File) append(e Entry, durable bool) error {
	line, err := encode(e)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fault != nil {
		return f.fault
	}
	if _, err := f.file.Write(line); err != nil {
		f.fault = fmt.Errorf("writing the journal: %w", err)
		return f.fault
	}
	f.written++
	f.bytes += int64(len(line))
	switch e.Event {
	case Begun:
		f.open++
	case Finished:
		f.open--
	}
	mine := f.written
	if durable && !f.syncing { // whoever is about to write as well does so first, and is on disk by the same sync
		f.mu.Unlock()
		runtime.Gosched()
		f.mu.Lock()
	}
	for durable && f.synced < mine && f.fault == nil {
		if f.syncing {
			f.idle.Wait()
			continue
		}
		f.sync()
	}
	if durable {
		return f.fault
	}
	return nil
}

// sync puts on disk what is written; it lets go of the lock meanwhile.
func (f *File) sync() {
	upTo := f.written
	f.syncing = true
	f.mu.Unlock()
	err := f.file.Sync()
	f.mu.Lock()
	f.syncing = false
	if err != nil {
		f.fault = fmt.Errorf("writing the journal to disk: %w", err)
	} else {
		f.synced = upTo
	}
	f.idle.Broadcast()
}

// Read returns the entries, and how many lines are none.
func (f *File) Read() (entries []Entry, damaged int, err error) {
	info, err := f.file.Stat()
	if err != nil {
		return nil, 0, fmt.Errorf("reading the journal: %w", err)
	}
	return Decode(io.NewSectionReader(f.file, 0, info.Size()))
}
