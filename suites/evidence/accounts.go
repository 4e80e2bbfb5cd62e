// Package evidence finds what a check looks at in the exchanges of a run: the response of a step, the account in a list, the
// tokens that were issued. If it is not there, the check ends as inconclusive.
package evidence

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/disguise"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
)

// Labelled begins the names of the run's accounts that have a label.
func Labelled(ev *exchange.Evidence, label string) string {
	facts := ev.Facts()
	if d, ok := disguise.Parse(facts.Disguise); ok {
		label = d.Label(label)
	}
	return facts.Prefix + label
}

// Account is the response of a step that was to yield an account. If it did not, the check has nothing to look at.
func Account(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := AccountResponse(ev, step)
	if e.Response.Truncated {
		Inconclusive("the body of %s is longer than the suite reads; this is a limit of the suite", e.ID)
	}
	document, _ := e.Document()
	if !IsObject(document) {
		Inconclusive("%s was answered with a body that is no JSON object, so that there is no account to look at", e.ID)
	}
	for _, pointer := range []string{"/metadata", "/spec", "/status"} {
		if _, ok := exchange.Lookup(document, pointer); ok {
			return e
		}
	}
	Inconclusive("%s was answered with an object that has nothing of an account", e.ID)
	return nil
}

// AccountResponse is the response of a step that was to succeed, whatever its body.
func AccountResponse(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := ev.At(step)
	if !e.Success() {
		Inconclusive("%s got %d, so that there is no account to look at", e.ID, e.Status())
	}
	return e
}

// Issued is account for checks that look at the access token.
func Issued(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := Account(ev, step)
	if e.AccessToken() == "" {
		Inconclusive("%s was answered without an access token", e.ID)
	}
	return e
}

// Listed is a list of a probe that created one account, and the pointer to that account in it.
func Listed(ev *exchange.Evidence, list string) (e *exchange.Exchange, pointer string) {
	id := Account(ev, "create").AccountID()
	e = ev.At(list)
	_, position := e.Listed(id)
	if position < 0 {
		Inconclusive("the account is not in the list of %s", e.ID)
	}
	return e, fmt.Sprintf("/%d", position)
}

// Moment is the date-time at a pointer; a check of a relation between times has nothing to say about one that is none.
func Moment(e *exchange.Exchange, pointer string) time.Time {
	t, err := spec.ParseDateTime(e.Text(pointer))
	if err != nil {
		Inconclusive("%s has no date-time at %s", e.ID, pointer)
	}
	return t
}

// Creates are the creates of a whole run that yielded an account, and whose response the suite read to its end. A target that
// takes descriptions of megabytes repeats them in responses that it does not.
func Creates(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return e.Operation == probe.CreateOperation && e.Success() && !e.Response.Truncated && e.AccountID() != ""
	})
	if len(found) < 2 {
		Inconclusive("fewer than two accounts were created")
	}
	return found
}

// Inconclusive ends a check as inconclusive.
func Inconclusive(format string, args ...any) {
	panic(exchange.Missing{Reason: fmt.Sprintf(format, args...)})
}

func IsObject(document any) bool {
	_, ok := document.(map[string]any)
	return ok
}

// ShownBefore is what was shown of a member of an account before it was changed: by the response to its create, and by the
// list that was read then. The two are one value, unless one contradicts the other; then another requirement is broken, and
// nobody can say which of them to compare with.
func ShownBefore(ev *exchange.Evidence, pointer string) []any {
	var shown []any
	if value, ok := Account(ev, "create").Member(pointer); ok {
		shown = append(shown, value)
	}
	if ev.Has("list-before") {
		if list := ev.Sent("list-before"); list.Answered() {
			if stored, position := list.Listed(Account(ev, "create").AccountID()); position >= 0 {
				if value, ok := exchange.Lookup(stored, pointer); ok {
					shown = append(shown, value)
				}
			}
		}
	}
	if len(shown) == 0 {
		Inconclusive("nothing showed %s before", pointer)
	}
	return shown
}

// Sent is the value that a request of ours held at a JSON pointer.
func Sent(e *exchange.Exchange, pointer string) any {
	var document any
	if err := json.Unmarshal(e.Request.Body, &document); err != nil {
		Inconclusive("%s was sent with a body that is not JSON", e.ID)
	}
	value, ok := exchange.Lookup(document, pointer)
	if !ok {
		Inconclusive("%s was sent without %s", e.ID, pointer)
	}
	return value
}

// TextAt is the string at a pointer, to compare another answer with.
func TextAt(e *exchange.Exchange, pointer string) string {
	value := e.Text(pointer)
	if value == "" {
		Inconclusive("%s has no string at %s", e.ID, pointer)
	}
	return value
}

// Strings are the strings of an array in a request of ours.
func Strings(value any) []string {
	items, _ := value.([]any)
	found := []string{}
	for _, item := range items {
		if id, ok := item.(string); ok {
			found = append(found, id)
		}
	}
	return found
}

// FinalResponse is the response that retryOnConflict got. A conflict over an account that is listed as unfinished is legal, and leaves the
// step untested.
func FinalResponse(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := ev.At(step)
	if e.Status() != http.StatusConflict || !ev.Has(step+"-busy") {
		return e
	}
	list, at := Listed(ev, step+"-busy")
	if slices.Contains([]string{"pending", "provisioning"}, list.Text(at+"/metadata/provisioningStatus")) {
		Inconclusive("the account was still in the making when %s was tried for the last time", e.ID)
	}
	return e
}

// EveryList gives the lists of accounts that were read in the whole evidence, whoever asked.
func EveryList(ev *exchange.Evidence) []*exchange.Exchange {
	return ev.Where(func(e *exchange.Exchange) bool {
		_, isList := e.Items()
		return e.Operation == probe.ListOperation && e.Request.Method == http.MethodGet && e.Success() && isList
	})
}

// Success is a response with a 2xx status; a check of what it holds has nothing to say about another.
func Success(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := ev.At(step)
	if !e.Success() {
		Inconclusive("%s got %d", e.ID, e.Status())
	}
	return e
}
