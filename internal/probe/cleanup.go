package probe

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Cleanup is the name under which the run records the removal of what it made.
const Cleanup = "cleanup"

const (
	// lag is how long a create without a clear answer is given to show in the list.
	lag = 300 * time.Millisecond
	// skew is how much older than the run an account of the run may seem by the target's clock.
	skew = 5 * time.Minute
)

// Leftovers tells what a run made, and what of it is still there.
type Leftovers struct {
	Created, Deleted int
	// Remaining names what is left, as "name (id)".
	Remaining []string
	// Verified is set where a list confirmed that nothing else is left.
	Verified bool
	// Unanswered counts the creates that nothing was heard of and no list shows; a target may still be at them.
	Unanswered int
}

// Pending is the number of accounts that a clean-up would have to delete.
func (r *Run) Pending() int { return len(r.ledger.left()) }

// CleanUp deletes every account that the run made, then reads the list to find what answers did not tell of. It never
// deletes an account that is older than the run, whatever a target answered to a create.
func (r *Run) CleanUp(ctx context.Context) Leftovers {
	if !slices.ContainsFunc(r.recording.All(), func(e *exchange.Exchange) bool { return !unsent(e) }) {
		return Leftovers{Verified: true}
	}
	c := &cleaner{Session: &Session{run: r, probe: Cleanup}, tried: map[string]bool{}}
	if r.Pending() > 0 {
		c.spareOthers(ctx)
		c.removeAll(ctx, r.ledger.left())
	}
	if r.ledger.unclear() {
		sleep(ctx, min(r.limits.Await, lag))
	}
	listed, verified := c.confirm(ctx)
	for _, collection := range r.ledger.elsewhere(Accounts(r.target.Organization)) {
		more, clear := c.confirmElsewhere(ctx, collection)
		listed, verified = append(listed, more...), verified && clear
	}
	result := Leftovers{Created: r.ledger.created(), Verified: verified, Unanswered: r.ledger.unseen()}
	for _, item := range listed {
		a := described(item)
		if a.id == "" {
			result.Created++
			result.Remaining = append(result.Remaining, a.name+" (no id)")
		} else if !leaving(item) {
			r.ledger.mark(a.id, false)
		}
	}
	for _, a := range r.ledger.left() {
		result.Remaining = append(result.Remaining, a.name+" ("+a.id+")")
	}
	result.Deleted = result.Created - len(result.Remaining)
	if verified {
		for _, id := range r.ledger.gone() {
			r.journal.Deleted(id)
		}
	}
	return result
}

// cleaner is the conversation of the clean-up.
type cleaner struct {
	*Session

	mu    sync.Mutex
	tried map[string]bool
}

// spareOthers forgets the ids of accounts that the list shows to be somebody else's.
func (c *cleaner) spareOthers(ctx context.Context) {
	r := c.run
	began := r.recording.All()[0].StartedAt
	list := c.List(ctx, "list-before")
	for _, a := range r.ledger.left() {
		item, position := list.Listed(a.id)
		if position < 0 || r.ours(item) {
			continue
		}
		text, _ := exchange.Lookup(item, "/metadata/creationTime")
		moment, _ := text.(string)
		if created, err := time.Parse(time.RFC3339, moment); err == nil && created.Before(began.Add(-skew)) {
			r.ledger.forget(a.id)
		}
	}
}

func (c *cleaner) removeAll(ctx context.Context, accounts []account) {
	var wg sync.WaitGroup
	places := make(chan struct{}, AtOnce(c.run.limits.Concurrency))
	for _, a := range accounts {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			c.remove(ctx, a)
		})
	}
	wg.Wait()
}

// remove deletes one account: where it was created, and where it should have been. It is gone where one of these places
// says that it was deleted, or all of them that they do not know it.
func (c *cleaner) remove(ctx context.Context, a account) {
	c.mu.Lock()
	c.tried[strings.ToLower(a.id)] = true
	c.mu.Unlock()
	unknown := true
	for _, collection := range distinct(a.collection, Accounts(c.run.target.Organization)) {
		e := c.erase(ctx, collection, a.id)
		if e.Success() {
			c.run.ledger.mark(a.id, true)
			return
		}
		unknown = unknown && e.Answered() && e.Status() == http.StatusNotFound
	}
	if unknown {
		c.run.ledger.mark(a.id, true)
	}
}

// erase asks for the deletion of an account. A target that fails is asked once more; one that has something else to do
// with the account first (409) is asked as long as reads may be behind writes.
func (c *cleaner) erase(ctx context.Context, collection, id string) *exchange.Exchange {
	step := "delete"
	if len(id) <= 64 && url.PathEscape(id) == id {
		step += " " + id
	}
	request := c.DeleteRequest(id)
	request.Path = collection + "/" + url.PathEscape(id)
	e := c.Await(ctx, step, request, func(e *exchange.Exchange) bool { return e.Status() != http.StatusConflict })
	if e.Status() >= 500 || !e.Answered() && !brokenOff(e) && request.barred == "" {
		e = c.Send(ctx, step, request)
	}
	return e
}

// confirm reads the list until nothing of this run is in it, deleting what it has not been asked to delete. It returns
// what was in it at last, and whether the list could be read and was empty of this run's accounts.
func (c *cleaner) confirm(ctx context.Context) (listed []any, verified bool) {
	began := time.Now()
	for found := true; found; {
		found = false
		c.AwaitGone(ctx, "list", c.ListRequest(), func(e *exchange.Exchange) bool {
			document, _ := e.Document()
			items, isList := document.([]any)
			if !e.Success() || !isList {
				return e.Answered() && e.Status() < 500
			}
			listed = c.run.oursOf(items)
			c.run.ledger.see(listed)
			var more []account
			for _, item := range listed {
				if a := described(item); a.id != "" && !c.tried[strings.ToLower(a.id)] {
					a.collection = Accounts(c.run.target.Organization)
					c.run.ledger.add(a)
					more = append(more, a)
				}
			}
			c.removeAll(ctx, more)
			found, verified = len(more) > 0, len(listed) == 0
			return found || verified && (c.run.ledger.unseen() == 0 || time.Since(began) > c.run.limits.Await)
		})
	}
	return listed, verified
}

// confirmElsewhere reads the list of another organization in which a create may have made an account, and deletes what it
// finds. It returns what was in it at last, and whether that is known; who may not read the list has nothing there.
func (c *cleaner) confirmElsewhere(ctx context.Context, collection string) (listed []any, clear bool) {
	request := c.ListRequest()
	request.Path = collection
	for {
		e := c.Send(ctx, "list-elsewhere", request)
		document, _ := e.Document()
		items, isList := document.([]any)
		if !e.Success() || !isList {
			return listed, e.Answered() && e.Status()/100 == 4
		}
		listed = c.run.oursOf(items)
		c.run.ledger.see(listed)
		var more []account
		for _, item := range listed {
			if a := described(item); a.id != "" && !c.tried[strings.ToLower(a.id)] {
				a.collection = collection
				c.run.ledger.add(a)
				more = append(more, a)
			}
		}
		if len(more) == 0 {
			return listed, len(listed) == 0
		}
		c.removeAll(ctx, more)
	}
}

// described is an account as a list shows it.
func described(item any) account {
	id, _ := exchange.Lookup(item, "/metadata/id")
	name, _ := exchange.Lookup(item, "/metadata/name")
	var a account
	a.id, _ = id.(string)
	a.name, _ = name.(string)
	return a
}

// leaving reports whether a list shows that an account is being deleted.
func leaving(item any) bool {
	status, _ := exchange.Lookup(item, "/metadata/provisioningStatus")
	deletion, _ := exchange.Lookup(item, "/metadata/deletionTime")
	return status == "deprovisioning" || deletion != nil
}

func distinct(first, second string) []string {
	if first == second {
		return []string{first}
	}
	return []string{first, second}
}
