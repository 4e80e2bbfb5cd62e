package mutant

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// beyondLife get the life of an account or of a token wrong: in its second round, or beside another account.
func beyondLife() []*Defect {
	const locked = "a machine is locked out and nobody knows why"
	return []*Defect{
		defective("first-token-again", "issues with the second rotation what it issued with the first", "a token that was taken away is good again", memory(func() *Layer {
			var issued store[string]
			return onSuccess(func(r *http.Request, a *answer) {
				if token, again := issued.get(accountOf(r)); again {
					a.edit(func(document any) any { return edited(document, "/status/accessToken", always(token)) })
					return
				}
				issued.put(accountOf(r), a.textOf("/status/accessToken"))
			}, rotate)
		}), "state.token.distinct"),
		defective("rotation-shows-first", "shows with a rotation the description from before the updates", "a client stores what is not so",
			Generated("rotate response /metadata/description | as it was at first | after an update").Layer, "state.rotate.agrees"),
		defective("update-names-token", "sends the token of the account in a header with an update", "a token that is to be read once stands in every log", memory(func() *Layer {
			var tokens store[string]
			return Chain(
				onSuccess(func(_ *http.Request, a *answer) {
					tokens.put(a.textOf("/metadata/id"), a.textOf("/status/accessToken"))
				}, create, rotate),
				onSuccess(func(r *http.Request, a *answer) {
					if token, ok := tokens.get(accountOf(r)); ok {
						a.header.Set("X-Debug", "bearer="+token)
					}
				}, update),
			)
		}), "state.secret.kept"),
		defective("deleted-updates", "answers 200 to an update of an account that was deleted", "a caller goes on with an account that is gone",
			deletedOnce(func(_ reference.Credentials, _ http.Handler, r *http.Request, a *answer) { pretending(r, a) }, update), "state.unknown.refused"),
		defective("deleted-returns", "lists a deleted account again once somebody asks for it", "an account that was taken away is back", memory(func() *Layer {
			var deleted, back store[map[string]any]
			return Chain(
				around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
					before := stored(next, known, r)
					a := ask(next, r)
					if before != nil && a.status == http.StatusOK {
						deleted.put(strings.ToLower(accountOf(r)), before)
					}
					return a
				}, remove),
				onStatus(http.StatusNotFound, func(r *http.Request, _ *answer) {
					if account, ok := deleted.get(strings.ToLower(accountOf(r))); ok {
						back.put(accountOf(r), account)
					}
				}, update),
				onSuccess(func(_ *http.Request, a *answer) {
					a.edit(func(document any) any {
						items, _ := document.([]any)
						for _, account := range back.all() {
							items = append(items, account)
						}
						return items
					})
				}, list),
			)
		}), "state.deletion.final"),
		defective("userinfo-first", "tells every token the subject of the first that asked", "one machine takes itself for another", memory(func() *Layer {
			var first store[any]
			return onSuccess(func(_ *http.Request, a *answer) {
				a.edit(func(document any) any {
					if sub, known := first.get("sub"); known {
						return edited(document, "/sub", always(sub))
					}
					first.put("sub", lookup(document, "/sub"))
					return document
				})
			}, userinfo)
		}), "state.token.subject"),
		defective("token-of-two-uses", "takes the token of an account twice and no more", locked, memory(func() *Layer {
			var uses store[int]
			return onRequest(func(known reference.Credentials, r *http.Request) *http.Request {
				token := bearerOf(r)
				if token == known.Token || token == "" {
					return r
				}
				n, _ := uses.get(token)
				uses.put(token, n+1)
				if n >= 2 {
					return as(r, "used.up.token")
				}
				return r
			}, list)
		}), "state.token.works"),
		defective("fourth-update-ends-token", "ends the token of an account with its fourth update", locked, memory(func() *Layer {
			var updates store[int]
			return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
				a := ask(next, r)
				if a.status == http.StatusOK {
					n, _ := updates.get(accountOf(r))
					updates.put(accountOf(r), n+1)
					if n+1 == 4 {
						forward(next, known, r, http.MethodPost, r.URL.Path+"/rotate", nil)
					}
				}
				return a
			}, update)
		}), "state.token.survives"),
		defective("get-shows", "answers GET of one account with 200 and nothing", "clients rely on what no document has", onAnswer(func(r *http.Request, a *answer) {
			if r.Method == http.MethodGet && a.status == http.StatusMethodNotAllowed {
				a.status = http.StatusOK
				a.set(map[string]any{})
			}
		}, anythingElse), "state.undeclared.refused"),
	}
}

// deletedOnce changes the 404 to operations on accounts that were deleted.
func deletedOnce(change func(known reference.Credentials, next http.Handler, r *http.Request, a *answer), operations ...operation) *Layer {
	return memory(func() *Layer {
		var deleted store[bool]
		return Chain(
			onSuccess(func(r *http.Request, _ *answer) { deleted.put(strings.ToLower(accountOf(r)), true) }, remove),
			around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
				a := ask(next, r)
				if gone, _ := deleted.get(strings.ToLower(accountOf(r))); gone && a.status == http.StatusNotFound {
					change(known, next, r, a)
				}
				return a
			}, operations...),
		)
	})
}
