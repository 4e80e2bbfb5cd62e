package event

import (
	"sync"
	"time"
)

// Stream numbers the events of one run and hands them to its handlers. It is safe for concurrent use.
type Stream struct {
	runID    string
	now      func() time.Time
	handlers []Handler

	mu   sync.Mutex
	last int
}

// NewStream makes a stream; now is its clock.
func NewStream(runID string, now func() time.Time, handlers ...Handler) *Stream {
	return &Stream{runID: runID, now: now, handlers: handlers}
}

// Continue makes the stream go on after an event with the given number.
func (s *Stream) Continue(last int) *Stream {
	s.last = last
	return s
}

// Emit completes an event and hands it to each handler.
func (s *Stream) Emit(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	e.SchemaVersion, e.RunID, e.Sequence, e.Time = SchemaVersion, s.runID, s.last, s.now().UTC()
	for _, h := range s.handlers {
		h.Handle(e)
	}
}
