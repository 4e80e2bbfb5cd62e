package suites

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/disguise"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// labelled begins the names of the run's accounts that have a label.
func labelled(ev *exchange.Evidence, label string) string {
	facts := ev.Facts()
	if d, ok := disguise.Parse(facts.Disguise); ok {
		label = d.Label(label)
	}
	return facts.Prefix + label
}

// account is the response of a step that was to yield an account. If it did not, the check has nothing to look at.
func account(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := successful(ev, step)
	if e.Response.Truncated {
		inconclusive("the body of %s is longer than the suite reads; this is a limit of the suite", e.ID)
	}
	document, _ := e.Document()
	if !isObject(document) {
		inconclusive("%s was answered with a body that is no JSON object, so that there is no account to look at", e.ID)
	}
	for _, pointer := range []string{"/metadata", "/spec", "/status"} {
		if _, ok := exchange.Lookup(document, pointer); ok {
			return e
		}
	}
	inconclusive("%s was answered with an object that has nothing of an account", e.ID)
	return nil
}

// successful is the response of a step that was to succeed, whatever its body.
func successful(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := ev.At(step)
	if !e.Success() {
		inconclusive("%s got %d, so that there is no account to look at", e.ID, e.Status())
	}
	return e
}

// issued is account for checks that look at the access token.
func issued(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := account(ev, step)
	if e.AccessToken() == "" {
		inconclusive("%s was answered without an access token", e.ID)
	}
	return e
}

// listed is a list of a probe that created one account, and the pointer to that account in it.
func listed(ev *exchange.Evidence, list string) (e *exchange.Exchange, pointer string) {
	id := account(ev, "create").AccountID()
	e = ev.At(list)
	_, position := e.Listed(id)
	if position < 0 {
		inconclusive("the account is not in the list of %s", e.ID)
	}
	return e, fmt.Sprintf("/%d", position)
}

// moment is the date-time at a pointer; a check of a relation between times has nothing to say about one that is none.
func moment(e *exchange.Exchange, pointer string) time.Time {
	t, err := spec.ParseDateTime(e.Text(pointer))
	if err != nil {
		inconclusive("%s has no date-time at %s", e.ID, pointer)
	}
	return t
}

// creates are the creates of a whole run that yielded an account, and whose response the suite read to its end. A target that
// takes descriptions of megabytes repeats them in responses that it does not.
func creates(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return e.Operation == probe.CreateOperation && e.Success() && !e.Response.Truncated && e.AccountID() != ""
	})
	if len(found) < 2 {
		inconclusive("fewer than two accounts were created")
	}
	return found
}

// inconclusive ends a check as inconclusive.
func inconclusive(format string, args ...any) {
	panic(exchange.Missing{Reason: fmt.Sprintf(format, args...)})
}

func isObject(document any) bool {
	_, ok := document.(map[string]any)
	return ok
}

// shownBefore is what was shown of a member of an account before it was changed: by the response to its create, and by the
// list that was read then. The two are one value, unless one contradicts the other; then another requirement is broken, and
// nobody can say which of them to compare with.
func shownBefore(ev *exchange.Evidence, pointer string) []any {
	var shown []any
	if value, ok := account(ev, "create").Member(pointer); ok {
		shown = append(shown, value)
	}
	if ev.Has("list-before") {
		if list := ev.Sent("list-before"); list.Answered() {
			if stored, position := list.Listed(account(ev, "create").AccountID()); position >= 0 {
				if value, ok := exchange.Lookup(stored, pointer); ok {
					shown = append(shown, value)
				}
			}
		}
	}
	if len(shown) == 0 {
		inconclusive("nothing showed %s before", pointer)
	}
	return shown
}

// sent is the value that a request of ours held at a JSON pointer.
func sent(e *exchange.Exchange, pointer string) any {
	var document any
	if err := json.Unmarshal(e.Request.Body, &document); err != nil {
		inconclusive("%s was sent with a body that is not JSON", e.ID)
	}
	value, ok := exchange.Lookup(document, pointer)
	if !ok {
		inconclusive("%s was sent without %s", e.ID, pointer)
	}
	return value
}

// textAt is the string at a pointer, to compare another answer with.
func textAt(e *exchange.Exchange, pointer string) string {
	value := e.Text(pointer)
	if value == "" {
		inconclusive("%s has no string at %s", e.ID, pointer)
	}
	return value
}

// stringsOf are the strings of an array in a request of ours.
func stringsOf(value any) []string {
	items, _ := value.([]any)
	found := []string{}
	for _, item := range items {
		if id, ok := item.(string); ok {
			found = append(found, id)
		}
	}
	return found
}

// finalResponse is the response that retryOnConflict got. A conflict over an account that is listed as unfinished is legal, and leaves the
// step untested.
func finalResponse(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := ev.At(step)
	if e.Status() != http.StatusConflict || !ev.Has(step+"-busy") {
		return e
	}
	list, at := listed(ev, step+"-busy")
	if slices.Contains([]string{"pending", "provisioning"}, list.Text(at+"/metadata/provisioningStatus")) {
		inconclusive("the account was still in the making when %s was tried for the last time", e.ID)
	}
	return e
}

// everyList gives the lists of accounts that were read in the whole evidence, whoever asked.
func everyList(ev *exchange.Evidence) []*exchange.Exchange {
	return ev.Where(func(e *exchange.Exchange) bool {
		_, isList := e.Items()
		return e.Operation == probe.ListOperation && e.Request.Method == http.MethodGet && e.Success() && isList
	})
}

// success is a response with a 2xx status; a check of what it holds has nothing to say about another.
func success(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := ev.At(step)
	if !e.Success() {
		inconclusive("%s got %d", e.ID, e.Status())
	}
	return e
}

// beRefused accepts the statuses with which the contract lets a malformed create be refused.
func beRefused() types.GomegaMatcher { return HaveStatus(400, 413, 415, 422) }
