package probe

import (
	"slices"
	"sync"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// ledger keeps account of the accounts that a run made and removed.
type ledger struct {
	mu       sync.Mutex
	accounts map[string]*account
	order    []string
}

type account struct {
	id, name string
	// organization is the path segment under which it was created.
	organization string
	gone         bool
}

func newLedger() *ledger { return &ledger{accounts: map[string]*account{}} }

// note enters what an exchange did. Whatever was asked, an answer to a POST on the collection that holds an id means
// that an account may exist.
func (l *ledger) note(request Request, e *exchange.Exchange) {
	switch {
	case request.Method == "POST" && request.Operation == CreateOperation && e.Status()/100 == 2:
		if id := e.AccountID(); id != "" {
			l.add(id, e.Text("/metadata/name"))
		}
	case request.Operation == DeleteOperation && e.Success():
		l.mu.Lock()
		defer l.mu.Unlock()
		for id, a := range l.accounts {
			if idOf(request.Path) == id {
				a.gone = true
			}
		}
	}
}

func (l *ledger) add(id, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.accounts[id] == nil {
		l.accounts[id] = &account{id: id, name: name}
		l.order = append(l.order, id)
	}
}

func (l *ledger) mark(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.accounts[id]; a != nil {
		a.gone = true
	}
}

// left lists the accounts that have not been removed, the newest first.
func (l *ledger) left() []account {
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []account
	for _, id := range slices.Backward(l.order) {
		if a := l.accounts[id]; !a.gone {
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
