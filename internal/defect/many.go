package defect

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/sa-conformance/conformance/internal/reference"
)

// crowd is how many creates must be under way for the faults of many to show.
const crowd = 12

// together go wrong where creates meet.
func together() []Defect {
	const family = "concurrency"
	const gone = "an account that was answered with 201 is not there, and its token opens nothing"
	const twice = "an account exists that nobody was told of"
	all := func(view) string { return "" }
	byName := func(v view) string { return fmt.Sprint(lookup(v.request, "/metadata/name")) }
	byGroups := func(v view) string { return fmt.Sprint(lookup(v.request, "/spec/groupIDs")) }
	inGroup := func(a arrival) bool {
		ids, _ := lookup(a.request, "/spec/groupIDs").([]any)
		return len(ids) > 0
	}
	fails := func(a arrival) { a.fail(http.StatusInternalServerError, "server_error") }
	d := func(name, what, effect string, l Layer, breaks ...string) Defect {
		return Defect{Name: "many-" + name, Family: family, Description: what, Effect: effect, Breaks: breaks, Layer: l}
	}
	return []Defect{
		d("lost", "loses accounts where many are created at once", gone, meeting(all, func(a arrival) {
			if a.order == crowd {
				a.delete()
			}
		}), "many.listed.all"),
		d("failed", "answers 500 where many accounts are created at once", "a burst of creates is only half served", meeting(all, func(a arrival) {
			if a.order > crowd {
				a.delete()
				fails(a)
			}
		}), "many.answered.all"),
		d("dropped", "closes connections where many accounts are created at once", "a burst of creates is only half served", meeting(all, func(a arrival) {
			if a.order > crowd {
				panic(http.ErrAbortHandler)
			}
		}), "many.answered.all", "create.answers.always"),
		d("conflict", "answers 409 where many accounts of different names are created at once", "a burst of creates is only half served", meeting(all, func(a arrival) {
			if a.order > crowd {
				a.delete()
				a.fail(http.StatusConflict, "conflict")
			}
		}), "many.answered.all"),
		d("same-id", "answers two creates with one id where many meet", "two callers believe that they own one account", crossed("/metadata/id"),
			"many.ids.distinct", "create.id.distinct"),
		d("same-token", "answers two creates with one token where many meet", "two callers share a token, and either can rotate it away", crossed("/status/accessToken"),
			"many.tokens.distinct", "create.token.distinct"),
		d("twins-both-refused", "refuses both of two creates of one name that meet, after making the accounts", twice, twins(func(a *answer) { a.fail(http.StatusConflict, "conflict") }), "many.same-name.answered", "many.same-name.agrees"),
		d("twins-500", "answers 500 to the second of two creates of one name that meet", "a client cannot tell whether there is an account", meeting(byName, func(a arrival) {
			if a.of == 2 {
				a.delete()
				fails(a)
			}
		}), "many.same-name.answered"),
		d("twins-kept", "answers 409 to the second of two creates of one name that meet, and keeps the account", twice, meeting(byName, func(a arrival) {
			if a.of == 2 {
				a.fail(http.StatusConflict, "conflict")
			}
		}), "many.same-name.agrees"),
		d("twins-lost", "keeps one of two accounts of one name that meet, and answers 201 to both", gone, meeting(byName, func(a arrival) {
			if a.of == 2 {
				a.delete()
			}
		}), "many.same-name.agrees"),
		d("grouped-500", "answers 500 where several accounts enter one group at once", "accounts of one group cannot be made by machines", meeting(byGroups, func(a arrival) {
			if inGroup(a) && a.of > 2 {
				a.delete()
				fails(a)
			}
		}), "many.grouped.answered"),
		d("grouped-kept", "answers 409 where several accounts enter one group at once, and keeps the accounts", twice, meeting(byGroups, func(a arrival) {
			if inGroup(a) && a.of > 2 {
				a.fail(http.StatusConflict, "conflict")
			}
		}), "many.grouped.agrees"),
		d("grouped-lost", "loses one of several accounts that enter one group at once", gone, meeting(byGroups, func(a arrival) {
			if inGroup(a) && a.of > 2 {
				a.delete()
			}
		}), "many.grouped.agrees"),
		d("grouped-outside", "leaves the last of several accounts that enter one group at once out of it", "an account lacks a right that it was to have",
			outside(byGroups, inGroup), "many.grouped.agrees"),
	}
}

// crossed answers a create with a member of another one that is under way, where many are.
func crossed(pointer string) Layer {
	return perServer(func() Layer {
		var mu sync.Mutex
		var first any
		return meeting(func(view) string { return "" }, func(a arrival) {
			mu.Lock()
			defer mu.Unlock()
			switch a.order {
			case crowd:
				first = lookup(a.account, pointer)
			case crowd + 1:
				if first != nil {
					a.edit(func(document any) any { return edited(document, pointer, always(first)) })
				}
			}
		})
	})
}

// twins changes the answers to both of two creates of one name that meet.
func twins(change func(a *answer)) Layer {
	return perServer(func() Layer {
		var names sync.Map // of the accounts that were made
		return meeting(func(v view) string { return fmt.Sprint(lookup(v.request, "/metadata/name")) }, func(a arrival) {
			name := lookup(a.request, "/metadata/name")
			if a.of > 1 {
				names.Store(name, true)
			}
			if _, met := names.Load(name); met {
				change(a.answer)
			}
		})
	})
}

// outside lists the last of several accounts that enter one group at once without it.
func outside(key func(view) string, counts func(arrival) bool) Layer {
	return Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
		var left sync.Map // ids of accounts
		meet := meeting(key, func(a arrival) {
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
