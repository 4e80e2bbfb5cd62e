package probe

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/tracking"
)

// dispatch sends a request once, if the limits and the journal let it. The second result is that of round.
func (r *Run) dispatch(ctx context.Context, cleaning bool, request Request) (e *exchange.Exchange, idle bool) {
	if request.blocked != "" {
		return r.round(ctx, request)
	}
	if dead := r.health.dead(); dead != "" && !cleaning {
		request.blocked = dead
		return r.round(ctx, request)
	}
	if !cleaning {
		if request.blocked = r.silence.Refuse(kindName(request)); request.blocked != "" {
			return r.round(ctx, request)
		}
		request.limit = r.silence.Limit(kindName(request), r.limits.Timeout)
	}
	if request.blocked = r.guard(ctx, cleaning, request); request.blocked != "" {
		return r.round(ctx, request)
	}
	creating := creates(request)
	if creating {
		r.readBefore(ctx, tracking.Path(request.Path), request.Brief)
		if request.blocked = r.owners.Full(); request.blocked == "" {
			request.blocked = r.lost(ctx)
		}
		if request.blocked != "" && !request.first {
			return r.round(ctx, request)
		}
	}
	if request.blocked = r.budget.admit(r.limits, creating, cleaning); request.blocked != "" {
		return r.round(ctx, request)
	}
	made := false
	if creating {
		defer func() { r.budget.settle(made) }()
	}
	r.budget.pace(ctx, r.limits.RPS)
	if !creating || ctx.Err() != nil { // a run that was interrupted sends nothing more
		e, idle = r.round(ctx, request)
		if creating && ambiguous(e) {
			r.tracker.AddUncertain(tracking.UncertainCreate{Collection: tracking.Path(request.Path), Texts: tracking.TextsOf(request.Body, r.prefix)})
		}
		return e, idle
	}
	texts := tracking.TextsOf(request.Body, r.prefix)
	number, err := r.journal.Intend(tracking.Path(request.Path), texts)
	if err != nil {
		request.blocked = "the create could not be journalled, and was not sent: " + err.Error()
		r.warn(request.blocked)
		return r.round(ctx, request)
	}
	lasting, cancel := outlasting(ctx, r.limits.Grace)
	defer cancel()
	e, idle = r.round(lasting, request)
	made = r.enterCreate(lasting, number, request, texts, e)
	return e, idle
}

// kindName is the kind of a request by which it is counted whether the target responds: its operation, or its method and path.
func kindName(request Request) string {
	return cmp.Or(request.Operation, request.Method+" "+tracking.Path(request.Path))
}

// enterCreate enters what came of a create into journal and accountTracker. It reports whether there may be an account.
func (r *Run) enterCreate(ctx context.Context, number int, request Request, texts []string, e *exchange.Exchange) (made bool) {
	collection, id := tracking.Path(request.Path), e.AccountID()
	unclear := tracking.UncertainCreate{Collection: collection, Texts: texts, Unanswered: e.Response == nil, Told: e.Status()/100 == 2}
	switch {
	case unclear.Told && tracking.Unfit(id) == "": // an id that cannot be in a path may stand for any number of accounts
		r.losses.begun.Add(1)
		defer r.losses.decided.Add(1)
		d := r.tracker.AddUncertain(unclear)
		s, twice := r.owners.Take(number, request.Path, request.Body, e, d, !r.owners.Knows(collection) && r.vouched(ctx, e))
		if s.State == tracking.Owned && !twice {
			r.journal.Created(number, collection, id, s.Claim.Name)
			r.tracker.Add(tracking.Account{Id: id, Name: s.Claim.Name, Collection: collection})
			r.tracker.Resolve(d)
			return true
		}
		r.journal.Told(number)
		e.Foreign = s.Reason
		if full := r.owners.Full(); full != "" {
			r.warn(full)
		}
		return true
	case !ambiguous(e):
		r.journal.Refused(number)
		return false
	}
	if unclear.Told {
		r.journal.Told(number)
	}
	r.tracker.AddUncertain(unclear)
	return true
}

// creates reports whether a request may make an account, in the right way or in a wrong one.
func creates(request Request) bool {
	switch request.Method {
	case http.MethodPost:
		return request.Operation != RotateOperation
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodDelete:
		return false
	default:
		return strings.HasSuffix(tracking.Path(request.Path), "/serviceaccounts")
	}
}

// ambiguous reports whether an account may have been made of which the response does not tell.
func ambiguous(e *exchange.Exchange) bool {
	switch kindOf(e) {
	case exchange.Limit, exchange.Refused, exchange.DNS, exchange.TLS, exchange.Proxy, exchange.Local:
		if e.Response == nil || kindOf(e) == exchange.Proxy {
			return false // the target saw nothing of it
		}
	case exchange.Busy:
		return e.Status() >= 500
	}
	return !e.Answered() || e.Status()/100 == 2 || e.Status() >= 500
}

// outlasting makes a context that goes on for a while when ctx is cancelled; one that is cancelled already makes no other.
func outlasting(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	if ctx.Err() != nil {
		return context.WithCancel(ctx)
	}
	lasting, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		sleep(lasting, grace)
		cancel(context.Cause(ctx))
	})
	return lasting, func() {
		stop()
		cancel(nil)
	}
}
