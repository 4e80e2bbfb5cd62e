package probe

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Cleanup is the name under which the run records the removal of what it made.
const Cleanup = "cleanup"

// Leftovers tells what a run made, and what of it is still there.
type Leftovers struct {
	Created, Deleted int
	// Remaining names what is left, as "name (id)".
	Remaining []string
	// Verified is set where a list confirmed that nothing else is left.
	Verified bool
}

// Pending is the number of accounts that a clean-up would have to delete.
func (r *Run) Pending() int { return len(r.ledger.left()) }

// CleanUp deletes every account that the run made, then reads the list to find what answers did not tell of.
func (r *Run) CleanUp(ctx context.Context) Leftovers {
	s := &Session{run: r, probe: Cleanup}
	if r.recording.Len() == 0 {
		return Leftovers{Verified: true}
	}
	s.deleteAll(ctx)
	verified := s.confirm(ctx)
	left := r.ledger.left()
	result := Leftovers{Created: r.ledger.created(), Deleted: r.ledger.created() - len(left), Verified: verified}
	for _, a := range left {
		result.Remaining = append(result.Remaining, a.name+" ("+a.id+")")
	}
	return result
}

func (s *Session) deleteAll(ctx context.Context) {
	var wg sync.WaitGroup
	places := make(chan struct{}, max(s.run.limits.Concurrency, 1))
	for _, a := range s.run.ledger.left() {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			s.remove(ctx, a.id)
		})
	}
	wg.Wait()
}

// remove deletes one account. A target that fails is asked once more.
func (s *Session) remove(ctx context.Context, id string) {
	if id == "." || id == ".." {
		return // such an id would lead to another resource
	}
	for range 2 {
		e := s.Send(ctx, "delete "+id, s.DeleteRequest(id))
		if e.Success() || e.Status() == http.StatusNotFound {
			s.run.ledger.mark(id)
			return
		}
		if e.Answered() && e.Status() < 500 {
			return
		}
	}
}

// confirm reads the list until nothing of this run is in it, deleting what no answer told of. It reports whether the
// list could be read and was empty of this run's accounts.
func (s *Session) confirm(ctx context.Context) bool {
	r, clean := s.run, false
	s.Await(ctx, "list", s.ListRequest(), func(e *exchange.Exchange) bool {
		document, _ := e.Document()
		items, isList := document.([]any)
		if !e.Success() || !isList {
			return e.Answered()
		}
		clean = true
		for _, item := range items {
			if !r.ours(item) {
				continue
			}
			clean = false
			id, _ := exchange.Lookup(item, "/metadata/id")
			name, _ := exchange.Lookup(item, "/metadata/name")
			text, _ := id.(string)
			label, _ := name.(string)
			if text != "" && !r.ledger.known(text) {
				r.ledger.add(text, label)
				s.remove(ctx, text)
			}
		}
		return clean
	})
	return clean
}

func (l *ledger) known(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for known := range l.accounts {
		if strings.EqualFold(known, id) {
			return true
		}
	}
	return false
}

// idOf is the account that the path of an operation on one account names.
func idOf(path string) string {
	path = strings.TrimSuffix(path, "/rotate")
	id, _ := url.PathUnescape(path[strings.LastIndexByte(path, '/')+1:])
	return id
}
