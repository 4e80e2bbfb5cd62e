package explore

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/model"
	"github.com/sa-conformance/conformance/internal/probe"
)

// World is what one conversation has made so far. It is safe for concurrent use.
type World struct {
	s *probe.Session

	mu       sync.Mutex
	accounts map[int]*account
	// futile is how often the list never came to show what it must: then it is read once and no more waited for.
	futile int
}

// mostFutile bounds the waits for a list that never agrees: a target that is wrong everywhere costs little more than a right one.
const mostFutile = 2

// account is one account of a conversation.
type account struct {
	id string
	// token is the last one that was issued, and rotated the ones before.
	token   string
	rotated []string
	deleted bool
	// content is what the last write asked for.
	content content
}

// NewWorld is an empty one.
func NewWorld(s *probe.Session) *World { return &World{s: s, accounts: map[int]*account{}} }

// known is what is known of an account at this moment; nil if there is none. Other operations may change what is known later.
func (w *World) known(n int) *account {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.accounts[n]
	if a == nil {
		return nil
	}
	now := *a
	return &now
}

// Account is the id of an account, and its last token; "" if there is none.
func (w *World) Account(n int) (id, token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.accounts[n]; a != nil {
		return a.id, a.token
	}
	return "", ""
}

// Rotated is the token of an account that was rotated away last; "" if there is none.
func (w *World) Rotated(n int) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.accounts[n]; a != nil && len(a.rotated) > 0 {
		return a.rotated[len(a.rotated)-1]
	}
	return ""
}

// first is the first token of an account, once it was rotated away; "" if there is none.
func (w *World) first(n int) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.accounts[n]; a != nil && len(a.rotated) > 0 {
		return a.rotated[0]
	}
	return ""
}

// contentOf is what the last write to an account asked for.
func (w *World) contentOf(n int) (content, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.accounts[n]; a != nil {
		return a.content, true
	}
	return content{}, false
}

// another is the id of an account other than one; "" if there is none.
func (w *World) another(than int) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range slices.Sorted(maps.Keys(w.accounts)) {
		if n != than && !w.accounts[n].deleted {
			return w.accounts[n].id
		}
	}
	return ""
}

// Do sends an operation, and notes what came of it. It returns nil if the operation cannot be sent, since something that it
// needs is not there.
func (w *World) Do(ctx context.Context, prefix string, o Operation) *exchange.Exchange {
	request, wanted, ok := w.request(ctx, o)
	if !ok {
		return nil
	}
	e := w.s.Send(ctx, prefix+o.Step(), request)
	w.note(o, wanted, e)
	return e
}

// All sends operations that do not depend on one another, several at a time.
func (w *World) All(ctx context.Context, prefix string, operations []Operation) {
	w.AllUntil(ctx, prefix, operations, time.Time{})
}

// AllUntil is All until a time is over; the zero time bounds nothing.
func (w *World) AllUntil(ctx context.Context, prefix string, operations []Operation, until time.Time) {
	var wg sync.WaitGroup
	places := make(chan struct{}, atATime)
	for _, o := range operations {
		places <- struct{}{}
		if ctx.Err() != nil || !until.IsZero() && time.Now().After(until) {
			break
		}
		wg.Go(func() {
			defer func() { <-places }()
			w.Do(ctx, prefix, o)
		})
	}
	wg.Wait()
}

// atATime is how many operations of one conversation are under way together.
const atATime = 8

// Settle reads the list until it shows what a client may believe of all accounts of the run.
func (w *World) Settle(ctx context.Context, step string) *exchange.Exchange {
	var ids []string
	w.mu.Lock()
	for _, a := range w.accounts {
		ids = append(ids, a.id)
	}
	w.mu.Unlock()
	retries, agreed := w.waitsForLists(), false
	e := w.s.Await(ctx, step, w.s.ListRequest(), func(e *exchange.Exchange) bool {
		agreed = model.Believe(w.s.Facts(), w.s.Said()).AgreesOn(e, ids...)
		return agreed || !retries
	})
	if !agreed && retries {
		w.disappointed()
	}
	return e
}

// Clear deletes the accounts that are left, so that the lists of a long run stay short.
func (w *World) Clear(ctx context.Context) {
	w.mu.Lock()
	var all []Operation
	for n, a := range w.accounts {
		if !a.deleted {
			all = append(all, Operation{Kind: Delete, Account: n})
		}
	}
	w.mu.Unlock()
	w.All(ctx, "clear-", all)
}

// Works uses the token of an account until it is let in, and the list that it reads holds the account, and no other or all of the
// conversation.
func (w *World) Works(ctx context.Context, step string, n int) {
	id, token := w.Account(n)
	if token == "" {
		return
	}
	request := w.s.ListRequest()
	request.As = probe.Bearer("account", token)
	retries, whole := w.waitsForLists(), false
	w.s.Await(ctx, step, request, func(e *exchange.Exchange) bool {
		whole = !e.Success() || w.confined(e, id) && model.Believe(w.s.Facts(), w.s.Said()).AgreesOnItself(e, id)
		return e.Answered() && e.Status() != 401 && (whole || !retries)
	})
	if !whole && retries {
		w.disappointed()
	}
}

// confined reports whether a list shows an account alone, or all that the conversation made.
func (w *World) confined(list *exchange.Exchange, id string) bool {
	items, isList := list.Items()
	if _, own := list.Listed(id); !isList || own < 0 {
		return !isList
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.accounts {
		if _, at := list.Listed(a.id); at < 0 && !a.deleted && len(items) > 1 {
			return false
		}
	}
	return true
}

// waitsForLists reports whether lists are waited for: not if they never came to show what they must.
func (w *World) waitsForLists() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.futile < mostFutile
}

func (w *World) disappointed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.futile++
}

// Refused uses a token until it is refused, and reports whether it was.
func (w *World) Refused(ctx context.Context, step, token string, deleted bool) bool {
	if token == "" {
		return false
	}
	request := w.s.ListRequest()
	request.As = probe.Bearer("account, revoked", token)
	return w.s.AwaitRefusal(ctx, step, request, deleted).Status() == 401
}

// note enters what an operation made or ended.
func (w *World) note(o Operation, wanted content, e *exchange.Exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !e.Success() {
		return
	}
	a := w.accounts[o.Account]
	switch o.Kind {
	case Create:
		if id := e.AccountID(); id != "" {
			w.accounts[o.Account] = &account{id: id, token: e.AccessToken(), content: wanted}
		}
		return
	}
	if a == nil || o.Target != "" || o.Organization != "" {
		return
	}
	switch o.Kind {
	case Update:
		a.content = wanted
	case Rotate:
		if token := e.AccessToken(); token != "" && !strings.EqualFold(token, a.token) {
			a.rotated, a.token = append(a.rotated, a.token), token
		}
	case Delete:
		a.deleted = true
	}
}
