package responses

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Uuids give accounts ids that are no UUIDs, or not their own.
func Uuids() []*mutant.Defect {
	const family = "UUIDs"
	const unusable = "clients that keep ids as UUIDs cannot keep this one, and the account is out of their reach"
	dashes := strings.NewReplacer("-", "")
	var all []*mutant.Defect
	for _, form := range []struct {
		name, what string
		write      func(id string) string
	}{
		{"braces-upper", "in upper case and braces", func(id string) string { return "{" + strings.ToUpper(id) + "}" }},
		{"no-dashes", "without dashes", dashes.Replace},
		{"urn", "as a URN", func(id string) string { return "urn:uuid:" + id }},
		{"letter-o", "with the letter o for every zero", func(id string) string { return strings.ReplaceAll(id, "0", "o") }},
	} {
		all = append(all, mutant.Defective("id-"+form.name, "writes ids "+form.what, unusable,
			mutant.WithOtherIDs(func(_ mutant.View, id string) string { return form.write(id) }), "create.metadata.id", "create.every.id"))
	}
	return mutant.InFamily(family, append(append(all,
		mutant.Defective("id-is-name", "gives an account its name for an id", unusable,
			mutant.WithOtherIDs(func(v mutant.View, _ string) string {
				text, _ := mutant.Lookup(v.Account, "/metadata/name").(string)
				return text
			}), "create.metadata.id", "create.every.id"),
		mutant.Defective("id-counter", "counts accounts, and gives them their number for an id", unusable,
			mutant.PerServer(func() *mutant.Layer {
				var made atomic.Int64
				return mutant.WithOtherIDs(func(mutant.View, string) string { return "100" + strconv.FormatInt(made.Add(1), 10) })
			}), "create.metadata.id", "create.every.id"),
		mutant.Defective("id-of-described-urn", "writes the id of accounts with a description as a URN", unusable,
			mutant.WithOtherIDs(func(v mutant.View, id string) string {
				if mutant.Lookup(v.Account, "/metadata/description") == nil {
					return id
				}
				return "urn:uuid:" + id
			}), "create.every.id"),
		mutant.Defective("id-every-seventh-short", "drops the leading zero of a number in every seventh id", unusable,
			mutant.PerServer(func() *mutant.Layer {
				var made atomic.Int64
				return mutant.WithOtherIDs(func(_ mutant.View, id string) string {
					if made.Add(1)%7 == 0 {
						return id[1:]
					}
					return id
				})
			}), "create.every.id"),
	), repeatedIDs()...)...)
}

// repeatedIDs give an account the id of another one.
func repeatedIDs() []*mutant.Defect {
	const family = "UUIDs"
	const mixed = "one account is taken for another, and deleting one removes both"
	repeating := func(n int64) *mutant.Layer {
		return mutant.PerServer(func() *mutant.Layer {
			var made atomic.Int64
			var mu sync.Mutex
			last := ""
			return mutant.WithOtherIDs(func(_ mutant.View, id string) string {
				mu.Lock()
				defer mu.Unlock()
				if made.Add(1)%n == 0 && last != "" {
					return last
				}
				last = id
				return id
			})
		})
	}
	var all []*mutant.Defect
	for _, every := range []struct {
		n    int64
		word string
	}{{20, "twenty"}, {50, "fifty"}} {
		all = append(all, mutant.Defective("id-repeated-in-"+every.word, "gives one account in "+every.word+" the id of the one before", mixed,
			repeating(every.n), "create.id.distinct", "list.ids.unique"))
	}
	for _, every := range []struct {
		n    int
		word string
	}{{1, "every"}, {20, "one in twenty"}} {
		all = append(all, mutant.Defective("id-of-another-in-"+strings.ReplaceAll(every.word, " ", "-"), "answers "+every.word+" create with the id of an account that was there before",
			"whoever believes it updates or deletes the account of somebody else", takingOver(every.n), "create.id.fresh"))
	}
	return mutant.InFamily(family, all...)
}

// takingOver answers creates with the id of an account that was there when the first create came: one of each n.
func takingOver(n int) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var once sync.Once
		var made mutant.Counter
		id := ""
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			once.Do(func() {
				var accounts []any
				path := "/api/v1/organizations/" + known.Organization + "/serviceaccounts"
				_ = json.Unmarshal(mutant.Forward(next, known, r, http.MethodGet, path, nil).Body, &accounts)
				if len(accounts) > 0 {
					id, _ = mutant.Lookup(accounts[0], "/metadata/id").(string)
				}
			})
			a := mutant.Ask(next, r)
			if a.Status == http.StatusCreated && made.Next()%n == 0 {
				a.Edit(func(document any) any { return mutant.Edited(document, "/metadata/id", mutant.Always(id)) })
			}
			return a
		}, mutant.Create)
	})
}
