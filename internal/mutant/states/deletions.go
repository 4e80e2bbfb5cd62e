package states

import (
	"net/http"
	"slices"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// BadDeletions delete something else than what was asked for, or nothing, or say so wrongly.
func BadDeletions() []*mutant.Defect {
	status := func(code int) *mutant.Layer {
		return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Status = code }, mutant.Remove)
	}
	unknown := func(change func(*http.Request, *mutant.Response)) *mutant.Layer {
		return mutant.OnStatus(http.StatusNotFound, change, mutant.Remove)
	}
	fine := func(_ *http.Request, a *mutant.Response) { a.Status, a.Body = http.StatusOK, nil }
	fails := func(_ *http.Request, a *mutant.Response) { a.Fail(http.StatusInternalServerError, "server_error") }
	const trusting = "a mistyped id is told to be deleted, and the account lives on"
	return mutant.InFamily("delete",
		mutant.Defective("delete-202", "answers a deletion with 202", "clients wait for something to poll", status(http.StatusAccepted), "delete.status.ok"),
		mutant.Defective("delete-204", "answers a deletion with 204", "clients that wait for 200 treat a success as a failure", mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Status = http.StatusNoContent
			a.Fields.Del("Content-Length")
		}, mutant.Remove), "delete.status.ok"),
		mutant.Defective("delete-hides-nothing", "answers a deletion with 200 and keeps the account in the list", "accounts that were deleted are counted, billed and audited for ever", ghosts(), "delete.listed.gone"),
		mutant.Defective("delete-first-time-only-told", "deletes an account when it is asked for the second time", "whoever asks once keeps an account that works", mutant.Memory(func() *mutant.Layer {
			var asked mutant.Store[bool]
			return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
				if _, again := asked.Get(r.URL.Path); !again && mutant.BearerOf(r) == known.Token && mutant.Stored(next, known, r) != nil {
					asked.Put(r.URL.Path, true)
					return &mutant.Response{Status: http.StatusOK, Fields: http.Header{}}
				}
				return mutant.Ask(next, r)
			}, mutant.Remove)
		}), "delete.listed.gone"),
		mutant.Defective("delete-twice-200", "answers the second deletion of an account with 200", "two clean-ups that meet do not learn of each other", repeated(http.StatusOK), "delete.twice.not-found"),
		mutant.Defective("delete-twice-500", "answers the second deletion of an account with 500", "a clean-up that is repeated pages the operators", repeated(http.StatusInternalServerError), "delete.twice.not-found"),
		mutant.Defective("delete-unknown-200", "answers 200 to every deletion", trusting, unknown(fine), "delete.unknown.not-found"),
		mutant.Defective("delete-unknown-500", "answers 500 to a deletion of an account that does not exist", "an account that is gone pages the operators", unknown(fails), "delete.unknown.not-found"),
		mutant.Defective("delete-malformed-id-500", "answers 500 to a deletion under an id that is no UUID", "a mistyped id pages the operators", failingOverID(mutant.Remove), "delete.malformed-id.refused"),
		mutant.Defective("delete-malformed-id-200", "answers 200 to a deletion under an id that is no UUID", trusting, mutant.OnStatus(http.StatusBadRequest, fine, mutant.Remove), "delete.malformed-id.refused"),
	)
}

// repeated answers deletions of accounts that were deleted with a status.
func repeated(status int) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var deleted mutant.Store[bool]
		return mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			_, before := deleted.Get(r.URL.Path)
			switch {
			case a.Status == http.StatusOK:
				deleted.Put(r.URL.Path, true)
			case a.Status == http.StatusNotFound && before && status == http.StatusOK:
				a.Status, a.Body = status, nil
			case a.Status == http.StatusNotFound && before:
				a.Fail(status, "server_error")
			}
		}, mutant.Remove)
	})
}

// ghosts stay in the operator's list until they are deleted for the second time.
func ghosts() *mutant.Layer {
	type ghost struct{ account map[string]any }
	return mutant.Memory(func() *mutant.Layer {
		var dead mutant.Store[*ghost]
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			if mutant.OperationOf(r) == mutant.Remove {
				old := mutant.Stored(next, known, r)
				a := mutant.Ask(next, r)
				if _, again := dead.Get(mutant.AccountOf(r)); a.Status == http.StatusNotFound && again {
					dead.Put(mutant.AccountOf(r), nil)
				}
				if a.Status == http.StatusOK {
					dead.Put(mutant.AccountOf(r), &ghost{old})
				}
				return a
			}
			a := mutant.Ask(next, r)
			if a.Status == http.StatusOK && mutant.BearerOf(r) == known.Token {
				a.Edit(func(document any) any {
					accounts, _ := document.([]any)
					for _, g := range dead.All() {
						if g != nil {
							accounts = append(accounts, g.account)
						}
					}
					return slices.Clip(accounts)
				})
			}
			return a
		}, mutant.Remove, mutant.List)
	})
}
