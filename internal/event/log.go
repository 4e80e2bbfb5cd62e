package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/sa-conformance/conformance/internal/report"
)

// Log is a handler that writes each event as one line of JSON. A reader that is slow does not hold up the run: lines wait in
// memory, of which a whole run takes less than a megabyte.
type Log struct {
	w    io.Writer
	done chan struct{}

	mu      sync.Mutex
	waiting *sync.Cond
	lines   [][]byte
	closed  bool
	err     error
}

// NewLog begins to write to w.
func NewLog(w io.Writer) *Log {
	l := &Log{w: w, done: make(chan struct{})}
	l.waiting = sync.NewCond(&l.mu)
	go l.write()
	return l
}

// Handle adds a line, unless the log is closed.
func (l *Log) Handle(e Event) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(e)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return
	case err != nil && l.err == nil:
		l.err = fmt.Errorf("encoding an event: %w", err)
	case err == nil:
		l.lines = append(l.lines, report.EscapeInvisible(b.String()))
	}
	l.waiting.Signal()
}

// Close returns when every line is written, or with the first error, after which nothing more was written.
func (l *Log) Close() error {
	l.mu.Lock()
	l.closed = true
	l.waiting.Signal()
	l.mu.Unlock()
	<-l.done
	return l.err
}

// write writes each line by itself, so that what happened until the end of a process that is killed is there.
func (l *Log) write() {
	defer close(l.done)
	for {
		l.mu.Lock()
		for len(l.lines) == 0 && !l.closed {
			l.waiting.Wait()
		}
		lines := l.lines
		l.lines = nil
		over, failed := l.closed && len(lines) == 0, l.err != nil
		l.mu.Unlock()
		if over {
			return
		}
		for _, line := range lines {
			if failed {
				break
			}
			if _, err := l.w.Write(line); err != nil {
				failed = true
				l.mu.Lock()
				l.err = fmt.Errorf("writing the events: %w", err)
				l.mu.Unlock()
			}
		}
	}
}
