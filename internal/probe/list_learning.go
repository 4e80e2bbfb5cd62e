package probe

import (
	"bytes"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// learnFromList takes into account what a list says of the run's accounts. It returns why one of them is not of the run although
// it seemed so.
func (r *Run) learnFromList(e *exchange.Exchange) (foreign string) {
	if !e.Success() {
		return ""
	}
	learn := func(item *listed) {
		if reason := r.learnFromItem(item); reason != "" {
			foreign = reason
		}
	}
	if len(e.Response.Body) > longList {
		var l listing
		l.read(bytes.NewReader(e.Response.Body), learn)
		return foreign
	}
	document, _ := e.Document()
	items, _ := document.([]any)
	for _, item := range items {
		id, _ := exchange.Lookup(item, "/metadata/id")
		text, ok := id.(string)
		marks := marksOf(item)
		r.owners.bears(marks, text)
		if ok && r.owners.open(text) {
			moment, _ := exchange.Lookup(item, "/metadata/creationTime")
			l := listed{id: text, marks: marks}
			l.moment, _ = moment.(string)
			l.created, _ = momentOf(l.moment)
			learn(&l)
		}
	}
	return foreign
}

// longList is the length, in bytes, of a list that is read as a stream, since decoding it takes much memory.
const longList = 256 << 10

// learnFromItem takes what a list says of one account into account. It returns why that is not of this run although it seemed so.
func (r *Run) learnFromItem(item *listed) string {
	r.owners.bears(item.marks, item.id)
	if !r.owners.open(item.id) {
		return ""
	}
	r.tracker.sight()
	foreign, proved := r.owners.learn(item)
	switch {
	case foreign != "":
		r.disown(item.id)
	case proved != nil:
		r.tracker.resolve(proved.uncertain)
		r.tracker.add(account{id: item.id, name: proved.name, collection: proved.collection})
		r.journal.Created(proved.number, proved.collection, item.id, proved.name)
	}
	return foreign
}

// disown strikes an account out that is not of this run after all. What its create made is open then.
func (r *Run) disown(id string) {
	r.tracker.forget(id)
	if c := r.owners.standingOf(id).claim; c != nil {
		r.tracker.addUncertain(uncertainCreate{collection: c.collection, texts: c.texts, told: true})
	}
	if full := r.owners.full(); full != "" {
		r.warn(full)
	}
}
