package exchange

import (
	"slices"
	"sync"
)

const (
	// smallDocument is the length in bytes of a body whose values are kept with the exchange.
	smallDocument = 4 << 10
	// keptDocuments bounds, by the bytes of their bodies, the longer ones that a recording keeps decoded: as values, a body
	// takes up to thirty times its length.
	keptDocuments = 1 << 20
)

// documents keeps the longer bodies of a recording decoded that were looked at last. It is safe for concurrent use.
type documents struct {
	mu   sync.Mutex
	kept []keptDocument // the one used last stands last
}

type keptDocument struct {
	exchange *Exchange
	value    any
	valid    bool
}

func (d *documents) of(e *Exchange) (any, bool) {
	if found, ok := d.find(e); ok {
		return found.value, found.valid
	}
	value, valid := decoded(e.Response.Body)
	d.keep(keptDocument{e, value, valid})
	return value, valid
}

func (d *documents) find(e *Exchange) (keptDocument, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.kept, func(k keptDocument) bool { return k.exchange == e })
	if i < 0 {
		return keptDocument{}, false
	}
	found := d.kept[i]
	d.kept = append(slices.Delete(d.kept, i, i+1), found)
	return found, true
}

// keep enters a document and drops those that were not used for the longest time. One document is always kept.
func (d *documents) keep(k keptDocument) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = append(d.kept, k)
	size := 0
	for i, kept := range slices.Backward(d.kept) {
		if size += len(kept.exchange.Response.Body); size > keptDocuments && i < len(d.kept)-1 {
			d.kept = slices.Delete(d.kept, 0, i+1)
			return
		}
	}
}
