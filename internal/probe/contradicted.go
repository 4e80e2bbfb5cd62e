package probe

import (
	"context"
	"time"
)

// contradictedAgain is how long a list is read again to find out whether an account is the run's own once lists refuted
// another one: the target answers creates with ids of others.
const contradictedAgain = 200 * time.Millisecond

// bears notes that a list shows an account with texts of the run.
func (o *ownership) bears(marks []string, id string) {
	if id == "" || !o.carries(marks) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, text := range marks {
		if o.bearers[text] == nil {
			o.bearers[text] = map[string]bool{}
		}
		o.bearers[text][canonical(id)] = true
	}
}

// contradicted reports whether lists show what a create asked for by an id that no response named, and show nothing by the id
// that its response named. Then that may be the id of an account of others.
func (o *ownership) contradicted(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.claims[canonical(id)]
	if c == nil || c.shown || c.state != owned {
		return false
	}
	for _, text := range c.texts {
		for other := range o.bearers[text] {
			if known := o.claims[other]; !o.old[other] && (known == nil || known.at.IsZero()) { // the latter: a list told of it
				return true
			}
		}
	}
	return false
}

// refute makes an account somebody else's.
func (o *ownership) refute(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.claims[canonical(id)]
	c.state, c.reason = somebodyElses, "lists show the account that was asked for by another id, and none by this one"
	o.foreign++
}

// askAgain reads the list until it no longer contradicts that an account is the run's own: reads may be behind writes, and
// the response to another create with the same name may be on its way.
func (r *Run) askAgain(ctx context.Context, c *claim, id string) {
	r.ownershipReads.mu.Lock()
	defer r.ownershipReads.mu.Unlock()
	patience := r.limits.Await
	if r.ownershipReads.refuted {
		patience = min(patience, contradictedAgain)
	}
	setup := &Session{run: r, probe: Setup}
	deadline := time.Now().Add(patience)
	for pause := firstPause; r.owners.contradicted(id); pause = min(2*pause, longestPause) {
		if time.Now().Add(pause).After(deadline) || !sleep(ctx, pause) {
			r.ownershipReads.refuted = true
			r.owners.refute(id)
			r.disown(id)
			return
		}
		setup.readList(ctx, "whose-account", c.collection, func() {}, func(*listed) {})
	}
}
