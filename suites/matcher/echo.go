package matcher

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// EchoName accepts the response of a create whose name is the one that was sent.
func EchoName() types.GomegaMatcher {
	return echo("/metadata/name", false, BeExactly)
}

// EchoDescription accepts the response of a create whose description is the one that was sent; an empty one may be dropped.
func EchoDescription() types.GomegaMatcher {
	return echo("/metadata/description", true, BeExactly)
}

// EchoTags accepts the response of a create that holds every tag that was sent; an empty list of them may be dropped.
func EchoTags() types.GomegaMatcher {
	return echo("/metadata/tags", true, HoldTags)
}

// echo compares a member of the answer with what was sent in its place; what was not sent is not looked at.
func echo(pointer string, emptyMayGo bool, same func(any) types.GomegaMatcher) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		var request any
		if json.Unmarshal(e.Request.Body, &request) != nil {
			return nil
		}
		sent, ok := exchange.Lookup(request, pointer)
		if !ok {
			return nil
		}
		if got, _ := e.Member(pointer); emptyMayGo && empty(sent) && (got == nil || empty(got)) {
			return nil
		}
		return run(HaveMember(pointer, same(sent)), e)
	})
}

func empty(value any) bool {
	switch v := value.(type) {
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// BeOtherThan accepts any value but the given one. The message does not show it.
func BeOtherThan(other any) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		if value != other {
			return nil
		}
		return &Mismatch{Expected: "a value of the target's own", Seen: "the value that the request named"}
	})
}

// BeListedAsAnswered accepts the response of a create whose account stands in a list with the same id, name, description,
// tags, groups, creation time and expiry. An account that is not in the list is another check's matter.
func BeListedAsAnswered(list *exchange.Exchange) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		if list.Answered() && list.Response.Truncated {
			panic(tooLong(list))
		}
		entry, position := list.Listed(e.AccountID())
		if position < 0 {
			if document, _ := list.Document(); !isList(document) {
				return nil // another check's matter
			}
			return &Mismatch{Expected: "the account in the list", Seen: "an account that is not listed", Exchange: list.ID}
		}
		for _, pointer := range []string{
			"/metadata/name", "/metadata/description", "/metadata/tags", "/metadata/organizationId", "/metadata/creationTime",
			"/spec/groupIDs", "/status/expiry",
		} {
			answered, _ := e.Member(pointer)
			listed, _ := exchange.Lookup(entry, pointer)
			if !equivalent(pointer, answered, listed) {
				return &Mismatch{
					Expected: pointer + " as the create answered, " + Show(answered), Seen: "in the list " + pointer + " " + Show(listed), Pointer: pointer,
				}
			}
		}
		return nil
	})
}

// equivalent compares members of two responses about one account: times as instants, ids and groups without regard to
// case and order, tags as sets, and an empty member like an absent one.
func equivalent(pointer string, a, b any) bool {
	if (a == nil || empty(a)) && (b == nil || empty(b)) {
		return true
	}
	textA, okA := a.(string)
	textB, okB := b.(string)
	switch {
	case strings.HasSuffix(pointer, "Time"), strings.HasSuffix(pointer, "expiry"):
		timeA, errA := spec.ParseDateTime(textA)
		timeB, errB := spec.ParseDateTime(textB)
		if errA != nil || errB != nil {
			return true // another check's matter
		}
		// Reads may be stored with less precision than the response of the write.
		return timeA.Truncate(time.Second).Equal(timeB.Truncate(time.Second)) || timeA.Sub(timeB).Abs() < time.Second
	case strings.HasSuffix(pointer, "Id"), strings.HasSuffix(pointer, "/id"):
		return okA && okB && strings.EqualFold(textA, textB)
	case strings.HasSuffix(pointer, "groupIDs"):
		return run(BeSameSet(texts(b)...), a) == nil
	case strings.HasSuffix(pointer, "tags"):
		a, b = unreserved(a), unreserved(b)
		return run(HoldTags(b), a) == nil && run(HoldTags(a), b) == nil
	}
	return okA && okB && textA == textB
}

// BeAsBefore accepts a value of a member that is, as BeListedAsAnswered compares, one of those that were shown before.
func BeAsBefore(pointer string, shown ...any) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		for _, before := range shown {
			if equivalent(pointer, before, value) {
				return nil
			}
		}
		return &Mismatch{Expected: Show(shown[0]), Seen: Show(value)}
	})
}

// BeEmpty accepts an empty string and an empty array.
func BeEmpty() types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		if empty(value) {
			return nil
		}
		return &Mismatch{Expected: "nothing", Seen: Show(value)}
	})
}

func texts(value any) []string {
	items, _ := value.([]any)
	var found []string
	for _, item := range items {
		if text, ok := item.(string); ok {
			found = append(found, text)
		}
	}
	return found
}

func isList(document any) bool {
	_, ok := document.([]any)
	return ok
}
