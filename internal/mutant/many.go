package mutant

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// crowd is how many creates of similar names must be under way for the faults of many to show.
const crowd = 8

// stem is the name of an account without a number at its end: by it, the servers of meetings divide their work.
func stem(v view) string {
	return strings.TrimRight(fmt.Sprint(lookup(v.request, "/metadata/name")), "-0123456789")
}

// together go wrong where creates meet.
func together() []*Defect {
	const family = "concurrency"
	const gone = "an account that got 201 is not there, and its token opens nothing"
	const twice = "an account exists that nobody was told of"
	byName := func(v view) string { return fmt.Sprint(lookup(v.request, "/metadata/name")) }
	inGroup := func(a arrival) bool {
		ids, _ := lookup(a.request, "/spec/groupIDs").([]any)
		return len(ids) > 0
	}
	fails := func(a arrival) { a.fail(http.StatusInternalServerError, "server_error") }

	return prefixed("many-", family,
		defective("lost", "loses accounts where many of similar names are created at once", gone, barrier(stem, func(a arrival) {
			if a.of >= crowd {
				a.delete()
			}
		}), "many.listed.all"),
		defective("failed", "answers 500 where many accounts of similar names are created at once", "a burst of creates is only half served", barrier(stem, func(a arrival) {
			if a.of > crowd {
				a.delete()
				fails(a)
			}
		}), "many.answered.all"),
		defective("dropped", "closes connections where many accounts of similar names are created at once", "a burst of creates is only half served", barrier(stem, func(a arrival) {
			if a.of > crowd {
				panic(http.ErrAbortHandler)
			}
		}), "many.answered.all"),
		defective("same-id", "answers creates with one id where many meet", "two callers believe that they own one account", crossed("/metadata/id"),
			"many.ids.distinct", "create.id.distinct"),
		defective("same-token", "answers creates with one token where many meet", "two callers share a token, and either can rotate it away", crossed("/status/accessToken"),
			"many.tokens.distinct", "create.token.distinct"),
		defective("twins-500", "answers 500 to the second of two creates of one name that meet", "a client cannot tell whether there is an account", barrier(byName, func(a arrival) {
			if a.of == 2 {
				a.delete()
				fails(a)
			}
		}), "many.same-name.answered"),
		defective("twins-kept", "answers 409 to the second of two creates of one name that meet, and keeps the account", twice, barrier(byName, func(a arrival) {
			if a.of == 2 {
				a.fail(http.StatusConflict, "conflict")
			}
		}), "many.same-name.agrees"),
		defective("twins-lost", "keeps one of two accounts of one name that meet, and answers 201 to both", gone, barrier(byName, func(a arrival) {
			if a.of == 2 {
				a.delete()
			}
		}), "many.same-name.agrees"),
		defective("grouped-500", "answers 500 where several accounts enter one group at once", "accounts of one group cannot be made by machines", barrier(stem, func(a arrival) {
			if inGroup(a) && a.of > 2 {
				a.delete()
				fails(a)
			}
		}), "many.grouped.answered"),
		defective("grouped-kept", "answers 409 where several accounts enter one group at once, and keeps the accounts", twice, barrier(stem, func(a arrival) {
			if inGroup(a) && a.of > 2 {
				a.fail(http.StatusConflict, "conflict")
			}
		}), "many.grouped.agrees"),
		defective("grouped-lost", "loses one of several accounts that enter one group at once", gone, barrier(stem, func(a arrival) {
			if inGroup(a) && a.of > 2 {
				a.delete()
			}
		}), "many.grouped.agrees"),
		defective("grouped-outside", "leaves the last of several accounts that enter one group at once out of it", "an account lacks a right that it was to have",
			outside(inGroup), "many.grouped.agrees"),
	)
}

// crossed answers creates with a member of another one that is under way, where many are.
func crossed(pointer string) *Layer {
	return perServer(func() *Layer {
		var mu sync.Mutex
		var first any
		return barrier(stem, func(a arrival) {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case a.of < crowd:
			case first == nil:
				first = lookup(a.account, pointer)
			default:
				a.edit(func(document any) any { return edited(document, pointer, always(first)) })
			}
		})
	})
}

// outside lists the last of several accounts that enter one group at once without it.
func outside(counts func(arrival) bool) *Layer {
	return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		var left sync.Map // ids of accounts
		meet := barrier(stem, func(a arrival) {
			if counts(a) && a.of > 2 {
				left.Store(lookup(a.account, "/metadata/id"), true)
			}
		})
		lists := onItems(func(account map[string]any) {
			if _, out := left.Load(lookup(account, "/metadata/id")); out {
				edited(account, "/spec/groupIDs", always([]any{}))
			}
		})
		return Chain(meet, lists).Wrap(known, next)
	}}
}
