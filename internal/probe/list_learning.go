package probe

import (
	"bytes"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// learnFromList takes into account what a list says of the run's accounts. It returns why one of them is not of the run although
// it seemed so.
func (r *Run) learnFromList(e *exchange.Exchange) (foreign string) {
	if !e.Success() {
		return ""
	}
	learn := func(item *tracking.Listed) {
		if reason := r.learnFromItem(item); reason != "" {
			foreign = reason
		}
	}
	if len(e.Response.Body) > longList {
		var l tracking.Listing
		l.Read(bytes.NewReader(e.Response.Body), learn)
		return foreign
	}
	document, _ := e.Document()
	items, _ := document.([]any)
	for _, item := range items {
		id, _ := exchange.Lookup(item, "/metadata/id")
		text, ok := id.(string)
		marks := tracking.MarksOf(item)
		r.owners.Bears(marks, text)
		if ok && r.owners.Open(text) {
			moment, _ := exchange.Lookup(item, "/metadata/creationTime")
			l := tracking.Listed{Id: text, Marks: marks}
			l.Moment, _ = moment.(string)
			l.Created, _ = tracking.MomentOf(l.Moment)
			learn(&l)
		}
	}
	return foreign
}

// longList is the length, in bytes, of a list that is read as a stream, since decoding it takes much memory.
const longList = 256 << 10

// learnFromItem takes what a list says of one account into account. It returns why that is not of this run although it seemed so.
func (r *Run) learnFromItem(item *tracking.Listed) string {
	r.owners.Bears(item.Marks, item.Id)
	if !r.owners.Open(item.Id) {
		return ""
	}
	r.tracker.Sight()
	foreign, proved := r.owners.Learn(item)
	switch {
	case foreign != "":
		r.disown(item.Id)
	case proved != nil:
		r.tracker.Resolve(proved.Uncertain)
		r.tracker.Add(tracking.Account{Id: item.Id, Name: proved.Name, Collection: proved.Collection})
		r.journal.Created(proved.Number, proved.Collection, item.Id, proved.Name)
	}
	return foreign
}

// disown strikes an account out that is not of this run after all. What its create made is open then.
func (r *Run) disown(id string) {
	r.tracker.Forget(id)
	if c := r.owners.StandingOf(id).Claim; c != nil {
		r.tracker.AddUncertain(tracking.UncertainCreate{Collection: c.Collection, Texts: c.Texts, Told: true})
	}
	if full := r.owners.Full(); full != "" {
		r.warn(full)
	}
}
