package probe

import (
	"context"
	"sync"
	"time"
)

// longestBarrierWait is how long a request waits for the others of its barrier.
const longestBarrierWait = 2 * time.Second

// Barrier makes requests go out at the same moment: each waits on its open connection until all have one.
type Barrier struct {
	mu      sync.Mutex
	missing int
	all     chan struct{}
}

// NewBarrier is a barrier for so many requests.
func NewBarrier(requests int) *Barrier { return &Barrier{missing: requests, all: make(chan struct{})} }

// wait waits for the others, but not for long: some may never be sent.
func (m *Barrier) wait(ctx context.Context) {
	if m == nil {
		return
	}
	m.mu.Lock()
	m.missing--
	if m.missing == 0 {
		close(m.all)
	}
	m.mu.Unlock()
	timer := time.NewTimer(longestBarrierWait)
	defer timer.Stop()
	select {
	case <-m.all:
	case <-timer.C:
	case <-ctx.Done():
	}
}
