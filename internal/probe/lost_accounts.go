package probe

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sa-conformance/conformance/internal/tracking"
)

// mostLost is how many creates may succeed whose accounts neither a response nor a list names before the run stops creating:
// nobody could delete them.
const mostLost = 5

// lostAccounts knows whether the accounts of creates without a usable id are found.
type lostAccounts struct {
	// begun counts the creates of which it was to be decided whose account the response names, and decided those of which it was.
	begun, decided atomic.Int64

	mu   sync.Mutex
	next int    // how many such creates there are when the list is read again
	why  string // why nothing more is created; "" if it may be
}

// lost says why the run creates no more; "" if it may. As long as no response named an account of the run, it reads the list each time
// that mostLost further creates succeeded.
func (r *Run) lost(ctx context.Context) string {
	r.losses.mu.Lock()
	defer r.losses.mu.Unlock()
	l := &r.losses
	if l.why == "" && r.tracker.Created() > 0 {
		return "" // this target names accounts: what it names none for may be a refusal with a wrong status
	}
	decided := l.decided.Load()
	untold := r.untold()
	open := int(l.begun.Load() - decided) // at least as many as untold holds of them
	if l.why != "" || len(untold)-open < max(l.next, mostLost) {
		return l.why
	}
	l.next = len(untold) + mostLost
	missing, fault := r.missing(ctx, untold)
	if missing < mostLost || ctx.Err() != nil {
		return ""
	}
	l.why = fmt.Sprintf("the run creates no more accounts: %d creates succeeded, and neither their responses nor a list names the accounts", missing)
	if fault != "" {
		l.why += " (the list could not be read: " + fault + ")"
	}
	r.warn(l.why)
	return l.why
}

// untold are the creates that succeeded, of which no response names the account, and which the organization's list could show.
func (r *Run) untold() []tracking.UncertainCreate {
	all := r.tracker.Untold(func(string) bool { return true })
	return slices.DeleteFunc(all, func(d tracking.UncertainCreate) bool {
		return len(d.Texts) == 0 || d.Collection != Accounts(r.target.Organization)
	})
}

// missing counts the creates that a list does not show, and tells why it could not be read. It reads the list until it shows
// them, since reads may be behind writes.
func (r *Run) missing(ctx context.Context, untold []tracking.UncertainCreate) (n int, fault string) {
	setup := &Session{run: r, probe: Setup}
	deadline := time.Now().Add(r.limits.Await)
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		shown := make([]bool, len(untold))
		e, l := setup.readList(ctx, "lost-accounts", Accounts(r.target.Organization), func() { clear(shown) }, func(item *tracking.Listed) {
			for i, d := range untold {
				shown[i] = shown[i] || tracking.AnyOf(item.Marks, d.Texts) || tracking.AnyOf(item.Texts, d.Texts)
			}
		})
		n = 0
		for _, s := range shown {
			if !s || l.Fault != "" {
				n++
			}
		}
		if n < mostLost || unsent(e) || time.Now().Add(pause).After(deadline) || !sleep(ctx, pause) {
			return n, l.Fault
		}
	}
}
