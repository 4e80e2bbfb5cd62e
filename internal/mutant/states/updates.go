package states

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/requests"
	"github.com/sa-conformance/conformance/internal/reference"
)

// BadUpdates change something else than what was asked for, or nothing.
func BadUpdates() []*mutant.Defect {
	const family = "update"

	status := func(code int) *mutant.Layer {
		return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Status = code }, mutant.Update)
	}
	const forgotten = "what was changed is not changed, and the caller is told that it is"
	return mutant.InFamily(family,
		mutant.Defective("update-201", "answers an update with 201", "clients that wait for 200 treat a success as a failure", status(http.StatusCreated), "update.status.ok"),
		mutant.Defective("update-204", "answers an update with 204 and nothing", "clients that read the response fail over nothing", mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Status, a.Body = http.StatusNoContent, nil
			a.Fields.Del("Content-Length")
		}, mutant.Update), "update.status.ok"),
		mutant.Defective("update-changes-id", "makes a new id in an update", "every reference to the account leads nowhere", mutant.OnMember("/metadata/id", mutant.Always("0190f3b4-6e0a-7c11-9a4e-5d2b7f8c1e91"), mutant.Update), "update.keeps.identity"),
		mutant.Defective("update-changes-creation-time", "answers the time of the update as creationTime", "accounts never grow old", mutant.OnMember("/metadata/creationTime",
			func(any) any { return time.Now().UTC().Add(3 * time.Second).Format(time.RFC3339) }, mutant.Update), "update.keeps.identity"),
		mutant.Defective("update-changes-expiry", "counts the life of the token from the update", "tokens are replaced too late", mutant.OnMember("/status/expiry",
			func(any) any { return time.Now().UTC().AddDate(0, 0, 91).Format(time.RFC3339) }, mutant.Update), "update.keeps.expiry"),
		mutant.Defective("update-answers-old", "answers with the account as it was before", "callers conclude that the update was lost, and repeat it", mutant.Around(answeringOld, mutant.Update), "update.changes.name"),
		mutant.Defective("update-stores-nothing", "answers with the new account and stores the old one", forgotten, mutant.Around(storingNothing, mutant.Update), "update.listed.agrees"),
		mutant.Defective("update-keeps-description", "keeps the old description", forgotten, keeping("/metadata/description"), "update.changes.description"),
		mutant.Defective("update-drops-tags", "drops the tags of an update", forgotten, changingUpdates("/metadata/tags", func(any) any { return []any{} }), "update.changes.tags"),
		mutant.Defective("update-merges-tags", "adds the tags of an update to those that were there", "a tag can never be taken away", mutant.Around(mergingTags, mutant.Update), "update.changes.tags"),
		mutant.Defective("update-keeps-what-is-left-out", "keeps the description and the tags that an update leaves out", "what was once written can never be taken away", mutant.Around(merging, mutant.Update), "update.clears.left-out"),
		mutant.Defective("update-completes-braces", "closes the braces that the body of an update leaves open", "a request that was cut on the way is carried out in part", mutant.Rewriting(func(body []byte) []byte {
			return requests.ClosedJSON(body, false)
		}, mutant.Update), "update.rejects.no-json"),
		mutant.Defective("update-empty-500", "answers 500 to an update without a body", "a fault of the client pages the operators", mutant.OnParsed(func(w http.ResponseWriter, q mutant.ParsedRequest) bool {
			if !q.Permitted || len(q.Text) > 0 {
				return false
			}
			a := &mutant.Response{Fields: http.Header{}}
			a.Fail(http.StatusInternalServerError, "server_error")
			a.Send(w)
			return true
		}, mutant.Update), "update.rejects.no-json"),
		mutant.Defective("update-ignores-groups", "keeps the old groups", "permissions that were taken away stay, and those that were given do not come", keeping("/spec/groupIDs"), "update.changes.groups"),
		mutant.Defective("update-clears-no-groups", "takes an empty list of groups for one that was left out", "the last permission of an account can never be taken away", mutant.Around(clearingNoGroups, mutant.Update), "update.clears.groups"),
		mutant.Defective("update-forgets-groups-when-listed", "stores the groups of an update somewhere that the list does not look", "an audit sees other permissions than there are", mutant.Around(forgettingGroups, mutant.Update), "update.listed.agrees"),
		mutant.Defective("update-reveals-token", "sends the access token with an update", "whoever may rename an account may act as it", revealing(mutant.Update), "update.token.absent"),
		mutant.Defective("update-revokes-token", "revokes the token of an account that changes", "a machine is locked out when somebody corrects a description", mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			a := mutant.Ask(next, r)
			if a.Status == http.StatusOK {
				mutant.Forward(next, known, r, http.MethodPost, r.URL.Path+"/rotate", nil)
			}
			return a
		}, mutant.Update), "update.token.survives"),
		mutant.Defective("update-without-health", "leaves healthStatus out of the response to an update", "a client that was generated from the schema fails over it", mutant.OnMember("/metadata/healthStatus", mutant.Always(mutant.Gone()), mutant.Update), "update.body.schema"),
		mutant.Defective("update-unknown-200", "answers 200 to an update of an account that does not exist", "a caller goes on with an account that is gone", mutant.OnStatus(http.StatusNotFound, pretending, mutant.Update), "update.unknown.not-found"),
		mutant.Defective("update-unknown-creates", "creates the account where an update finds none", "accounts that were deleted come back", mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			var wanted any
			_ = json.Unmarshal(mutant.BodyOf(r), &wanted)
			a := mutant.Ask(next, r)
			if a.Status == http.StatusNotFound {
				a = mutant.Forward(next, known, r, http.MethodPost, mutant.CollectionOf(r), wanted)
			}
			return a
		}, mutant.Update), "update.unknown.not-found"),
		mutant.Defective("update-malformed-id-500", "answers 500 to an update under an id that is no UUID", "a mistyped id pages the operators", failingOverID(mutant.Update), "update.malformed-id.refused"),
		mutant.Defective("update-accepts-no-spec", "keeps the groups where an update has no spec, and accepts it", "a client that forgot half of its request is told that all is well",
			changingUpdates("/spec", IfMissing(map[string]any{"groupIDs": []any{}})), "update.rejects.malformed"),
		mutant.Defective("update-accepts-number-name", "accepts a number for the name in an update", "accounts get names that a create would refuse", mutant.ChangingMember("/metadata/name", "number", mutant.AsText, mutant.Update), "update.rejects.malformed"),
		mutant.Defective("update-cuts-names", "cuts a name to 63 characters in an update", "two accounts that were told apart by their ends have one name",
			mutant.ChangingMember("/metadata/name", "string", mutant.OnText(func(name string) any { return name[:min(len(name), 63)] }), mutant.Update), "update.rejects.malformed"),
		mutant.Defective("update-malformed-500", "answers a malformed update with 500", "a fault of the client pages the operators",
			mutant.OnStatus(http.StatusBadRequest, func(r *http.Request, a *mutant.Response) {
				if len(mutant.AccountOf(r)) == 36 {
					a.Fail(http.StatusInternalServerError, "server_error")
				}
			}, mutant.Update), "update.rejects.malformed"),
		mutant.Defective("update-stores-before-groups", "stores the name of an update before it looks at the groups, and then refuses it", "an account has a name that was refused", mutant.Around(storingRefused, mutant.Update), "update.rejects.nothing-changed"),
	)
}

// answeringOld, storingNothing and the others below serve updates; they know the account as it was before.
func answeringOld(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
	old := mutant.Stored(next, known, r)
	a := mutant.Ask(next, r)
	if old != nil && a.Status == http.StatusOK {
		a.Set(old)
	}
	return a
}

func storingNothing(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
	old := mutant.Stored(next, known, r)
	a := mutant.Ask(next, r)
	if old != nil && a.Status == http.StatusOK {
		mutant.Forward(next, known, r, http.MethodPut, r.URL.Path, old)
	}
	return a
}

// rewritten serves an update with a document that was changed in the light of the stored account.
func rewritten(known reference.Credentials, next http.Handler, r *http.Request, change func(wanted, old map[string]any)) *mutant.Response {
	var wanted map[string]any
	old := mutant.Stored(next, known, r)
	if json.Unmarshal(mutant.BodyOf(r), &wanted) != nil || old == nil {
		return mutant.Ask(next, r)
	}
	change(wanted, old)
	body, _ := json.Marshal(wanted) // made of what was decoded
	return mutant.Ask(next, mutant.WithBody(r, body))
}

// keeping keeps the old value of a member, in updates that would be accepted.
func keeping(pointer string) *mutant.Layer {
	return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		return rewritten(known, next, r, func(wanted, old map[string]any) {
			kept := mutant.Lookup(old, pointer)
			if mutant.KindOf(mutant.Lookup(wanted, pointer)) != mutant.KindOf(kept) {
				return
			}
			mutant.Edited(wanted, pointer, mutant.Always(kept))
		})
	}, mutant.Update)
}

func mergingTags(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
	return rewritten(known, next, r, func(wanted, old map[string]any) {
		before, _ := mutant.Lookup(old, "/metadata/tags").([]any)
		if after, ok := mutant.Lookup(wanted, "/metadata/tags").([]any); ok {
			mutant.Edited(wanted, "/metadata/tags", mutant.Always(append(before, after...)))
		}
	})
}

// merging puts what an update leaves out back from the account as it was.
func merging(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
	return rewritten(known, next, r, func(wanted, old map[string]any) {
		for _, pointer := range []string{"/metadata/description", "/metadata/tags"} {
			if before := mutant.Lookup(old, pointer); before != nil && mutant.Lookup(wanted, pointer) == nil {
				mutant.Edited(wanted, pointer, mutant.Always(before))
			}
		}
	})
}

func clearingNoGroups(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
	return rewritten(known, next, r, func(wanted, old map[string]any) {
		if groups, ok := mutant.Lookup(wanted, "/spec/groupIDs").([]any); ok && len(groups) == 0 {
			mutant.Edited(wanted, "/spec/groupIDs", mutant.Always(mutant.Lookup(old, "/spec/groupIDs")))
		}
	})
}

func forgettingGroups(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
	var wanted map[string]any
	_ = json.Unmarshal(mutant.BodyOf(r), &wanted)
	old := mutant.Stored(next, known, r)
	a := mutant.Ask(next, r)
	if old != nil && a.Status == http.StatusOK {
		mutant.Edited(wanted, "/spec/groupIDs", mutant.Always(mutant.Lookup(old, "/spec/groupIDs")))
		mutant.Forward(next, known, r, http.MethodPut, r.URL.Path, wanted)
	}
	return a
}

func storingRefused(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
	var wanted map[string]any
	_ = json.Unmarshal(mutant.BodyOf(r), &wanted)
	a := mutant.Ask(next, r)
	if _, hasSpec := wanted["spec"].(map[string]any); a.Status == http.StatusBadRequest && hasSpec {
		mutant.Edited(wanted, "/spec/groupIDs", mutant.Always([]any{}))
		mutant.Forward(next, known, r, http.MethodPut, r.URL.Path, wanted)
	}
	return a
}

func changingUpdates(pointer string, change func(any) any) *mutant.Layer {
	return mutant.OnDocument(func(document map[string]any) { mutant.Edited(document, pointer, change) }, mutant.Update)
}

func IfMissing(value any) func(any) any {
	return func(old any) any {
		if old == nil {
			return value
		}
		return old
	}
}

// pretending turns a 404 into a response of an account that looks well.
func pretending(r *http.Request, a *mutant.Response) {
	now := time.Now().UTC()
	a.Status = http.StatusOK
	a.Set(map[string]any{
		"metadata": map[string]any{
			"id": mutant.AccountOf(r), "name": "unnamed", "organizationId": mutant.OrganizationOf(r), "creationTime": now.Format(time.RFC3339),
			"provisioningStatus": "provisioned", "healthStatus": "healthy",
		},
		"spec":   map[string]any{"groupIDs": []any{}},
		"status": map[string]any{"expiry": now.AddDate(0, 0, 90).Format(time.RFC3339)},
	})
}

// failingOverID answers 500 under an id that is no UUID.
func failingOverID(operations ...mutant.Operation) *mutant.Layer {
	return mutant.OnStatus(http.StatusBadRequest, func(r *http.Request, a *mutant.Response) {
		if len(mutant.AccountOf(r)) != 36 {
			a.Fail(http.StatusInternalServerError, "server_error")
		}
	}, operations...)
}

// revealing adds the account's token, as create and rotate answered it, to the responses of an operation.
func revealing(operations ...mutant.Operation) *mutant.Layer {
	return withIssued(func(a *mutant.Response, token string) {
		a.Edit(func(document any) any { return mutant.Edited(document, "/status/accessToken", mutant.Always(token)) })
	}, operations...)
}

// withIssued changes successful responses about an account by the token that was issued last for it.
func withIssued(change func(a *mutant.Response, token string), operations ...mutant.Operation) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var tokens mutant.Store[string]
		return mutant.Chain(
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
				tokens.Put(a.TextOf("/metadata/id"), a.TextOf("/status/accessToken"))
			}, mutant.Create, mutant.Rotate),
			mutant.OnSuccess(func(r *http.Request, a *mutant.Response) {
				if token, ok := tokens.Get(mutant.AccountOf(r)); ok {
					change(a, token)
				}
			}, operations...),
		)
	})
}
