// Package silence keeps a target that does not respond to some kinds of requests from holding up a run. It sends nothing
// and judges nothing.
package silence

import (
	"fmt"
	"sync"
	"time"
)

const (
	// After few requests of a kind without a response, later ones of that kind get a shorter timeout. After many requests of any kind
	// without one, so do those of the kinds that got responses.
	few, many = 4, 16
	// refused is the number of requests of a kind that are sent if none of them gets a response.
	refused = 8
	// The shorter timeout is the usual one divided by share, margin times the slowest response of the kind, or least: the longest of them.
	share, margin = 5, 4
	least         = time.Second
)

// Log counts the requests without a response, by kind. It is safe for concurrent use.
type Log struct {
	mu    sync.Mutex
	kinds map[string]*kind
	// silent counts the requests of all kinds that timed out.
	silent int
}

type kind struct {
	answered bool
	silent   int
	slowest  time.Duration
}

// Note enters a request that got a response after a time, or timed out.
func (l *Log) Note(name string, took time.Duration, answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.kind(name)
	if answered {
		k.answered, k.slowest = true, max(k.slowest, took)
		return
	}
	k.silent++
	l.silent++
}

func (l *Log) kind(name string) *kind {
	if l.kinds == nil {
		l.kinds = map[string]*kind{}
	}
	if l.kinds[name] == nil {
		l.kinds[name] = &kind{}
	}
	return l.kinds[name]
}

// Limit is the timeout of the next request of a kind: limit, or less if many requests timed out.
func (l *Log) Limit(name string, limit time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.kind(name)
	if k.silent < few && (l.silent < many || !k.answered) {
		return limit
	}
	return min(limit, max(limit/share, margin*k.slowest, least))
}

// Refuse says why the next request of a kind is not sent; "" if it may be.
func (l *Log) Refuse(name string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.kind(name)
	if k.answered || k.silent < refused {
		return ""
	}
	return fmt.Sprintf("it was not sent, since none of the %d requests of its kind before it got a response", k.silent)
}
