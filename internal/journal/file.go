package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// File is an open journal. Several processes may append to one at a time. Runs on one organization of one target share the
// lock of that organization; a sweep has it alone.
type File struct {
	path string
	file *os.File
	hold *hold // nil before it is taken, and if the journal has no locks

	mu      sync.Mutex
	idle    *sync.Cond // told when a sync is over
	written uint64     // entries written
	synced  uint64     // entries on disk
	syncing bool
	fault   error // the first; nothing is written after it
	bytes   int64 // written
	open    int   // runs that were begun and not finished
}

// ErrBusy says that another process is at work on the same target.
var ErrBusy = errors.New("another run or sweep is using the journal")

// patience is how long a run waits for a sweep of its target to end, and everybody for a journal that is being rewritten.
const patience = 5 * time.Second

// Open opens a journal for appending, and makes it, for the eyes of its owner only, if there is none.
func Open(path string) (*File, error) {
	return untilFree(func() (*File, error) { return open(path, os.O_CREATE) })
}

// OpenAlone opens an existing journal for a sweep of one organization of one target. The error is ErrBusy while a run or
// another sweep of the same is under way. Runs on other targets do not matter. A journal that can be read and not written,
// as on a full disk, is opened: every write to it is an error.
func OpenAlone(path, target, organization string) (*File, error) {
	f, err := untilFree(func() (*File, error) { return open(path, 0) })
	if err != nil {
		return nil, err
	}
	f.hold, err = holdTarget(path, target, organization, true)
	if err != nil && !errors.Is(err, ErrBusy) { // such as a full disk: then the sweep has the whole journal alone
		err = lock(f.file, true)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// share takes the lock of a run's target, before the run begins.
func (f *File) share(run Run) error {
	if f.hold != nil {
		return nil
	}
	h, err := untilFree(func() (*hold, error) { return holdTarget(f.path, run.Target, run.Organization, false) })
	f.hold = h
	return err
}

// untilFree tries until the error is another than ErrBusy, or the patience is over.
func untilFree[T any](try func() (T, error)) (T, error) {
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		result, err := try()
		if !errors.Is(err, ErrBusy) || time.Now().After(deadline) {
			return result, err
		}
	}
}

func open(path string, create int) (*File, error) {
	if create != 0 {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("making the directory of the journal: %w", err)
		}
	}
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeNamedPipe != 0 {
		return nil, errors.New("opening the journal: it is a pipe, which keeps nothing")
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|create, 0o600)
	var fault error
	if err != nil && create == 0 && !errors.Is(err, fs.ErrNotExist) {
		fault = fmt.Errorf("writing the journal: %w", err) // a sweep needs only to read
		file, err = os.Open(path)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	err = lock(file, false)
	if err == nil && !current(file, path) {
		err = ErrBusy // a shorter one has just been put in its place
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f := &File{path: path, file: file, fault: fault}
	f.idle = sync.NewCond(&f.mu)
	if err := f.repairTail(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return f, nil
}

// current reports whether the path still leads to the file.
func current(file *os.File, path string) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(opened, there)
}

// repairTail ends a last line that was cut short, so that the next entry has a line of its own.
func (f *File) repairTail() error {
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
	if _, err := Scan(io.NewSectionReader(f.file, 0, info.Size()), func(Entry) bool { return false }); err != nil {
		return err
	}
	var last [1]byte
	if _, err := f.file.ReadAt(last[:], info.Size()-1); err != nil {
		return fmt.Errorf("reading the journal: %w", err)
	}
	if last[0] != '\n' {
		if _, err := f.file.WriteString("\n"); err != nil && f.fault == nil {
			f.fault = fmt.Errorf("writing the journal: %w", err) // a sweep needs only to read
		}
	}
	return nil
}

// Close gives the journal and the lock of its target back.
func (f *File) Close() error {
	f.hold.release()
	return f.file.Close()
}

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

// reader reads what the journal holds now, from its beginning.
func (f *File) reader() (io.Reader, error) {
	info, err := f.file.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading the journal: %w", err)
	}
	return io.NewSectionReader(f.file, 0, info.Size()), nil
}

// faulty is the first error of writing, if there was one.
func (f *File) faulty() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fault
}

// regular reports whether the journal is a file that can be made shorter.
func (f *File) regular() bool {
	info, err := f.file.Stat()
	return err == nil && info.Mode().IsRegular()
}
