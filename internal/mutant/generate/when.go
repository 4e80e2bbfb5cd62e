package generate

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// occasion is one case of which a condition decides whether something goes wrong in it.
type occasion struct {
	*http.Request
	operation mutant.Operation
	// account is the account as it is shown, or as the request describes it; nil if there is neither.
	account map[string]any
	history *history // of the account; nil if it is not known
	// count is 1 for the first occasion.
	count int64
	// together is the number of requests of the operation that are under way, this one included.
	together int64
}

// history is what happened to an account.
type history struct {
	created            time.Time
	updates, rotations atomic.Int64
	first              map[string]any                 // the account as the create answered
	last               atomic.Pointer[map[string]any] // as the last create or update answered
}

// condition is the When of a mutant.
type condition struct {
	name string
	is   func(o occasion) bool
	// families limits it to some; nil for all.
	families []string
	// never are beginnings of the places where it cannot be: what no request can bring about is no mutant.
	never []string
}

func (c condition) fits(s site) bool {
	for _, place := range c.never {
		if strings.HasPrefix(s.where, place) {
			return false
		}
	}
	if c.families == nil {
		return true
	}
	for _, family := range c.families {
		if family == s.family {
			return true
		}
	}
	return false
}

// conditions are the Whens. What they say of an account is of the one that is shown or asked for.
func conditions() []condition {
	accounts := []string{"member", "store", "list", "credential", "validation"}
	unnamed := []string{"list, credentials"}          // a request that names no account
	unborn := []string{"create", "list, credentials"} // nothing happened to an account before it was created
	text := func(pointer string, is func(string) bool) func(occasion) bool {
		return func(o occasion) bool {
			value, _ := mutant.Lookup(o.account, pointer).(string)
			return value != "" && is(value)
		}
	}
	items := func(pointer string, least int) func(occasion) bool {
		return func(o occasion) bool {
			value, _ := mutant.Lookup(o.account, pointer).([]any)
			return len(value) >= least
		}
	}
	happened := func(is func(h *history) bool) func(occasion) bool {
		return func(o occasion) bool { return o.history != nil && is(o.history) }
	}
	every := func(n int64) func(occasion) bool { return func(o occasion) bool { return o.count%n == 0 } }
	bodiless := []string{"list", "rotate", "delete"}
	return []condition{
		{"always", func(occasion) bool { return true }, nil, nil},
		{"every second time", every(2), nil, nil},
		{"every fifth time", every(5), nil, nil},
		{"but for the first time", func(o occasion) bool { return o.count > 1 }, nil, nil},
		{severalAtOnce, func(o occasion) bool { return o.together > 1 }, nil, nil},
		{"when the body is chunked", func(o occasion) bool { return len(o.TransferEncoding) > 0 }, []string{"store", "status", "body"}, bodiless},
		{"when the name ends with a digit", text("/metadata/name", func(s string) bool { return unicode.IsDigit(rune(s[len(s)-1])) }), accounts, unnamed},
		{"when the name has an upper-case letter", text("/metadata/name", func(s string) bool { return s != strings.ToLower(s) }), accounts, unnamed},
		{"when the name has a dot or an underscore", text("/metadata/name", func(s string) bool { return strings.ContainsAny(s, "._") }), accounts, unnamed},
		{"when the name is long", text("/metadata/name", func(s string) bool { return len(s) > 50 }), accounts, unnamed},
		{"when there is a description", text("/metadata/description", func(string) bool { return true }), accounts, unnamed},
		{"when the description is not ASCII", text("/metadata/description", func(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) >= 0 }), accounts, unnamed},
		{"when the description has markup or quotes", text("/metadata/description", func(s string) bool { return strings.ContainsAny(s, `<>&"'`) }), accounts, unnamed},
		{"when the description has several lines", text("/metadata/description", func(s string) bool { return strings.ContainsAny(s, "\r\n") }), accounts, unnamed},
		{"when there are tags", items("/metadata/tags", 1), accounts, unnamed},
		{"when there are several tags", items("/metadata/tags", 2), accounts, unnamed},
		{"when there is a group", items("/spec/groupIDs", 1), accounts, unnamed},
		{"when there are several groups", items("/spec/groupIDs", 2), accounts, unnamed},
		{"when there is no group", func(o occasion) bool { return o.account != nil && !items("/spec/groupIDs", 1)(o) }, accounts, unnamed},
		{"after an update", happened(func(h *history) bool { return h.updates.Load() > 0 }), accounts, unborn},
		{"after two updates", happened(func(h *history) bool { return h.updates.Load() > 1 }), accounts, unborn},
		{"after a rotation", happened(func(h *history) bool { return h.rotations.Load() > 0 }), accounts, unborn},
		{"after two rotations", happened(func(h *history) bool { return h.rotations.Load() > 1 }), accounts, unborn},
		{"two seconds after the create", happened(func(h *history) bool { return time.Since(h.created) > 2*time.Second }), accounts, unborn},
	}
}

// when tells in which cases the mutant of one server goes wrong.
type when struct {
	condition

	histories *mutant.Store[*history] // by id, in lower case
	count     atomic.Int64
	together  mutant.Store[*atomic.Int64] // by operation
}

// of decides on an account that is shown in a response, or asked for.
func (w *when) of(r *http.Request, account map[string]any) bool {
	id, _ := mutant.Lookup(account, "/metadata/id").(string)
	if named := mutant.AccountOf(r); named != "" {
		id = named
	}
	o := occasion{Request: r, operation: mutant.OperationOf(r), account: account}
	o.history, _ = w.histories.Get(strings.ToLower(id))
	if o.account == nil && o.history != nil { // a request that says nothing of the account that it names
		if last := o.history.last.Load(); last != nil {
			o.account = *last
		}
	}
	if under, ok := w.together.Get(string(o.operation)); ok {
		o.together = under.Load()
	}
	if w.name == "always" {
		return true
	}
	o.count = w.count.Add(1)
	return w.is(o)
}

// on decides on a request with its own document.
func (w *when) on(r *http.Request) bool {
	var document map[string]any
	if op := mutant.OperationOf(r); op == mutant.Create || op == mutant.Update {
		_ = json.Unmarshal(mutant.BodyOf(r), &document)
	}
	return w.of(r, document)
}

// severalAtOnce is the condition that requests meet. Where nothing takes time they never do, so that each takes meetingTime.
const (
	severalAtOnce = "when several are under way"
	meetingTime   = 4 * time.Millisecond
)

// counting counts the requests of each operation that are under way.
func counting(w *when) *mutant.Layer {
	for _, op := range []mutant.Operation{mutant.Create, mutant.List, mutant.Update, mutant.Rotate, mutant.Remove, mutant.Userinfo} {
		w.together.Put(string(op), new(atomic.Int64))
	}
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if under, ok := w.together.Get(string(mutant.OperationOf(r))); ok {
				under.Add(1)
				defer under.Add(-1)
				if w.name == severalAtOnce {
					time.Sleep(meetingTime)
				}
			}
			next.ServeHTTP(rw, r)
		})
	}}
}

// observing keeps the histories of the accounts, as the server underneath tells them.
func observing(w *when) *mutant.Layer {
	return mutant.OnSuccess(func(r *http.Request, a *mutant.Response) { w.note(r, mutant.OperationOf(r), a) }, mutant.Create, mutant.Update, mutant.Rotate)
}

func (w *when) note(r *http.Request, op mutant.Operation, a *mutant.Response) {
	switch op {
	case mutant.Create:
		var account map[string]any
		if json.Unmarshal(a.Body, &account) != nil {
			return
		}
		if id, _ := mutant.Lookup(account, "/metadata/id").(string); id != "" {
			h := &history{created: time.Now(), first: account}
			h.last.Store(&account)
			w.histories.Put(strings.ToLower(id), h)
		}
	case mutant.Update, mutant.Rotate:
		h, ok := w.histories.Get(strings.ToLower(mutant.AccountOf(r)))
		switch {
		case !ok:
		case op == mutant.Update:
			var account map[string]any
			if json.Unmarshal(a.Body, &account) == nil {
				h.last.Store(&account)
			}
			h.updates.Add(1)
		default:
			h.rotations.Add(1)
		}
	}
}

// another is an account of the server other than the one with an id, as its create answered; nil if there is none.
func (w *when) another(id string) map[string]any {
	for _, h := range w.histories.All() {
		if other, _ := mutant.Lookup(h.first, "/metadata/id").(string); !strings.EqualFold(other, id) {
			return h.first
		}
	}
	return nil
}
