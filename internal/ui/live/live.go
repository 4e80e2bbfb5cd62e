// Package live keeps what happened, and tells it to browsers by server-sent events: from the beginning, from the event that a
// browser saw last, and on as it happens. It knows nothing of what happens.
package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// heartbeat is the time after which a comment is sent, so that a connection that is gone is noticed.
const heartbeat = 15 * time.Second

// Log holds the events of one job. It is safe for concurrent use, and a browser that is slow holds up nobody.
type Log struct {
	mu     sync.Mutex
	events []json.RawMessage
	closed bool
	// changed is closed, and replaced, when there is more to tell.
	changed chan struct{}
}

// NewLog makes an empty log.
func NewLog() *Log { return &Log{changed: make(chan struct{})} }

// Add adds an event as JSON, unless the log is closed.
func (l *Log) Add(event any) {
	text, err := json.Marshal(event)
	if err != nil {
		return // of a type of ours that has no JSON: a mistake that every test shows
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.events = append(l.events, text)
	close(l.changed)
	l.changed = make(chan struct{})
}

// Close says that nothing more will happen.
func (l *Log) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.changed)
	}
}

// since returns the events after the first n, whether more may come, and what is closed when they do.
func (l *Log) since(n int) (events []json.RawMessage, over bool, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.events[min(n, len(l.events)):], l.closed, l.changed
}

// ServeHTTP tells the events after the one that Last-Event-ID names, which a browser sends when it connects again, or after the
// parameter "after". Ids count from 1. Once nothing more can happen an event "over" tells so, and status 204 keeps a browser
// from connecting once more.
func (l *Log) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("after")
	}
	n, err := strconv.Atoi(last)
	if err != nil || n < 0 {
		n = 0
	}
	if events, over, _ := l.since(n); over && len(events) == 0 && r.Header.Get("Last-Event-ID") != "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	to := http.NewResponseController(w)
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		events, over, changed := l.since(n)
		for _, event := range events {
			n++
			_, _ = fmt.Fprintf(w, "id: %d\ndata: %s\n\n", n, event)
		}
		if over {
			_, _ = fmt.Fprint(w, "event: over\ndata: {}\n\n")
		}
		if err := to.Flush(); err != nil || over {
			return
		}
		select {
		case <-changed:
		case <-tick.C:
			_, _ = fmt.Fprint(w, ": still here\n\n")
		case <-r.Context().Done():
			return
		}
	}
}
