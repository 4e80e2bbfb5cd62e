package mutant

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// badUpdates change something else than what was asked for, or nothing.
func badUpdates() []*Defect {
	const family = "update"

	status := func(code int) *Layer {
		return onSuccess(func(_ *http.Request, a *answer) { a.status = code }, update)
	}
	const forgotten = "what was changed is not changed, and the caller is told that it is"
	return inFamily(family,
		defective("update-201", "answers an update with 201", "clients that wait for 200 treat a success as a failure", status(http.StatusCreated), "update.status.ok"),
		defective("update-204", "answers an update with 204 and nothing", "clients that read the response fail over nothing", onSuccess(func(_ *http.Request, a *answer) {
			a.status, a.body = http.StatusNoContent, nil
			a.header.Del("Content-Length")
		}, update), "update.status.ok"),
		defective("update-changes-id", "makes a new id in an update", "every reference to the account leads nowhere", onMember("/metadata/id", always("0190f3b4-6e0a-7c11-9a4e-5d2b7f8c1e91"), update), "update.keeps.identity"),
		defective("update-changes-creation-time", "answers the time of the update as creationTime", "accounts never grow old", onMember("/metadata/creationTime",
			func(any) any { return time.Now().UTC().Add(3 * time.Second).Format(time.RFC3339) }, update), "update.keeps.identity"),
		defective("update-changes-expiry", "counts the life of the token from the update", "tokens are replaced too late", onMember("/status/expiry",
			func(any) any { return time.Now().UTC().AddDate(0, 0, 91).Format(time.RFC3339) }, update), "update.keeps.expiry"),
		defective("update-answers-old", "answers with the account as it was before", "callers conclude that the update was lost, and repeat it", around(answeringOld, update), "update.changes.name"),
		defective("update-stores-nothing", "answers with the new account and stores the old one", forgotten, around(storingNothing, update), "update.listed.agrees"),
		defective("update-keeps-description", "keeps the old description", forgotten, keeping("/metadata/description"), "update.changes.description"),
		defective("update-drops-tags", "drops the tags of an update", forgotten, changingUpdates("/metadata/tags", func(any) any { return []any{} }), "update.changes.tags"),
		defective("update-merges-tags", "adds the tags of an update to those that were there", "a tag can never be taken away", around(mergingTags, update), "update.changes.tags"),
		defective("update-keeps-what-is-left-out", "keeps the description and the tags that an update leaves out", "what was once written can never be taken away", around(merging, update), "update.clears.left-out"),
		defective("update-completes-braces", "closes the braces that the body of an update leaves open", "a request that was cut on the way is carried out in part", rewriting(func(body []byte) []byte {
			return closed(body, false)
		}, update), "update.rejects.no-json"),
		defective("update-empty-500", "answers 500 to an update without a body", "a fault of the client pages the operators", onAsked(func(w http.ResponseWriter, q asked) bool {
			if !q.permitted || len(q.text) > 0 {
				return false
			}
			a := &answer{header: http.Header{}}
			a.fail(http.StatusInternalServerError, "server_error")
			a.send(w)
			return true
		}, update), "update.rejects.no-json"),
		defective("update-ignores-groups", "keeps the old groups", "permissions that were taken away stay, and those that were given do not come", keeping("/spec/groupIDs"), "update.changes.groups"),
		defective("update-clears-no-groups", "takes an empty list of groups for one that was left out", "the last permission of an account can never be taken away", around(clearingNoGroups, update), "update.clears.groups"),
		defective("update-forgets-groups-when-listed", "stores the groups of an update somewhere that the list does not look", "an audit sees other permissions than there are", around(forgettingGroups, update), "update.listed.agrees"),
		defective("update-reveals-token", "sends the access token with an update", "whoever may rename an account may act as it", revealing(update), "update.token.absent"),
		defective("update-revokes-token", "revokes the token of an account that changes", "a machine is locked out when somebody corrects a description", around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			a := ask(next, r)
			if a.status == http.StatusOK {
				forward(next, known, r, http.MethodPost, r.URL.Path+"/rotate", nil)
			}
			return a
		}, update), "update.token.survives"),
		defective("update-without-health", "leaves healthStatus out of the response to an update", "a client that was generated from the schema fails over it", onMember("/metadata/healthStatus", always(gone()), update), "update.body.schema"),
		defective("update-unknown-200", "answers 200 to an update of an account that does not exist", "a caller goes on with an account that is gone", onStatus(http.StatusNotFound, pretending, update), "update.unknown.not-found"),
		defective("update-unknown-creates", "creates the account where an update finds none", "accounts that were deleted come back", around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			var wanted any
			_ = json.Unmarshal(bodyOf(r), &wanted)
			a := ask(next, r)
			if a.status == http.StatusNotFound {
				a = forward(next, known, r, http.MethodPost, collectionOf(r), wanted)
			}
			return a
		}, update), "update.unknown.not-found"),
		defective("update-malformed-id-500", "answers 500 to an update under an id that is no UUID", "a mistyped id pages the operators", failingOverID(update), "update.malformed-id.refused"),
		defective("update-accepts-no-spec", "keeps the groups where an update has no spec, and accepts it", "a client that forgot half of its request is told that all is well",
			changingUpdates("/spec", ifMissing(map[string]any{"groupIDs": []any{}})), "update.rejects.malformed"),
		defective("update-accepts-number-name", "accepts a number for the name in an update", "accounts get names that a create would refuse", changingMember("/metadata/name", "number", asText, update), "update.rejects.malformed"),
		defective("update-cuts-names", "cuts a name to 63 characters in an update", "two accounts that were told apart by their ends have one name",
			changingMember("/metadata/name", "string", onText(func(name string) any { return name[:min(len(name), 63)] }), update), "update.rejects.malformed"),
		defective("update-malformed-500", "answers a malformed update with 500", "a fault of the client pages the operators",
			onStatus(http.StatusBadRequest, func(r *http.Request, a *answer) {
				if len(accountOf(r)) == 36 {
					a.fail(http.StatusInternalServerError, "server_error")
				}
			}, update), "update.rejects.malformed"),
		defective("update-stores-before-groups", "stores the name of an update before it looks at the groups, and then refuses it", "an account has a name that was refused", around(storingRefused, update), "update.rejects.nothing-changed"),
	)
}

// answeringOld, storingNothing and the others below serve updates; they know the account as it was before.
func answeringOld(known reference.Credentials, next http.Handler, r *http.Request) *answer {
	old := stored(next, known, r)
	a := ask(next, r)
	if old != nil && a.status == http.StatusOK {
		a.set(old)
	}
	return a
}

func storingNothing(known reference.Credentials, next http.Handler, r *http.Request) *answer {
	old := stored(next, known, r)
	a := ask(next, r)
	if old != nil && a.status == http.StatusOK {
		forward(next, known, r, http.MethodPut, r.URL.Path, old)
	}
	return a
}

// rewritten serves an update with a document that was changed in the light of the stored account.
func rewritten(known reference.Credentials, next http.Handler, r *http.Request, change func(wanted, old map[string]any)) *answer {
	var wanted map[string]any
	old := stored(next, known, r)
	if json.Unmarshal(bodyOf(r), &wanted) != nil || old == nil {
		return ask(next, r)
	}
	change(wanted, old)
	body, _ := json.Marshal(wanted) // made of what was decoded
	return ask(next, withBody(r, body))
}

// keeping keeps the old value of a member, in updates that would be accepted.
func keeping(pointer string) *Layer {
	return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
		return rewritten(known, next, r, func(wanted, old map[string]any) {
			kept := lookup(old, pointer)
			if kindOf(lookup(wanted, pointer)) != kindOf(kept) {
				return
			}
			edited(wanted, pointer, always(kept))
		})
	}, update)
}

func mergingTags(known reference.Credentials, next http.Handler, r *http.Request) *answer {
	return rewritten(known, next, r, func(wanted, old map[string]any) {
		before, _ := lookup(old, "/metadata/tags").([]any)
		if after, ok := lookup(wanted, "/metadata/tags").([]any); ok {
			edited(wanted, "/metadata/tags", always(append(before, after...)))
		}
	})
}

// merging puts what an update leaves out back from the account as it was.
func merging(known reference.Credentials, next http.Handler, r *http.Request) *answer {
	return rewritten(known, next, r, func(wanted, old map[string]any) {
		for _, pointer := range []string{"/metadata/description", "/metadata/tags"} {
			if before := lookup(old, pointer); before != nil && lookup(wanted, pointer) == nil {
				edited(wanted, pointer, always(before))
			}
		}
	})
}

func clearingNoGroups(known reference.Credentials, next http.Handler, r *http.Request) *answer {
	return rewritten(known, next, r, func(wanted, old map[string]any) {
		if groups, ok := lookup(wanted, "/spec/groupIDs").([]any); ok && len(groups) == 0 {
			edited(wanted, "/spec/groupIDs", always(lookup(old, "/spec/groupIDs")))
		}
	})
}

func forgettingGroups(known reference.Credentials, next http.Handler, r *http.Request) *answer {
	var wanted map[string]any
	_ = json.Unmarshal(bodyOf(r), &wanted)
	old := stored(next, known, r)
	a := ask(next, r)
	if old != nil && a.status == http.StatusOK {
		edited(wanted, "/spec/groupIDs", always(lookup(old, "/spec/groupIDs")))
		forward(next, known, r, http.MethodPut, r.URL.Path, wanted)
	}
	return a
}

func storingRefused(known reference.Credentials, next http.Handler, r *http.Request) *answer {
	var wanted map[string]any
	_ = json.Unmarshal(bodyOf(r), &wanted)
	a := ask(next, r)
	if _, hasSpec := wanted["spec"].(map[string]any); a.status == http.StatusBadRequest && hasSpec {
		edited(wanted, "/spec/groupIDs", always([]any{}))
		forward(next, known, r, http.MethodPut, r.URL.Path, wanted)
	}
	return a
}

func changingUpdates(pointer string, change func(any) any) *Layer {
	return onDocument(func(document map[string]any) { edited(document, pointer, change) }, update)
}

func ifMissing(value any) func(any) any {
	return func(old any) any {
		if old == nil {
			return value
		}
		return old
	}
}

// pretending turns a 404 into a response of an account that looks well.
func pretending(r *http.Request, a *answer) {
	now := time.Now().UTC()
	a.status = http.StatusOK
	a.set(map[string]any{
		"metadata": map[string]any{
			"id": accountOf(r), "name": "unnamed", "organizationId": organizationOf(r), "creationTime": now.Format(time.RFC3339),
			"provisioningStatus": "provisioned", "healthStatus": "healthy",
		},
		"spec":   map[string]any{"groupIDs": []any{}},
		"status": map[string]any{"expiry": now.AddDate(0, 0, 90).Format(time.RFC3339)},
	})
}

// failingOverID answers 500 under an id that is no UUID.
func failingOverID(operations ...operation) *Layer {
	return onStatus(http.StatusBadRequest, func(r *http.Request, a *answer) {
		if len(accountOf(r)) != 36 {
			a.fail(http.StatusInternalServerError, "server_error")
		}
	}, operations...)
}

// revealing adds the account's token, as create and rotate answered it, to the responses of an operation.
func revealing(operations ...operation) *Layer {
	return memory(func() *Layer {
		var tokens store[string]
		return Chain(
			onSuccess(func(_ *http.Request, a *answer) {
				tokens.put(a.textOf("/metadata/id"), a.textOf("/status/accessToken"))
			}, create, rotate),
			onSuccess(func(r *http.Request, a *answer) {
				if token, ok := tokens.get(accountOf(r)); ok {
					a.edit(func(document any) any { return edited(document, "/status/accessToken", always(token)) })
				}
			}, operations...),
		)
	})
}
