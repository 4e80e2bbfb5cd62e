package probe

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// Cleanup is the name under which the run records the removal of what it made.
const Cleanup = "cleanup"

// lag is how long a create without a clear response is given to show in the list.
const lag = 300 * time.Millisecond

// Leftovers tells what a run made, and what of it is still there.
type Leftovers struct {
	Created, Deleted int
	// Remaining names what is left, as "name (id)".
	Remaining []string
	// Verified is set if a list confirmed that nothing else is left, and Unverified says why none did.
	Verified   bool
	Unverified string
	// Unanswered counts the creates that nothing was heard of and no list shows; a target may still be at them.
	Unanswered int
	// Unseen counts the creates that were answered with success and whose account no response named and no list shows.
	// They count as created and as remaining.
	Unseen int
	// Newcomers counts the accounts that appeared during the run and that it did not create by a response that it saw.
	// They may be those of other clients, and are not counted as created.
	Newcomers int
	// Idle is set if no create can have made an account.
	Idle bool
}

// Pending is the number of accounts that a clean-up would have to delete.
func (r *Run) Pending() int { return len(r.tracker.Left()) }

// CleanUp deletes every account that the run made, then reads the list to find what responses did not tell of. It deletes
// no account that is not the run's own, whatever a target answered to a create.
func (r *Run) CleanUp(ctx context.Context) Leftovers {
	if !slices.ContainsFunc(r.recording.All(), func(e *exchange.Exchange) bool { return !unsent(e) }) {
		return Leftovers{Verified: true, Idle: true}
	}
	own := Accounts(r.target.Organization)
	c := r.newCleaner()
	blind := false
	if r.Pending() > 0 { // an account that the list shows to be older is not touched
		here := slices.ContainsFunc(r.tracker.Left(), func(a tracking.Account) bool { return a.Collection == own })
		first := c.look(ctx, "list-before", own)
		c.removeAll(ctx, r.tracker.Left())
		blind = here && first.Fault == "" && first.there == 0 && c.erased.Load() && !r.tracker.Sighted()
	}
	if r.tracker.Unclear() {
		sleep(ctx, min(r.limits.Await, lag))
	}
	views := []view{c.confirm(ctx, "list", own)}
	for _, collection := range r.tracker.Elsewhere(own) {
		views = append(views, c.confirm(ctx, "list-elsewhere", collection))
	}
	result := c.tally(views)
	switch result.Unverified = c.uncertainCreates(views, blind); {
	case result.Unverified != "" && result.Idle:
		result.Unverified = "" // there is nothing to verify
	case result.Unverified == "":
		result.Verified = len(result.Remaining) == 0 && !slices.ContainsFunc(views, func(v view) bool { return v.leaving > 0 })
	}
	if result.Verified && !result.Idle {
		if result.Unverified = c.hiding(ctx); result.Unverified != "" {
			result.Verified = false
		}
	}
	settled := result.Verified
	for _, v := range views {
		result.Newcomers += v.newcomers
	}
	if result.Verified && result.Newcomers > 0 && !result.Idle {
		result.Verified = false
		result.Unverified = fmt.Sprintf("accounts that appeared during the run, and that it did not create by a response that it saw: %d; "+
			"they may be those of other clients", result.Newcomers)
	}
	if n := result.Unanswered; n > 0 && result.Unverified != "" {
		result.Unverified += fmt.Sprintf("; creates without a response, which may have made accounts: %d", n)
	}
	if settled {
		for _, id := range r.tracker.Gone() {
			r.journal.Deleted(id)
		}
	}
	return result
}

// cleaner is the conversation of the clean-up.
type cleaner struct {
	*Session

	careful atomic.Bool // one deletion at a time
	erased  atomic.Bool // a deletion succeeded

	mu    sync.Mutex
	tried map[string]bool // ids, in the spelling in which they were asked to be deleted
	done  map[string]bool // ids whose deletion succeeded, or that were not known
	// unheard are the ids whose deletion got no response, and may be done.
	unheard map[string]bool
	// shownBy maps accounts to the collection whose list showed them last.
	shownBy  map[string]string
	lonely   time.Time     // since when nobody listens
	heard    bool          // a deletion got a response
	mute     time.Time     // when the first deletion began that got no response in time
	patience time.Duration // how long deletions go on if none gets a response
}

func (r *Run) newCleaner() *cleaner {
	return &cleaner{
		Session: &Session{run: r, probe: Cleanup}, tried: map[string]bool{}, done: map[string]bool{}, shownBy: map[string]string{}, unheard: map[string]bool{},
		patience: r.limits.Mute,
	}
}

// look reads a list once.
func (c *cleaner) look(ctx context.Context, step, collection string) view {
	var v view
	e, l := c.readList(ctx, step, collection, func() { v = newView() }, func(item *tracking.Listed) { c.sort(item, collection, &v) })
	if l.Fault != "" { // what it showed and cannot be deleted is there all the same
		v = view{nameless: v.nameless, older: v.older, keys: v.keys}
	}
	v.Listing, v.closed = l, e.Answered() && e.Status()/100 == 4
	v.retryable = mayRead(e)
	v.collection = collection
	if v.Fault == "" {
		c.believe(&v)
	}
	v.own = collection == Accounts(c.run.target.Organization)
	return v
}

// believe takes the list's word for which accounts are gone, over that of the responses to their deletions.
func (c *cleaner) believe(v *view) {
	c.mu.Lock()
	defer c.mu.Unlock()
	there := map[string]bool{}
	for _, id := range v.shown {
		there[tracking.Canonical(id)] = true
		c.shownBy[tracking.Canonical(id)] = v.collection
		c.run.tracker.Mark(id, false)
	}
	asked := maps.Clone(c.done)
	maps.Copy(asked, c.unheard)
	for key := range asked {
		if c.shownBy[key] == v.collection && !there[key] {
			c.run.tracker.Mark(key, true)
		}
	}
}

// mayRead reports whether a list that could not be read may be read a little later.
func mayRead(e *exchange.Exchange) bool {
	return !nobody(e) && !unsent(e) && (e.Status() >= 500 || !e.Answered() && kindOf(e) != exchange.Busy)
}

// sort says what an item of a list is to the run.
func (c *cleaner) sort(item *tracking.Listed, collection string, v *view) {
	r := c.run
	marked := r.owners.Carries(item.Marks) || item.Odd() && r.owners.Carries(item.Texts)
	shared := false // another account has its id
	if marked {
		v.keys[r.tracker.See(item)] = true
		name, again := v.names[tracking.Canonical(item.Id)]
		shared = again && name != item.Name
		v.names[tracking.Canonical(item.Id)] = item.Name
	}
	known, ours := r.tracker.Find(item.Id)
	c.mu.Lock()
	tried := c.tried[item.Id]
	c.mu.Unlock()
	switch {
	case marked && (item.Id == "" || r.owners.Existed(item.Id)): // it came with this run, and cannot be deleted
		v.nameless = append(v.nameless, *item)
	case item.Id == "" || r.owners.Existed(item.Id):
	case shared:
		v.nameless = append(v.nameless, *item)
	case ours || r.owners.Adopt(item, collection):
		v.there++
		if item.Leaving {
			v.leaving++
		}
		if !ours {
			known = tracking.Account{Id: item.Id, Name: item.Name, Collection: collection, Listed: true}
			r.tracker.Add(known)
		}
		if !item.Leaving {
			v.shown = append(v.shown, item.Id)
		}
		if !tried { // also in another spelling than the one that was told
			known.Id, known.Collection = item.Id, collection
			v.newConnection = append(v.newConnection, known)
		}
	case marked:
		v.older = append(v.older, *item)
	case !r.owners.Older(item, collection):
		v.newcomers++
	}
}

// confirm reads a list until nothing of this run is in it, deleting what it has not been asked to delete, and as long as
// deletions may take.
func (c *cleaner) confirm(ctx context.Context, step, collection string) (v view) {
	limits := c.run.limits
	deadline := time.Now().Add(limits.Await)
	least := -1 // of the run's accounts
	again := false
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		v = c.look(ctx, step, collection)
		if v.Fault != "" && !v.retryable {
			return v
		}
		if v.Fault == "" {
			if least < 0 || v.there < least { // deletions are under way
				least = v.there
				deadline = time.Now().Add(deletionShare * limits.Await)
				if v.there == 0 || c.away() {
					deadline = time.Now().Add(limits.Await)
				}
			}
			if len(v.newConnection) > 0 && !c.away() {
				c.removeAll(ctx, v.newConnection)
				pause = firstPause
				continue
			}
			if v.settled() && c.run.tracker.Unseen() == 0 {
				return v
			}
		}
		if time.Now().Add(pause).After(deadline) {
			if again || len(v.shown) == 0 || c.away() {
				return v
			}
			again = true // a deletion that was answered with success and not done may be done when it is repeated
			c.careful.Store(true)
			c.removeAll(ctx, c.there(v))
			least = -1
		}
		if !sleep(ctx, pause) {
			return v
		}
	}
}

// there are the accounts of the run that a list shows although their deletion was answered with success.
func (c *cleaner) there(v view) []tracking.Account {
	var found []tracking.Account
	for _, id := range v.shown {
		c.mu.Lock()
		done := c.done[tracking.Canonical(id)]
		c.mu.Unlock()
		if a, ok := c.run.tracker.Find(id); ok && done {
			a.Id, a.Collection = id, v.collection
			found = append(found, a)
		}
	}
	return found
}

// brief cuts a text of a target's that reports show in one line.
func brief(text string) string {
	const most = 200
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// tally counts what the run made and what is left of it.
func (c *cleaner) tally(views []view) Leftovers {
	tracker := c.run.tracker
	tracker.Merge(c.run.owners.WasShown)
	result := Leftovers{Unanswered: tracker.Unseen()}
	var extra []string
	for _, v := range views {
		for _, item := range v.nameless {
			if a, ok := tracker.Named(item.Texts); ok && a.Gone {
				tracker.Mark(a.Id, false) // the response to its deletion was not true
				continue
			}
			why := " (no id)"
			if item.Id != "" {
				why = " (no id of its own)"
			}
			extra = append(extra, brief(nameOf(item))+why)
		}
		for _, item := range v.older {
			extra = append(extra, fmt.Sprintf("%s (%s; not deleted, since it is older than the run by its creation time, %s)", brief(item.Name), brief(item.Id), brief(item.Moment)))
		}
	}
	for _, d := range c.untold(views) {
		result.Unseen++
		extra = append(extra, brief(strings.Join(d.Texts[:min(1, len(d.Texts))], ""))+" (no id was told, and no list shows it)")
	}
	for _, a := range tracker.Left() {
		result.Remaining = append(result.Remaining, brief(a.Name)+" ("+brief(a.Id)+")")
	}
	result.Created = tracker.Created() + len(extra)
	result.Remaining = append(extra, result.Remaining...)
	result.Deleted = result.Created - len(result.Remaining)
	result.Idle = result.Created == 0 && !tracker.Unclear()
	return result
}

// untold are the creates that were answered with success and whose account nobody knows. There is none of them if the lists
// are clear and show nothing that appeared during the run but what is known.
func (c *cleaner) untold(views []view) []tracking.UncertainCreate {
	untold := c.run.tracker.Untold(func(key string) bool {
		return slices.ContainsFunc(views, func(v view) bool { return v.keys[key] })
	})
	unclear := func(v view) bool {
		if v.closed && !v.own { // who may not read a list has nothing there, unless a response said so
			return slices.ContainsFunc(untold, func(d tracking.UncertainCreate) bool { return strings.EqualFold(d.Collection, v.collection) })
		}
		return v.Fault != "" || v.Unclear() != "" || v.newcomers > 0 || len(v.older) > 0
	}
	if c.run.tracker.Sighted() && !slices.ContainsFunc(views, unclear) {
		return nil
	}
	return untold
}

// nameOf is what an account of a list is called: if it has no name, the first of its texts that looks like one of a run's, or
// the first of all.
func nameOf(item tracking.Listed) string {
	first := ""
	for _, text := range append([]string{item.Name}, item.Texts...) {
		switch {
		case text == "":
		case text == item.Name, strings.HasPrefix(strings.ToLower(text), "conf-"):
			return text
		case first == "":
			first = text
		}
	}
	return cmp.Or(first, "an account")
}

// uncertainCreates says why the lists do not confirm that nothing is left; "" if they do.
func (c *cleaner) uncertainCreates(views []view, blind bool) string {
	tracker, untold := c.run.tracker, c.untold(views)
	for _, v := range views {
		switch {
		case v.Fault != "" && v.own:
			return "the list could not be read: " + v.Fault
		case v.Fault != "" && !v.closed:
			return "the list of another organization that was created in could not be read: " + v.Fault
		case v.Unclear() != "":
			return v.Unclear()
		}
	}
	if blind && !tracker.Sighted() {
		return "no list ever showed an account of the run"
	}
	if len(untold) > 0 {
		newcomers := 0
		for _, v := range views {
			newcomers += v.newcomers
		}
		return fmt.Sprintf("creates that were answered with success and without an id that could be used: %d; "+
			"accounts that appeared during the run and may be theirs: %d", len(untold), newcomers)
	}
	return ""
}

func distinct(first, second string) []string {
	if first == second {
		return []string{first}
	}
	return []string{first, second}
}
