package probe

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// ledger keeps account of the accounts that a run made and removed. Ids compare without regard to case.
type ledger struct {
	mu       sync.Mutex
	accounts map[string]*account
	order    []string
	// doubtful is set by a create that may have made an account without telling of it.
	doubtful bool
	// unanswered holds for each create that nothing was heard of the texts by which its account can be told.
	unanswered [][]string
	// collections are the paths where such creates, and those that made an account, were addressed to.
	collections []string
}

type account struct {
	id, name string
	// collection is the path that it was created at.
	collection string
	gone       bool
}

func newLedger() *ledger { return &ledger{accounts: map[string]*account{}} }

// note enters what an exchange did. Whatever was asked, an answer to a create that holds an id means that an account may
// exist; so does a create without a clear answer, which only the list can tell of.
func (l *ledger) note(request Request, e *exchange.Exchange) {
	collection, id := split(request.Path)
	switch {
	case creates(request) && e.Status()/100 == 2 && e.AccountID() != "":
		l.add(account{id: e.AccountID(), name: e.Text("/metadata/name"), collection: path(request.Path)})
	case creates(request) && ambiguous(e):
		l.mu.Lock()
		defer l.mu.Unlock()
		l.doubtful = true
	case request.Operation == DeleteOperation && e.Success():
		l.mu.Lock()
		defer l.mu.Unlock()
		if a := l.accounts[strings.ToLower(id)]; a != nil && a.collection == collection {
			a.gone = true
		}
	}
}

// doubt enters a create that may have made an account in a collection without telling of it; unanswered is set where
// nothing was heard, so that the target may still be at it.
func (l *ledger) doubt(collection string, texts []string, unanswered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.collections = append(l.collections, collection)
	if unanswered {
		l.unanswered = append(l.unanswered, texts)
	}
}

// see takes the unanswered creates of which a list shows the account off the list of those.
func (l *ledger) see(items []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unanswered = slices.DeleteFunc(l.unanswered, func(texts []string) bool {
		return slices.ContainsFunc(items, func(item any) bool { return shows(item, texts) })
	})
}

// unseen counts the creates that nothing was heard or seen of.
func (l *ledger) unseen() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.unanswered)
}

// elsewhere lists the collections, other than the given one, that the accounts of a run may be in.
func (l *ledger) elsewhere(own string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.collections
	for _, key := range l.order {
		all = append(all, l.accounts[key].collection)
	}
	return otherCollections(all, own)
}

// gone lists the ids of the accounts that were removed.
func (l *ledger) gone() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for _, key := range l.order {
		if a := l.accounts[key]; a.gone {
			ids = append(ids, a.id)
		}
	}
	return ids
}

// add enters an account that is not known yet.
func (l *ledger) add(a account) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if key := strings.ToLower(a.id); l.accounts[key] == nil {
		l.accounts[key] = &a
		l.order = append(l.order, key)
	}
}

// holds reports whether a path leads to an account that the run made and has not removed.
func (l *ledger) holds(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	collection, id := split(strings.TrimSuffix(path(address), "/rotate"))
	a := l.accounts[strings.ToLower(id)]
	return a != nil && a.collection == collection && !a.gone
}

// mark says whether an account is gone.
func (l *ledger) mark(id string, gone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[strings.ToLower(id)]; a != nil {
		a.gone = gone
	}
}

// forget strikes an account out, as if it had never been entered.
func (l *ledger) forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := strings.ToLower(id)
	delete(l.accounts, key)
	l.order = slices.DeleteFunc(l.order, func(other string) bool { return other == key })
}

// left lists the accounts that have not been removed, the newest first.
func (l *ledger) left() []account {
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []account
	for _, key := range slices.Backward(l.order) {
		if a := l.accounts[key]; !a.gone {
			left = append(left, *a)
		}
	}
	return left
}

// created counts the accounts that were ever entered.
func (l *ledger) created() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.order)
}

// unclear reports whether there was a create without a clear answer.
func (l *ledger) unclear() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.doubtful
}

// path is the address of a collection: without a query, without a slash at its end.
func path(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return strings.TrimRight(address, "/")
}

// split takes the address of one account apart.
func split(address string) (collection, id string) {
	address = path(address)
	last := strings.LastIndexByte(address, '/')
	id, _ = url.PathUnescape(address[last+1:])
	return address[:max(last, 0)], id
}
