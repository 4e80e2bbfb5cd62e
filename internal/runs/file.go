package runs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// File is a chain on disk.
type File struct {
	path string
	now  func() time.Time
	line Line // of the run that began
	head string
}

// Open names a chain. The file need not exist.
func Open(path string, now func() time.Time) *File { return &File{path: path, now: now} }

// Begin adds that a run begins. It is on disk when Begin returns.
func (f *File) Begin(target string, witnessed bool) (number int, err error) {
	data, err := f.append(func(c *Chain) Line {
		f.line = Line{Number: c.Runs() + 1, Target: target, Witnessed: witnessed}
		return f.line
	})
	if err != nil {
		return 0, err
	}
	f.head = digestOf(data[bytes.LastIndexByte(data[:len(data)-1], '\n')+1:])
	return f.line.Number, nil
}

// Head is the digest of the line with which the run began: it stands for all runs up to this one.
func (f *File) Head() string { return f.head }

// End adds what the run came to, and returns the chain up to that.
func (f *File) End(run, verdict string) (data []byte, err error) {
	return f.append(func(*Chain) Line {
		l := f.line
		l.Run, l.Verdict = run, verdict
		return l
	})
}

// append adds a line while nobody else does.
func (f *File) append(line func(*Chain) Line) (data []byte, err error) {
	unlock, err := f.lock()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	data, err = io.ReadAll(io.LimitReader(file, MaxChain+1))
	if err != nil {
		return nil, err
	}
	c, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("it is no chain of runs that can be continued: %w", err)
	}
	l := line(c)
	l.Previous, l.Time = c.last, f.now().UTC()
	text, err := l.encode()
	if err != nil {
		return nil, err
	}
	if _, err := file.WriteAt(text, int64(len(data))); err != nil {
		return nil, err
	}
	return append(data, text...), file.Sync()
}

// mostWaits times betweenWaits is how long another run may take to write a line.
const (
	mostWaits    = 100
	betweenWaits = 20 * time.Millisecond
)

func (f *File) lock() (unlock func() error, err error) {
	path := f.path + ".lock"
	for range mostWaits {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			return func() error { return errors.Join(file.Close(), os.Remove(path)) }, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		time.Sleep(betweenWaits)
	}
	return nil, fmt.Errorf("another run is writing it; if there is none, remove %s", path)
}
