package exchange

import (
	"slices"
	"sync"

	"github.com/sa-conformance/conformance/internal/rawjson"
)

const (
	// smallDocument is the length in bytes of a body whose values are kept with the exchange.
	smallDocument = 4 << 10
	// keptDocuments bounds, by the bytes of their bodies, the longer ones that a recording keeps decoded: as values, a body
	// takes up to thirty times its length.
	keptDocuments = 1 << 20
	// keptItems bounds the items of lists that are kept decoded in the same way, and itemPrice is what a list costs for each
	// item that another list has too.
	keptItems, itemPrice = 512 << 10, 2
)

// documents keeps the longer bodies of a recording decoded that were looked at last. The lists of a run show the same accounts
// over and over again: an item that two lists have is decoded once, and they share its value. It is safe for concurrent use.
type documents struct {
	mu    sync.Mutex
	kept  []keptDocument // the one used last stands last
	items map[string]any // by their text
	bytes int            // of the texts in items
}

type keptDocument struct {
	exchange *Exchange
	value    any
	valid    bool
	size     int // in bytes of its body that no other document shares
}

func (d *documents) of(e *Exchange) (any, bool) {
	if found, ok := d.find(e); ok {
		return found.value, found.valid
	}
	value, valid, size := d.decode(e.Response.Body)
	d.keep(keptDocument{e, value, valid, size})
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
		if size += kept.size; size > keptDocuments && i < len(d.kept)-1 {
			d.kept = slices.Delete(d.kept, 0, i+1)
			return
		}
	}
}

// decode is decoded for a body whose items may be shared with other lists. The size is that of a keptDocument.
func (d *documents) decode(body []byte) (document any, valid bool, size int) {
	items, isList := rawjson.Items(body)
	if !isList { // or there is text behind it
		document, valid = decoded(body)
		return document, valid, len(body)
	}
	values := make([]any, len(items))
	for i, item := range items {
		shared := false
		if values[i], shared = d.item(item); shared {
			size += itemPrice
		} else {
			size += len(item)
		}
	}
	return values, true, size
}

// item is an item of a list as a value, and whether other lists share it.
func (d *documents) item(text []byte) (value any, shared bool) {
	d.mu.Lock()
	value, shared = d.items[string(text)]
	d.mu.Unlock()
	if shared {
		return value, true
	}
	value, _ = decoded(text)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bytes+len(text) > keptItems {
		return value, false
	}
	if d.items == nil {
		d.items = map[string]any{}
	}
	if _, meanwhile := d.items[string(text)]; !meanwhile {
		d.items[string(text)] = value
		d.bytes += len(text)
	}
	return value, true
}
