package unforeseen

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// rights give an account more than its own, or less.
func rights() []*mutant.Defect {
	const accomplice = "a machine that was taken over takes over others"
	groups := func(account map[string]any) (all []any) {
		all, _ = mutant.Lookup(account, "/spec/groupIDs").([]any)
		return all
	}
	mates := func(u mutant.TokenUse, next http.Handler) bool {
		if itself(u) {
			return false
		}
		others := groups(mutant.Stored(next, u.Known, u.Request))
		for _, group := range groups(ownState(u, next)) {
			for _, other := range others {
				if group == other {
					return true
				}
			}
		}
		return false
	}
	return []*mutant.Defect{
		mutant.Defective("mates-update", "lets an account update those that share a group with it", accomplice, asOperator(mutant.Update, mates), "state.neighbour.refused"),
		mutant.Defective("mates-delete", "lets an account delete those that share a group with it", accomplice, asOperator(mutant.Remove, mates), "state.neighbour.refused"),
		mutant.Defective("namesake-updates", "lets an account update another one that gets its own name", accomplice, asOperator(mutant.Update, func(u mutant.TokenUse, next http.Handler) bool {
			name := textOf(documentOf(u.Request), "/metadata/name")
			return !itself(u) && name != "" && name == textOf(ownState(u, next), "/metadata/name")
		}), "state.neighbour.refused"),
		mutant.Defective("leaves-groups", "lets an account leave its groups", "a machine escapes from a group that restricts it", asOperator(mutant.Update, func(u mutant.TokenUse, _ http.Handler) bool {
			wanted, named := mutant.Lookup(documentOf(u.Request), "/spec/groupIDs").([]any)
			return itself(u) && named && len(wanted) == 0
		}), "state.own-groups.kept"),
		mutant.Defective("grouped-own-rotation-500", "answers 500 to an account with groups that rotates itself", "a machine cannot renew its token", mutant.OnTokens(func(u mutant.TokenUse, next http.Handler) *mutant.Response {
			if u.Operation != mutant.Rotate || u.Revoked != "" || !itself(u) || len(groups(ownState(u, next))) == 0 {
				return nil
			}
			a := &mutant.Response{Fields: http.Header{}}
			a.Fail(http.StatusInternalServerError, "server_error")
			return a
		}), "state.request.answered"),
		mutant.Defective("own-list-old-name", "shows an account itself under the name that it had first", "a machine reports under a name that nobody knows", ownFirstName(), "state.list.agrees"),
	}
}

// lives do something to an account that nobody asked for.
func lives() []*mutant.Defect {
	const locked = "a machine is locked out and nobody knows why"
	return []*mutant.Defect{
		mutant.Defective("delete-by-name", "deletes all accounts of the name", "an account is gone that nobody deleted", namesakes(mutant.Remove, http.MethodDelete, ""), "state.token.works", "state.list.present"),
		mutant.Defective("rotate-by-name", "rotates all accounts of the name", locked, namesakes(mutant.Rotate, http.MethodPost, "/rotate"), "state.token.works"),
		mutant.Defective("refused-update-ends-token", "ends the token of an account with an update that it refuses", locked, mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			a := mutant.Ask(next, r)
			if a.Status == http.StatusBadRequest {
				mutant.Forward(next, known, r, http.MethodPost, r.URL.Path+"/rotate", nil)
			}
			return a
		}, mutant.Update), "state.token.works"),
		mutant.Defective("unsupported-update-stored", "stores an update of another media type, and refuses it with 415", "a refusal is none", mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			document := documentOf(r)
			a := mutant.Ask(next, r)
			if a.Status == http.StatusUnsupportedMediaType && document != nil {
				mutant.Forward(next, known, r, http.MethodPut, r.URL.Path, document)
			}
			return a
		}, mutant.Update), "state.list.agrees"),
		mutant.Defective("method-in-query", "takes the method from _method in the query", "a link deletes an account", mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			if method := r.URL.Query().Get("_method"); method != "" {
				r.Method = method
			}
			return r
		}), "state.list.present"),
		mutant.Defective("last-digits-ignored", "compares ids without their last two digits", "a wrong id hits another account", mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			asked := mutant.AccountOf(r)
			if mutant.BearerOf(r) != known.Token {
				return mutant.Ask(next, r)
			}
			for _, account := range accounts(next, known, r) {
				id := textOf(account, "/metadata/id")
				if len(id) == len(asked) && id != asked && strings.HasPrefix(asked, id[:len(id)-2]) {
					return mutant.Ask(next, mutant.WithPath(r, strings.Replace(r.URL.Path, asked, id, 1)))
				}
			}
			return mutant.Ask(next, r)
		}, mutant.Update, mutant.Rotate), "update.unknown.not-found", "rotate.unknown.not-found"),
	}
}

// namesakes does what the operator does to an account to all that have its name.
func namesakes(operation mutant.Operation, method, below string) *mutant.Layer {
	return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		account := mutant.Stored(next, known, r)
		all := accounts(next, known, r)
		a := mutant.Ask(next, r)
		for _, other := range all {
			if a.Status == http.StatusOK && other["metadata"] != nil && textOf(other, "/metadata/name") == textOf(account, "/metadata/name") &&
				textOf(other, "/metadata/id") != textOf(account, "/metadata/id") {
				mutant.Forward(next, known, r, method, mutant.CollectionOf(r)+"/"+textOf(other, "/metadata/id")+below, nil)
			}
		}
		return a
	}, operation)
}

// ownFirstName shows an account that lists itself alone the name of its create.
func ownFirstName() *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var first mutant.Store[string]
		return mutant.Chain(
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
				first.Put(a.TextOf("/metadata/id"), a.TextOf("/metadata/name"))
			}, mutant.Create),
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
				a.Edit(func(document any) any {
					items, _ := document.([]any)
					if len(items) != 1 {
						return document
					}
					if name, known := first.Get(textOf(items[0], "/metadata/id")); known {
						mutant.Edited(items[0], "/metadata/name", mutant.Always(name))
					}
					return document
				})
			}, mutant.List),
		)
	})
}
