package states

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/generate"
	"github.com/sa-conformance/conformance/internal/reference"
)

// beyondLife get the life of an account or of a token wrong: in its second round, or beside another account.
func beyondLife() []*mutant.Defect {
	const locked = "a machine is locked out and nobody knows why"
	return []*mutant.Defect{
		mutant.Defective("first-token-again", "issues with the second rotation what it issued with the first", "a token that was taken away is good again", mutant.Memory(func() *mutant.Layer {
			var issued mutant.Store[string]
			return mutant.OnSuccess(func(r *http.Request, a *mutant.Response) {
				if token, again := issued.Get(mutant.AccountOf(r)); again {
					a.Edit(func(document any) any { return mutant.Edited(document, "/status/accessToken", mutant.Always(token)) })
					return
				}
				issued.Put(mutant.AccountOf(r), a.TextOf("/status/accessToken"))
			}, mutant.Rotate)
		}), "state.token.distinct"),
		mutant.Defective("rotation-shows-first", "shows with a rotation the description from before the updates", "a client stores what is not so",
			generate.Named("rotate response /metadata/description | as it was at first | after an update").Layer, "state.rotate.agrees"),
		mutant.Defective("update-names-token", "sends the token of the account in a header with an update", "a token that is to be read once stands in every log",
			withIssued(func(a *mutant.Response, token string) { a.Fields.Set("X-Debug", "bearer="+token) }, mutant.Update), "state.secret.kept"),
		mutant.Defective("deleted-updates", "answers 200 to an update of an account that was deleted", "a caller goes on with an account that is gone",
			deletedOnce(func(_ reference.Credentials, _ http.Handler, r *http.Request, a *mutant.Response) { pretending(r, a) }, mutant.Update), "state.unknown.refused"),
		mutant.Defective("deleted-returns", "lists a deleted account again once somebody asks for it", "an account that was taken away is back", mutant.Memory(func() *mutant.Layer {
			var deleted, back mutant.Store[map[string]any]
			return mutant.Chain(
				mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
					before := mutant.Stored(next, known, r)
					a := mutant.Ask(next, r)
					if before != nil && a.Status == http.StatusOK {
						deleted.Put(strings.ToLower(mutant.AccountOf(r)), before)
					}
					return a
				}, mutant.Remove),
				mutant.OnStatus(http.StatusNotFound, func(r *http.Request, _ *mutant.Response) {
					if account, ok := deleted.Get(strings.ToLower(mutant.AccountOf(r))); ok {
						back.Put(mutant.AccountOf(r), account)
					}
				}, mutant.Update),
				mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
					a.Edit(func(document any) any {
						items, _ := document.([]any)
						for _, account := range back.All() {
							items = append(items, account)
						}
						return items
					})
				}, mutant.List),
			)
		}), "state.deletion.final"),
		mutant.Defective("userinfo-first", "tells every token the subject of the first that asked", "one machine takes itself for another", mutant.Memory(func() *mutant.Layer {
			var first mutant.Store[any]
			return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
				a.Edit(func(document any) any {
					if sub, known := first.Get("sub"); known {
						return mutant.Edited(document, "/sub", mutant.Always(sub))
					}
					first.Put("sub", mutant.Lookup(document, "/sub"))
					return document
				})
			}, mutant.Userinfo)
		}), "state.token.subject"),
		mutant.Defective("token-of-two-uses", "takes the token of an account twice and no more", locked, mutant.Memory(func() *mutant.Layer {
			var uses mutant.Store[int]
			return mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
				token := mutant.BearerOf(r)
				if token == known.Token || token == "" {
					return r
				}
				n, _ := uses.Get(token)
				uses.Put(token, n+1)
				if n >= 2 {
					return mutant.WithBearer(r, "used.up.token")
				}
				return r
			}, mutant.List)
		}), "state.token.works"),
		mutant.Defective("fourth-update-ends-token", "ends the token of an account with its fourth update", locked, mutant.Memory(func() *mutant.Layer {
			var updates mutant.Store[int]
			return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
				a := mutant.Ask(next, r)
				if a.Status == http.StatusOK {
					n, _ := updates.Get(mutant.AccountOf(r))
					updates.Put(mutant.AccountOf(r), n+1)
					if n+1 == 4 {
						mutant.Forward(next, known, r, http.MethodPost, r.URL.Path+"/rotate", nil)
					}
				}
				return a
			}, mutant.Update)
		}), "state.token.survives"),
		mutant.Defective("get-shows", "answers GET of one account with 200 and nothing", "clients rely on what no document has", mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if r.Method == http.MethodGet && a.Status == http.StatusMethodNotAllowed {
				a.Status = http.StatusOK
				a.Set(map[string]any{})
			}
		}, mutant.AnythingElse), "state.undeclared.refused"),
	}
}

// deletedOnce changes the 404 to operations on accounts that were deleted.
func deletedOnce(change func(known reference.Credentials, next http.Handler, r *http.Request, a *mutant.Response), operations ...mutant.Operation) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var deleted mutant.Store[bool]
		return mutant.Chain(
			mutant.OnSuccess(func(r *http.Request, _ *mutant.Response) { deleted.Put(strings.ToLower(mutant.AccountOf(r)), true) }, mutant.Remove),
			mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
				a := mutant.Ask(next, r)
				if gone, _ := deleted.Get(strings.ToLower(mutant.AccountOf(r))); gone && a.Status == http.StatusNotFound {
					change(known, next, r, a)
				}
				return a
			}, operations...),
		)
	})
}
