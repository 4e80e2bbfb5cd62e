package probe

import (
	"context"
	"sync"
	"time"
)

// longestMeeting is how long a request waits for the others of its meeting.
const longestMeeting = 2 * time.Second

// Meeting makes requests go out at the same moment: each waits on its open connection until all have one.
type Meeting struct {
	mu      sync.Mutex
	missing int
	all     chan struct{}
}

// NewMeeting is a meeting of so many requests.
func NewMeeting(requests int) *Meeting { return &Meeting{missing: requests, all: make(chan struct{})} }

// arrive waits for the others, but not for long: some may never be sent.
func (m *Meeting) arrive(ctx context.Context) {
	if m == nil {
		return
	}
	m.mu.Lock()
	m.missing--
	if m.missing == 0 {
		close(m.all)
	}
	m.mu.Unlock()
	timer := time.NewTimer(longestMeeting)
	defer timer.Stop()
	select {
	case <-m.all:
	case <-timer.C:
	case <-ctx.Done():
	}
}
