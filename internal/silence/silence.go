// Package silence keeps a target that does not respond to some kinds of requests from holding up a run. It sends nothing
// and judges nothing.
package silence

import (
	"fmt"
	"sync"
	"time"
)

const (
	// few is after how many requests of a kind without a response the others get less time, and many is the same for all
	// kinds that were responded to.
	few, many = 4, 16
	// refused is after how many requests of a kind no more are sent, if none was ever responded to.
	refused = 8
	// share is the part of its time limit that a request gets then at least, and margin is how many times the slowest
	// response of its kind. No request gets less than least.
	share, margin = 5, 4
	least         = time.Second
)

// Log counts the requests without a response, by kind. It is safe for concurrent use.
type Log struct {
	mu    sync.Mutex
	kinds map[string]*kind
	// silent counts the requests of all kinds that came to no end in their time.
	silent int
}

type kind struct {
	answered bool
	silent   int
	slowest  time.Duration
}

// Note takes a request into account that was responded to after a time, or that came to no end in its time.
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

// Limit is the time limit of the next request of a kind: limit, and less if many requests came to no end. A kind that is
// slow keeps the time that its slowest response took, with a margin.
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
