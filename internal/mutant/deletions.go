package mutant

import (
	"net/http"
	"slices"

	"github.com/sa-conformance/conformance/internal/reference"
)

// badDeletions delete something else than what was asked for, or nothing, or say so wrongly.
func badDeletions() []*Defect {
	status := func(code int) *Layer {
		return onSuccess(func(_ *http.Request, a *answer) { a.status = code }, remove)
	}
	unknown := func(change func(*http.Request, *answer)) *Layer { return onStatus(http.StatusNotFound, change, remove) }
	fine := func(_ *http.Request, a *answer) { a.status, a.body = http.StatusOK, nil }
	fails := func(_ *http.Request, a *answer) { a.fail(http.StatusInternalServerError, "server_error") }
	const trusting = "a mistyped id is told to be deleted, and the account lives on"
	return inFamily("delete",
		defective("delete-202", "answers a deletion with 202", "clients wait for something to poll", status(http.StatusAccepted), "delete.status.ok"),
		defective("delete-204", "answers a deletion with 204", "clients that wait for 200 treat a success as a failure", onSuccess(func(_ *http.Request, a *answer) {
			a.status = http.StatusNoContent
			a.header.Del("Content-Length")
		}, remove), "delete.status.ok"),
		defective("delete-hides-nothing", "answers a deletion with 200 and keeps the account in the list", "accounts that were deleted are counted, billed and audited for ever", ghosts(), "delete.listed.gone"),
		defective("delete-first-time-only-told", "deletes an account when it is asked for the second time", "whoever asks once keeps an account that works", memory(func() *Layer {
			var asked store[bool]
			return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
				if _, again := asked.get(r.URL.Path); !again && bearerOf(r) == known.Token && stored(next, known, r) != nil {
					asked.put(r.URL.Path, true)
					return &answer{status: http.StatusOK, header: http.Header{}}
				}
				return ask(next, r)
			}, remove)
		}), "delete.listed.gone"),
		defective("delete-twice-200", "answers the second deletion of an account with 200", "two clean-ups that meet do not learn of each other", repeated(http.StatusOK), "delete.twice.not-found"),
		defective("delete-twice-500", "answers the second deletion of an account with 500", "a clean-up that is repeated pages the operators", repeated(http.StatusInternalServerError), "delete.twice.not-found"),
		defective("delete-unknown-200", "answers 200 to every deletion", trusting, unknown(fine), "delete.unknown.not-found"),
		defective("delete-unknown-500", "answers 500 to a deletion of an account that does not exist", "an account that is gone pages the operators", unknown(fails), "delete.unknown.not-found"),
		defective("delete-malformed-id-500", "answers 500 to a deletion under an id that is no UUID", "a mistyped id pages the operators", failingOverID(remove), "delete.malformed-id.refused"),
		defective("delete-malformed-id-200", "answers 200 to a deletion under an id that is no UUID", trusting, onStatus(http.StatusBadRequest, fine, remove), "delete.malformed-id.refused"),
	)
}

// repeated answers deletions of accounts that were deleted with a status.
func repeated(status int) *Layer {
	return memory(func() *Layer {
		var deleted store[bool]
		return onAnswer(func(r *http.Request, a *answer) {
			_, before := deleted.get(r.URL.Path)
			switch {
			case a.status == http.StatusOK:
				deleted.put(r.URL.Path, true)
			case a.status == http.StatusNotFound && before && status == http.StatusOK:
				a.status, a.body = status, nil
			case a.status == http.StatusNotFound && before:
				a.fail(status, "server_error")
			}
		}, remove)
	})
}

// ghosts stay in the operator's list until they are deleted for the second time.
func ghosts() *Layer {
	type ghost struct{ account map[string]any }
	return memory(func() *Layer {
		var dead store[*ghost]
		return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			if operationOf(r) == remove {
				old := stored(next, known, r)
				a := ask(next, r)
				if _, again := dead.get(accountOf(r)); a.status == http.StatusNotFound && again {
					dead.put(accountOf(r), nil)
				}
				if a.status == http.StatusOK {
					dead.put(accountOf(r), &ghost{old})
				}
				return a
			}
			a := ask(next, r)
			if a.status == http.StatusOK && bearerOf(r) == known.Token {
				a.edit(func(document any) any {
					accounts, _ := document.([]any)
					for _, g := range dead.all() {
						if g != nil {
							accounts = append(accounts, g.account)
						}
					}
					return slices.Clip(accounts)
				})
			}
			return a
		}, remove, list)
	})
}
