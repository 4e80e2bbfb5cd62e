package mutant

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// badLists list what is not so.
func badLists() []*Defect {
	const family = "lists"
	items := func(change func(items []any) any) *Layer {
		return onSuccess(func(_ *http.Request, a *answer) {
			a.edit(func(document any) any {
				accounts, _ := document.([]any)
				return change(accounts)
			})
		}, list)
	}
	without := func(leave func(account any) bool) *Layer {
		return items(func(accounts []any) any { return slices.DeleteFunc(accounts, leave) })
	}
	member := func(pointer string, change func(any) any) *Layer {
		return onItems(func(account map[string]any) { edited(account, pointer, change) })
	}
	has := func(pointer string) func(any) bool {
		return func(account any) bool {
			found, _ := lookup(account, pointer).([]any)
			return len(found) > 0
		}
	}
	const lost = "accounts that nobody sees are never cleaned up"

	return inFamily(family,
		defective("list-drops-ungrouped", "joins accounts with their groups, and so lists none that has no group", lost,
			without(func(account any) bool { return !has("/spec/groupIDs")(account) }), "list.contains.created"),
		defective("list-drops-grouped", "lists no account that is in a group", lost, without(has("/spec/groupIDs")), "many.grouped.agrees"),
		defective("list-without-groups", "lists every account without its groups", "an audit sees other permissions than there are", member("/spec/groupIDs", always([]any{})), "create.spec.groups-listed"),
		defective("list-drops-tagged", "lists no account that has tags", lost, without(has("/metadata/tags")), "create.listed.agrees"),
		defective("list-first-page", "lists the first two accounts and no more", lost, items(func(accounts []any) any { return accounts[:min(len(accounts), 2)] }), "list.contains.created"),
		defective("list-cached", "lists from a copy that it makes every ten seconds", "a client that waits for its account gives up", onceInAWhile(10*time.Second), "list.contains.created"),
		defective("list-misses-numbered", "lists one of several accounts whose names differ only in a number at the end", lost, items(func(accounts []any) any {
			seen := map[string]bool{}
			return slices.DeleteFunc(accounts, func(account any) bool {
				name, _ := lookup(account, "/metadata/name").(string)
				stem := strings.TrimRight(name, "-0123456789")
				again := seen[stem]
				seen[stem] = true
				return again
			})
		}), "many.listed.all"),
		defective("list-leaks-newest", "lists the token of the newest account", "whoever may list may act as the account that was made last", leaking(true), "list.token.absent"),
		defective("list-leaks-first", "lists the token of the first account that was made", "whoever may list may act as one of the accounts", leaking(false), "list.token.absent"),
		defective("list-other-organization", "lists an account of another organization", "a tenant sees the accounts of another", &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			return items(func(accounts []any) any { return append(accounts, foreign(accounts, known.OtherOrganization)) }).Wrap(known, next)
		}}, "list.organization.same"),
		defective("list-wrong-organization", "lists every account under the zero UUID as its organization", "a client that goes on with it addresses nothing",
			member("/metadata/organizationId", always("00000000-0000-0000-0000-000000000000")), "list.organization.same"),
		defective("list-twice-by-group", "lists an account once for each of its groups and once more", "accounts are counted, billed and deleted twice", items(func(accounts []any) any {
			all := []any{}
			for _, account := range accounts {
				if all = append(all, account); has("/spec/groupIDs")(account) {
					all = append(all, account)
				}
			}
			return all
		}), "list.ids.unique"),
		defective("list-without-health", "leaves healthStatus out of a list", "a client that was generated from the schema fails over the whole list", member("/metadata/healthStatus", always(gone())), "list.body.schema"),
		defective("list-groups-null", "lists null in place of no groups", "a client that was generated from the schema fails over the whole list", member("/spec/groupIDs", func(old any) any {
			if groups, _ := old.([]any); len(groups) == 0 {
				return nil
			}
			return old
		}), "list.body.schema"),
		defective("list-object", "wraps the list in an object", "no client finds an account", items(func(accounts []any) any { return map[string]any{"items": accounts} }), "list.body.array"),
		defective("list-null", "answers null in place of the list", "no client finds an account", items(func([]any) any { return nil }), "list.body.array"),
		defective("list-204", "answers a list with 204 and nothing", "no client finds an account", onSuccess(func(_ *http.Request, a *answer) {
			a.status, a.body = http.StatusNoContent, nil
			a.header.Del("Content-Length")
		}, list), "list.status.ok"),
		defective("list-203", "answers a list with 203", "clients that wait for 200 treat a success as a failure", onSuccess(func(_ *http.Request, a *answer) { a.status = http.StatusNonAuthoritativeInfo }, list), "list.status.ok"),
		defective("list-text-plain", "lists JSON as text/plain", "clients that look at the media type do not parse it",
			onSuccess(func(_ *http.Request, a *answer) { a.header.Set("Content-Type", "text/plain") }, list), "list.media-type.json"),
		defective("list-creation-time-now", "lists the time of the reading as creationTime", "accounts never grow old, and are never cleaned up", onItems(func(account map[string]any) {
			edited(account, "/metadata/creationTime", always(time.Now().UTC().Add(3*time.Second).Format(time.RFC3339)))
		}), "list.agrees.created"),
		defective("list-expiry-local", "lists the expiry in local time, with a Z", "tokens are replaced hours too late", member("/status/expiry", onText(func(text string) any {
			at, _ := time.Parse(time.RFC3339, text)
			return at.Add(2 * time.Hour).UTC().Format(time.RFC3339)
		})), "list.agrees.created"),
		defective("list-shortens-names", "lists the first fifteen characters of a name", "accounts are not found by name", member("/metadata/name", onText(func(name string) any { return name[:min(len(name), 15)] })), "list.agrees.created"),
	)
}

// foreign is an account of another organization, made like one of a list.
func foreign(accounts []any, organization string) any {
	text, _ := json.Marshal(accounts[0]) // made of what was decoded; a list is never empty, for the seed
	var account map[string]any
	_ = json.Unmarshal(text, &account)
	edited(account, "/metadata/organizationId", always(organization))
	edited(account, "/metadata/id", always("0190f3b4-6e0a-7c11-9a4e-5d2b7f8c1e90"))
	edited(account, "/metadata/name", always("an-account-of-others"))
	return account
}

// cachedLists answers lists to each caller as they were some time ago.
func cachedLists(behind time.Duration) *Layer {
	type snapshot struct {
		a  *answer
		at time.Time
	}
	return memory(func() *Layer {
		var kept store[snapshot]
		return around(func(_ reference.Credentials, next http.Handler, r *http.Request) *answer {
			key := r.URL.RequestURI() + " " + r.Header.Get("Authorization")
			if old, ok := kept.get(key); ok && time.Since(old.at) < behind {
				return &answer{status: old.a.status, header: old.a.header.Clone(), body: old.a.body}
			}
			at := time.Now()
			a := ask(next, r)
			kept.put(key, snapshot{&answer{status: a.status, header: a.header.Clone(), body: a.body}, at})
			return a
		}, list)
	})
}

// leaking adds to lists the token of one account: the newest or the oldest of those whose tokens were seen.
func leaking(newest bool) *Layer {
	return memory(func() *Layer {
		var tokens store[string]
		remember := func(_ *http.Request, a *answer) {
			tokens.put(a.textOf("/metadata/id"), a.textOf("/status/accessToken"))
		}
		leak := func(_ *http.Request, a *answer) {
			a.edit(func(document any) any {
				accounts, _ := document.([]any)
				if newest {
					slices.Reverse(accounts)
					defer slices.Reverse(accounts)
				}
				for _, account := range accounts {
					id, _ := lookup(account, "/metadata/id").(string)
					if token, ok := tokens.get(id); ok {
						edited(account, "/status/accessToken", always(token))
						break
					}
				}
				return document
			})
		}
		return Chain(onSuccess(remember, create, rotate), onSuccess(leak, list))
	})
}

// onceInAWhile answers the operator's lists from a copy that is made at the first request of all, and again when it is old.
func onceInAWhile(age time.Duration) *Layer {
	return memory(func() *Layer {
		var mu sync.Mutex
		var made time.Time
		var copied *answer
		return &Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				if time.Since(made) > age {
					made, copied = time.Now(), forward(next, known, r, http.MethodGet, "/api/v1/organizations/"+known.Organization+"/serviceaccounts", nil)
				}
				a := &answer{status: copied.status, header: copied.header.Clone(), body: copied.body}
				mu.Unlock()
				if operationOf(r) == list && organizationOf(r) == known.Organization && bearerOf(r) == known.Token {
					a.send(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		}}
	})
}
