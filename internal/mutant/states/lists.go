package states

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// BadLists list what is not so.
func BadLists() []*mutant.Defect {
	const family = "lists"
	items := func(change func(items []any) any) *mutant.Layer {
		return mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any {
				accounts, _ := document.([]any)
				return change(accounts)
			})
		}, mutant.List)
	}
	without := func(leave func(account any) bool) *mutant.Layer {
		return items(func(accounts []any) any { return slices.DeleteFunc(accounts, leave) })
	}
	member := func(pointer string, change func(any) any) *mutant.Layer {
		return mutant.OnItems(func(account map[string]any) { mutant.Edited(account, pointer, change) })
	}
	has := func(pointer string) func(any) bool {
		return func(account any) bool {
			found, _ := mutant.Lookup(account, pointer).([]any)
			return len(found) > 0
		}
	}
	const lost = "accounts that nobody sees are never cleaned up"

	return mutant.InFamily(family,
		mutant.Defective("list-drops-ungrouped", "joins accounts with their groups, and so lists none that has no group", lost,
			without(func(account any) bool { return !has("/spec/groupIDs")(account) }), "list.contains.created"),
		mutant.Defective("list-drops-grouped", "lists no account that is in a group", lost, without(has("/spec/groupIDs")), "many.grouped.agrees"),
		mutant.Defective("list-without-groups", "lists every account without its groups", "an audit sees other permissions than there are", member("/spec/groupIDs", mutant.Always([]any{})), "create.spec.groups-listed"),
		mutant.Defective("list-drops-tagged", "lists no account that has tags", lost, without(has("/metadata/tags")), "create.listed.agrees"),
		mutant.Defective("list-first-page", "lists the first two accounts and no more", lost, items(func(accounts []any) any { return accounts[:min(len(accounts), 2)] }), "list.contains.created"),
		mutant.Defective("list-cached", "lists from a copy that it makes every ten seconds", "a client that waits for its account gives up", onceInAWhile(10*time.Second), "list.contains.created"),
		mutant.Defective("list-misses-numbered", "lists one of several accounts whose names differ only in a number at the end", lost, items(func(accounts []any) any {
			seen := map[string]bool{}
			return slices.DeleteFunc(accounts, func(account any) bool {
				name, _ := mutant.Lookup(account, "/metadata/name").(string)
				stem := strings.TrimRight(name, "-0123456789")
				again := seen[stem]
				seen[stem] = true
				return again
			})
		}), "many.listed.all"),
		mutant.Defective("list-leaks-newest", "lists the token of the newest account", "whoever may list may act as the account that was made last", leaking(true), "list.token.absent"),
		mutant.Defective("list-leaks-first", "lists the token of the first account that was made", "whoever may list may act as one of the accounts", leaking(false), "list.token.absent"),
		mutant.Defective("list-other-organization", "lists an account of another organization", "a tenant sees the accounts of another", &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			return items(func(accounts []any) any { return append(accounts, foreign(accounts, known.OtherOrganization)) }).Wrap(known, next)
		}}, "list.organization.same"),
		mutant.Defective("list-wrong-organization", "lists every account under the zero UUID as its organization", "a client that goes on with it addresses nothing",
			member("/metadata/organizationId", mutant.Always("00000000-0000-0000-0000-000000000000")), "list.organization.same"),
		mutant.Defective("list-twice-by-group", "lists an account once for each of its groups and once more", "accounts are counted, billed and deleted twice", items(func(accounts []any) any {
			all := []any{}
			for _, account := range accounts {
				if all = append(all, account); has("/spec/groupIDs")(account) {
					all = append(all, account)
				}
			}
			return all
		}), "list.ids.unique"),
		mutant.Defective("list-without-health", "leaves healthStatus out of a list", "a client that was generated from the schema fails over the whole list", member("/metadata/healthStatus", mutant.Always(mutant.Gone())), "list.body.schema"),
		mutant.Defective("list-groups-null", "lists null in place of no groups", "a client that was generated from the schema fails over the whole list", member("/spec/groupIDs", func(old any) any {
			if groups, _ := old.([]any); len(groups) == 0 {
				return nil
			}
			return old
		}), "list.body.schema"),
		mutant.Defective("list-object", "wraps the list in an object", "no client finds an account", items(func(accounts []any) any { return map[string]any{"items": accounts} }), "list.body.array"),
		mutant.Defective("list-null", "answers null in place of the list", "no client finds an account", items(func([]any) any { return nil }), "list.body.array"),
		mutant.Defective("list-204", "answers a list with 204 and nothing", "no client finds an account", mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Status, a.Body = http.StatusNoContent, nil
			a.Fields.Del("Content-Length")
		}, mutant.List), "list.status.ok"),
		mutant.Defective("list-203", "answers a list with 203", "clients that wait for 200 treat a success as a failure", mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Status = http.StatusNonAuthoritativeInfo }, mutant.List), "list.status.ok"),
		mutant.Defective("list-text-plain", "lists JSON as text/plain", "clients that look at the media type do not parse it",
			mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) { a.Fields.Set("Content-Type", "text/plain") }, mutant.List), "list.media-type.json"),
		mutant.Defective("list-creation-time-now", "lists the time of the reading as creationTime", "accounts never grow old, and are never cleaned up", mutant.OnItems(func(account map[string]any) {
			mutant.Edited(account, "/metadata/creationTime", mutant.Always(time.Now().UTC().Add(3*time.Second).Format(time.RFC3339)))
		}), "list.agrees.created"),
		mutant.Defective("list-expiry-local", "lists the expiry in local time, with a Z", "tokens are replaced hours too late", member("/status/expiry", mutant.OnText(func(text string) any {
			at, _ := time.Parse(time.RFC3339, text)
			return at.Add(2 * time.Hour).UTC().Format(time.RFC3339)
		})), "list.agrees.created"),
		mutant.Defective("list-shortens-names", "lists the first fifteen characters of a name", "accounts are not found by name", member("/metadata/name", mutant.OnText(func(name string) any { return name[:min(len(name), 15)] })), "list.agrees.created"),
	)
}

// foreign is an account of another organization, made like one of a list.
func foreign(accounts []any, organization string) any {
	text, _ := json.Marshal(accounts[0]) // made of what was decoded; a list is never empty, for the seed
	var account map[string]any
	_ = json.Unmarshal(text, &account)
	mutant.Edited(account, "/metadata/organizationId", mutant.Always(organization))
	mutant.Edited(account, "/metadata/id", mutant.Always("0190f3b4-6e0a-7c11-9a4e-5d2b7f8c1e90"))
	mutant.Edited(account, "/metadata/name", mutant.Always("an-account-of-others"))
	return account
}

// CachedLists answers lists to each caller as they were some time ago.
func CachedLists(behind time.Duration) *mutant.Layer {
	type snapshot struct {
		a  *mutant.Response
		at time.Time
	}
	return mutant.Memory(func() *mutant.Layer {
		var kept mutant.Store[snapshot]
		return mutant.Around(func(_ reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			key := r.URL.RequestURI() + " " + r.Header.Get("Authorization")
			if old, ok := kept.Get(key); ok && time.Since(old.at) < behind {
				return &mutant.Response{Status: old.a.Status, Fields: old.a.Fields.Clone(), Body: old.a.Body}
			}
			at := time.Now()
			a := mutant.Ask(next, r)
			kept.Put(key, snapshot{&mutant.Response{Status: a.Status, Fields: a.Fields.Clone(), Body: a.Body}, at})
			return a
		}, mutant.List)
	})
}

// leaking adds to lists the token of one account: the newest or the oldest of those whose tokens were seen.
func leaking(newest bool) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var tokens mutant.Store[string]
		remember := func(_ *http.Request, a *mutant.Response) {
			tokens.Put(a.TextOf("/metadata/id"), a.TextOf("/status/accessToken"))
		}
		leak := func(_ *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any {
				accounts, _ := document.([]any)
				if newest {
					slices.Reverse(accounts)
					defer slices.Reverse(accounts)
				}
				for _, account := range accounts {
					id, _ := mutant.Lookup(account, "/metadata/id").(string)
					if token, ok := tokens.Get(id); ok {
						mutant.Edited(account, "/status/accessToken", mutant.Always(token))
						break
					}
				}
				return document
			})
		}
		return mutant.Chain(mutant.OnSuccess(remember, mutant.Create, mutant.Rotate), mutant.OnSuccess(leak, mutant.List))
	})
}

// onceInAWhile answers the operator's lists from a copy that is made at the first request of all, and again when it is old.
func onceInAWhile(age time.Duration) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var mu sync.Mutex
		var made time.Time
		var copied *mutant.Response
		return &mutant.Layer{Wrap: func(known reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				if time.Since(made) > age {
					made, copied = time.Now(), mutant.Forward(next, known, r, http.MethodGet, "/api/v1/organizations/"+known.Organization+"/serviceaccounts", nil)
				}
				a := &mutant.Response{Status: copied.Status, Fields: copied.Fields.Clone(), Body: copied.Body}
				mu.Unlock()
				if mutant.OperationOf(r) == mutant.List && mutant.OrganizationOf(r) == known.Organization && mutant.BearerOf(r) == known.Token {
					a.Send(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		}}
	})
}
