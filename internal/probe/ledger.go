package probe

import (
	"net/http"
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
	doubtful bool
}

type account struct {
	id, name string
	// collection is the path that it was created at.
	collection string
	gone       bool
}

func newLedger() *ledger { return &ledger{accounts: map[string]*account{}} }

// note enters what an exchange did. Whatever was asked, an answer to a POST that holds an id means that an account may
// exist; so does a create without a clear answer, which only the list can tell of.
func (l *ledger) note(request Request, e *exchange.Exchange) {
	collection, id := split(request.Path)
	switch {
	case request.Method == http.MethodPost && request.Operation != RotateOperation && e.Status()/100 == 2 && e.AccountID() != "":
		l.add(account{id: e.AccountID(), name: e.Text("/metadata/name"), collection: path(request.Path)})
	case request.Operation == CreateOperation && (!e.Answered() || e.Status()/100 == 2 || e.Status() >= 500):
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

// add enters an account that is not known yet.
func (l *ledger) add(a account) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if key := strings.ToLower(a.id); l.accounts[key] == nil {
		l.accounts[key] = &a
		l.order = append(l.order, key)
	}
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

// doubt reports whether there was a create without a clear answer.
func (l *ledger) doubt() bool {
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
