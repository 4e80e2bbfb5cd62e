package states

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/generate"
	"github.com/sa-conformance/conformance/internal/reference"
)

// OwnAccounts get wrong what an account sees of itself and may do to itself.
func OwnAccounts() []*mutant.Defect {
	return mutant.InFamily("an account and itself",
		mutant.Defective("own-list-with-neighbour", "shows an account without groups the account that was made before it, too", "a machine learns of another one that is none of its business",
			ownLists(func(all, own []any, at int) []any { return append(own, all[max(at-1, 0)]) }), "state.own-list.confined"),
		mutant.Defective("own-list-empty", "shows an account that was updated an empty list", "a machine cannot find its own id",
			ownListsAfter(mutant.Update, func(all, own []any, at int) []any { return []any{} }), "state.own-list.confined"),
		mutant.Defective("own-rotation-wants-json", "refuses a rotation with the account's own token that has no Content-Type", "a machine cannot renew its token",
			ownRequests(func(known reference.Credentials, r *http.Request, _ int) *mutant.Response {
				return failing(r.Header.Get("Content-Type") == "", http.StatusUnsupportedMediaType, "unsupported_media_type")
			}, mutant.Rotate), "state.own-rotation.kept"),
		mutant.Defective("own-rotation-once", "lets an account rotate itself once", "a machine is locked out when its second token ends",
			ownRequests(func(_ reference.Credentials, _ *http.Request, before int) *mutant.Response {
				return failing(before > 0, http.StatusForbidden, "forbidden")
			}, mutant.Rotate), "state.own-rotation.kept"),
		mutant.Defective("rotated-creates", "lets an account that was rotated create others", "a machine makes itself accomplices", rotatedCreates(), "state.powers.kept"),
		mutant.Defective("own-groups-exchanged", "lets the token of an account exchange one group of the account for another", "a machine gives itself the rights of another one",
			ownGroupsExchanged(), "state.own-groups.kept"),
		mutant.Defective("own-refusal-renames", "refuses an account its own update, and renames it", "a refusal is none", ownRefusalRenames(), "state.list.agrees"),
	)
}

func failing(when bool, status int, code string) *mutant.Response {
	if !when {
		return nil
	}
	a := &mutant.Response{Fields: http.Header{}}
	a.Fail(status, code)
	return a
}

// ownRequests answers requests with the good token of an account about that account; before is how many of them succeeded.
func ownRequests(answer func(known reference.Credentials, r *http.Request, before int) *mutant.Response, operations ...mutant.Operation) *mutant.Layer {
	return mutant.PerServer(func() *mutant.Layer {
		issued, done := &mutant.Store[string]{}, &mutant.Store[int]{} // accounts by token, and successes by account
		return mutant.Chain(remembering(issued), mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			account, ok := issued.Get(mutant.BearerOf(r))
			if !ok || !strings.EqualFold(account, mutant.AccountOf(r)) || mutant.Ask(next, mutant.WithTarget(r, http.MethodGet, mutant.CollectionOf(r))).Status == http.StatusUnauthorized {
				return mutant.Ask(next, r)
			}
			before, _ := done.Get(account)
			a := answer(known, r, before)
			if a == nil {
				if a = mutant.Ask(next, r); a.Status/100 == 2 {
					done.Put(account, before+1)
				}
			}
			return a
		}, operations...))
	})
}

// remembering notes whose the tokens are that are issued.
func remembering(issued *mutant.Store[string]) *mutant.Layer {
	return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
		if token := a.TextOf("/status/accessToken"); token != "" {
			issued.Put(token, a.TextOf("/metadata/id"))
		}
	}, mutant.Create, mutant.Rotate)
}

// ownLists changes the list that an account reads: of all accounts, its own one is at the given place.
func ownLists(change func(all, own []any, at int) []any) *mutant.Layer {
	return ownListsAfter("", change)
}

// ownListsAfter is ownLists for accounts to which an operation was done before.
func ownListsAfter(operation mutant.Operation, change func(all, own []any, at int) []any) *mutant.Layer {
	return mutant.PerServer(func() *mutant.Layer {
		issued, met := &mutant.Store[string]{}, &mutant.Store[bool]{}
		return mutant.Chain(remembering(issued), mutant.OnSuccess(func(r *http.Request, _ *mutant.Response) {
			met.Put(strings.ToLower(mutant.AccountOf(r)), true)
		}, operation), mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			a := mutant.Ask(next, r)
			account, ok := issued.Get(mutant.BearerOf(r))
			if done, _ := met.Get(strings.ToLower(account)); !ok || a.Status != http.StatusOK || operation != "" && !done {
				return a
			}
			var all []any
			mutant.Ask(next, mutant.WithBearer(r, known.Token)).Edit(func(document any) any { all, _ = document.([]any); return document })
			a.Edit(func(document any) any {
				own, _ := document.([]any)
				for at, item := range all {
					if id, _ := mutant.Lookup(item, "/metadata/id").(string); strings.EqualFold(id, account) && len(own) == 1 {
						return change(all, own, at)
					}
				}
				return document
			})
			return a
		}, mutant.List))
	})
}

// rotatedCreates serves the creates of accounts that have their second token, or a later one, as those of the operator.
func rotatedCreates() *mutant.Layer {
	return mutant.OnTokens(func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		if u.Operation != mutant.Create || u.Revoked != "" || u.Turn == 0 {
			return nil
		}
		return mutant.Ask(next, mutant.WithBearer(u.Request, u.Known.Token))
	})
}

// ownGroupsExchanged serves an account's own update as that of the operator if it has as many groups afterwards as before, and others.
func ownGroupsExchanged() *mutant.Layer {
	return mutant.OnTokens(func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		if u.Operation != mutant.Update || u.Revoked != "" || !strings.EqualFold(u.Account, mutant.AccountOf(u.Request)) {
			return nil
		}
		document, _ := generate.DocumentOf(u.Request)
		after, _ := mutant.Lookup(document, "/spec/groupIDs").([]any)
		before, _ := mutant.Lookup(mutant.Stored(next, u.Known, u.Request), "/spec/groupIDs").([]any)
		if len(before) != len(after) || len(after) == 0 || before[0] == after[0] {
			return nil
		}
		return mutant.Ask(next, mutant.WithBearer(u.Request, u.Known.Token))
	})
}

// ownRefusalRenames gives an account the name that its own update asks for, and refuses the update.
func ownRefusalRenames() *mutant.Layer {
	return mutant.OnTokens(func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		if u.Operation != mutant.Update || u.Revoked != "" || !strings.EqualFold(u.Account, mutant.AccountOf(u.Request)) {
			return nil
		}
		document, _ := generate.DocumentOf(u.Request)
		if stored := mutant.Stored(next, u.Known, u.Request); stored != nil {
			mutant.Edited(stored, "/metadata/name", mutant.Always(mutant.Lookup(document, "/metadata/name")))
			mutant.Forward(next, u.Known, u.Request, http.MethodPut, u.URL.Path, map[string]any{"metadata": stored["metadata"], "spec": stored["spec"]})
		}
		return nil
	})
}
