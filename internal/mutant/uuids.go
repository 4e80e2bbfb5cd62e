package mutant

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sa-conformance/conformance/internal/reference"
)

// uuids give accounts ids that are no UUIDs, or not their own.
func uuids() []*Defect {
	const family = "UUIDs"
	const unusable = "clients that keep ids as UUIDs cannot keep this one, and the account is out of their reach"
	dashes := strings.NewReplacer("-", "")
	var all []*Defect
	for _, form := range []struct {
		name, what string
		write      func(id string) string
	}{
		{"braces-upper", "in upper case and braces", func(id string) string { return "{" + strings.ToUpper(id) + "}" }},
		{"no-dashes", "without dashes", dashes.Replace},
		{"urn", "as a URN", func(id string) string { return "urn:uuid:" + id }},
		{"letter-o", "with the letter o for every zero", func(id string) string { return strings.ReplaceAll(id, "0", "o") }},
	} {
		all = append(all, defective("id-"+form.name, "writes ids "+form.what, unusable,
			renamed(func(_ view, id string) string { return form.write(id) }), "create.metadata.id", "create.every.id"))
	}
	return inFamily(family, append(append(all,
		defective("id-is-name", "gives an account its name for an id", unusable,
			renamed(func(v view, _ string) string {
				text, _ := lookup(v.account, "/metadata/name").(string)
				return text
			}), "create.metadata.id", "create.every.id"),
		defective("id-counter", "counts accounts, and gives them their number for an id", unusable,
			perServer(func() *Layer {
				var made atomic.Int64
				return renamed(func(view, string) string { return "100" + strconv.FormatInt(made.Add(1), 10) })
			}), "create.metadata.id", "create.every.id"),
		defective("id-of-described-urn", "writes the id of accounts with a description as a URN", unusable,
			renamed(func(v view, id string) string {
				if lookup(v.account, "/metadata/description") == nil {
					return id
				}
				return "urn:uuid:" + id
			}), "create.every.id"),
		defective("id-every-seventh-short", "drops the leading zero of a number in every seventh id", unusable,
			perServer(func() *Layer {
				var made atomic.Int64
				return renamed(func(_ view, id string) string {
					if made.Add(1)%7 == 0 {
						return id[1:]
					}
					return id
				})
			}), "create.every.id"),
	), repeatedIDs()...)...)
}

// repeatedIDs give an account the id of another one.
func repeatedIDs() []*Defect {
	const family = "UUIDs"
	const mixed = "one account is taken for another, and deleting one removes both"
	repeating := func(n int64) *Layer {
		return perServer(func() *Layer {
			var made atomic.Int64
			var mu sync.Mutex
			last := ""
			return renamed(func(_ view, id string) string {
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
	var all []*Defect
	for _, every := range []struct {
		n    int64
		word string
	}{{20, "twenty"}, {50, "fifty"}} {
		all = append(all, defective("id-repeated-in-"+every.word, "gives one account in "+every.word+" the id of the one before", mixed,
			repeating(every.n), "create.id.distinct", "list.ids.unique"))
	}
	for _, every := range []struct {
		n    int
		word string
	}{{1, "every"}, {20, "one in twenty"}} {
		all = append(all, defective("id-of-another-in-"+strings.ReplaceAll(every.word, " ", "-"), "answers "+every.word+" create with the id of an account that was there before",
			"whoever believes it updates or deletes the account of somebody else", takingOver(every.n), "create.id.fresh"))
	}
	return inFamily(family, all...)
}

// takingOver answers creates with the id of an account that was there when the first create came: one of each n.
func takingOver(n int) *Layer {
	return memory(func() *Layer {
		var once sync.Once
		var made counter
		id := ""
		return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			once.Do(func() {
				var accounts []any
				path := "/api/v1/organizations/" + known.Organization + "/serviceaccounts"
				_ = json.Unmarshal(forward(next, known, r, http.MethodGet, path, nil).body, &accounts)
				if len(accounts) > 0 {
					id, _ = lookup(accounts[0], "/metadata/id").(string)
				}
			})
			a := ask(next, r)
			if a.status == http.StatusCreated && made.next()%n == 0 {
				a.edit(func(document any) any { return edited(document, "/metadata/id", always(id)) })
			}
			return a
		}, create)
	})
}
