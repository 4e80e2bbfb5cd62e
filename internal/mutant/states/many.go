package states

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// CrowdSize is how many creates of similar names must be under way for the faults of many to show.
const CrowdSize = 8

// Stem is the name of an account without a number at its end: by it, the servers of meetings divide their work.
func Stem(v mutant.View) string {
	return strings.TrimRight(fmt.Sprint(mutant.Lookup(v.Request, "/metadata/name")), "-0123456789")
}

// Together go wrong where creates meet.
func Together() []*mutant.Defect {
	const family = "concurrency"
	const gone = "an account that got 201 is not there, and its token opens nothing"
	const twice = "an account exists that nobody was told of"
	byName := func(v mutant.View) string { return fmt.Sprint(mutant.Lookup(v.Request, "/metadata/name")) }
	inGroup := func(a mutant.Arrival) bool {
		ids, _ := mutant.Lookup(a.Request, "/spec/groupIDs").([]any)
		return len(ids) > 0
	}
	fails := func(a mutant.Arrival) { a.Fail(http.StatusInternalServerError, "server_error") }

	return mutant.Prefixed("many-", family,
		mutant.Defective("lost", "loses accounts where many of similar names are created at once", gone, mutant.Barrier(Stem, func(a mutant.Arrival) {
			if a.Of >= CrowdSize {
				a.Delete()
			}
		}), "many.listed.all"),
		mutant.Defective("failed", "answers 500 where many accounts of similar names are created at once", "a burst of creates is only half served", mutant.Barrier(Stem, func(a mutant.Arrival) {
			if a.Of > CrowdSize {
				a.Delete()
				fails(a)
			}
		}), "many.answered.all"),
		mutant.Defective("dropped", "closes connections where many accounts of similar names are created at once", "a burst of creates is only half served", mutant.Barrier(Stem, func(a mutant.Arrival) {
			if a.Of > CrowdSize {
				panic(http.ErrAbortHandler)
			}
		}), "many.answered.all"),
		mutant.Defective("same-id", "answers creates with one id where many meet", "two callers believe that they own one account", crossed("/metadata/id"),
			"many.ids.distinct", "create.id.distinct"),
		mutant.Defective("same-token", "answers creates with one token where many meet", "two callers share a token, and either can rotate it away", crossed("/status/accessToken"),
			"many.tokens.distinct", "create.token.distinct"),
		mutant.Defective("twins-500", "answers 500 to the second of two creates of one name that meet", "a client cannot tell whether there is an account", mutant.Barrier(byName, func(a mutant.Arrival) {
			if a.Of == 2 {
				a.Delete()
				fails(a)
			}
		}), "many.same-name.answered"),
		mutant.Defective("twins-kept", "answers 409 to the second of two creates of one name that meet, and keeps the account", twice, mutant.Barrier(byName, func(a mutant.Arrival) {
			if a.Of == 2 {
				a.Fail(http.StatusConflict, "conflict")
			}
		}), "many.same-name.agrees"),
		mutant.Defective("twins-lost", "keeps one of two accounts of one name that meet, and answers 201 to both", gone, mutant.Barrier(byName, func(a mutant.Arrival) {
			if a.Of == 2 {
				a.Delete()
			}
		}), "many.same-name.agrees"),
		mutant.Defective("grouped-500", "answers 500 where several accounts enter one group at once", "accounts of one group cannot be made by machines", mutant.Barrier(Stem, func(a mutant.Arrival) {
			if inGroup(a) && a.Of > 2 {
				a.Delete()
				fails(a)
			}
		}), "many.grouped.answered"),
		mutant.Defective("grouped-kept", "answers 409 where several accounts enter one group at once, and keeps the accounts", twice, mutant.Barrier(Stem, func(a mutant.Arrival) {
			if inGroup(a) && a.Of > 2 {
				a.Fail(http.StatusConflict, "conflict")
			}
		}), "many.grouped.agrees"),
		mutant.Defective("grouped-lost", "loses one of several accounts that enter one group at once", gone, mutant.Barrier(Stem, func(a mutant.Arrival) {
			if inGroup(a) && a.Of > 2 {
				a.Delete()
			}
		}), "many.grouped.agrees"),
		mutant.Defective("grouped-outside", "leaves the last of several accounts that enter one group at once out of it", "an account lacks a right that it was to have",
			outside(inGroup), "many.grouped.agrees"),
	)
}

// crossed answers creates with a member of another one that is under way, where many are.
func crossed(pointer string) *mutant.Layer {
	return mutant.PerServer(func() *mutant.Layer {
		var mu sync.Mutex
		var first any
		return mutant.Barrier(Stem, func(a mutant.Arrival) {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case a.Of < CrowdSize:
			case first == nil:
				first = mutant.Lookup(a.Account, pointer)
			default:
				a.Edit(func(document any) any { return mutant.Edited(document, pointer, mutant.Always(first)) })
			}
		})
	})
}

// outside lists the last of several accounts that enter one group at once without it.
func outside(counts func(mutant.Arrival) bool) *mutant.Layer {
	return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		var left sync.Map // ids of accounts
		meet := mutant.Barrier(Stem, func(a mutant.Arrival) {
			if counts(a) && a.Of > 2 {
				left.Store(mutant.Lookup(a.Account, "/metadata/id"), true)
			}
		})
		lists := mutant.OnItems(func(account map[string]any) {
			if _, out := left.Load(mutant.Lookup(account, "/metadata/id")); out {
				mutant.Edited(account, "/spec/groupIDs", mutant.Always([]any{}))
			}
		})
		return mutant.Chain(meet, lists).Wrap(known, next)
	}}
}
