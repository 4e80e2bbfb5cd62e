package exchange

import (
	"slices"
	"sync"
)

// Recording gathers the exchanges of a run. It is safe for concurrent use.
type Recording struct {
	mu        sync.Mutex
	exchanges []*Exchange
	documents documents
	watch     func(*Exchange) // nil for nobody
}

// Watch sets what is told of each exchange when it is finished, from several goroutines. It is called before any is added.
func (r *Recording) Watch(watch func(*Exchange)) { r.watch = watch }

// Lend lets an exchange that is not finished use what the recording keeps of bodies.
func (r *Recording) Lend(e *Exchange) { e.documents = &r.documents }

// Add appends a finished exchange, which must not change afterwards.
func (r *Recording) Add(e *Exchange) {
	r.mu.Lock()
	e.documents = &r.documents
	r.exchanges = append(r.exchanges, e)
	r.mu.Unlock()
	if r.watch != nil {
		r.watch(e)
	}
}

// All returns the exchanges in the order in which they were sent.
func (r *Recording) All() []*Exchange {
	r.mu.Lock()
	all := append([]*Exchange(nil), r.exchanges...)
	r.mu.Unlock()
	slices.SortStableFunc(all, func(a, b *Exchange) int { return a.StartedAt.Compare(b.StartedAt) })
	return all
}

// Of returns the exchanges of one probe in the order in which they were sent.
func (r *Recording) Of(probe string) []*Exchange {
	var mine []*Exchange
	for _, e := range r.All() {
		if e.Probe == probe {
			mine = append(mine, e)
		}
	}
	return mine
}

// Len is the number of exchanges so far.
func (r *Recording) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.exchanges)
}
