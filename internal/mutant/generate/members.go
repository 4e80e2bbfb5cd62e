package generate

import (
	"encoding/json"
	"html"
	"net/http"
	"reflect"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// change is a What of a member: it returns the new value, or gone().
type change struct {
	what string
	to   func(old any, w *when, account map[string]any, pointer string) any
}

func plainly(what string, to func(old any) any) change {
	return change{what, func(old any, _ *when, _ map[string]any, _ string) any { return to(old) }}
}

// memberSites show a member of an account wrongly in the responses of one operation. What is optional may be absent, so that
// it is not dropped; letter case of UUIDs, fractions of seconds and the order of sets are free, so that nothing changes them.
func memberSites() []site {
	anything := []change{
		plainly("dropped", func(any) any { return mutant.Gone() }), plainly("null", func(any) any { return nil }), plainly("a number", func(any) any { return json.Number("7") }),
		plainly("an object", func(old any) any { return map[string]any{"value": old} }),
	}
	text := []change{
		plainly("emptied", mutant.OnText(func(string) any { return "" })),
		plainly("truncated", mutant.OnText(func(s string) any { return s[:max(len(s)-1, 0)] })),
		plainly("with a blank at its end", mutant.OnText(func(s string) any { return s + " " })),
		plainly("constant", mutant.OnText(func(string) any { return "constant" })),
		{"of another account", others},
		{"as it was at first", atFirst},
	}
	free := []change{
		plainly("escaped for HTML", mutant.OnText(func(s string) any { return html.EscapeString(s) })),
		plainly("decomposed", mutant.OnText(func(s string) any { return norm.NFD.String(s) })),
		plainly("in upper case", mutant.OnText(func(s string) any { return strings.ToUpper(s) })),
		plainly("cut after 100 characters", mutant.OnText(func(s string) any { return s[:min(len(s), 100)] })),
		plainly("without line ends", mutant.OnText(func(s string) any { return strings.NewReplacer("\r", "", "\n", " ").Replace(s) })),
	}
	id := []change{plainly("of no account", mutant.OnText(func(string) any { return "6f1d9f5e-95cf-4b9a-8a0e-0e6b9e7f0a11" })), plainly("without dashes", mutant.OnText(func(s string) any { return strings.ReplaceAll(s, "-", "") }))}
	times := []change{
		plainly("a day later", shifted(24*time.Hour)), plainly("a day earlier", shifted(-24*time.Hour)), plainly("an hour later", shifted(time.Hour)),
		plainly("without a zone", mutant.OnText(func(s string) any { return strings.TrimSuffix(s, "Z") })), plainly("without T", mutant.OnText(func(s string) any { return strings.Replace(s, "T", " ", 1) })),
		plainly("a date", mutant.OnText(func(s string) any { return s[:min(len(s), 10)] })), plainly("in seconds", mutant.OnText(func(string) any { return json.Number("1767225600") })),
	}
	enum := []change{plainly("in upper case", mutant.OnText(func(s string) any { return strings.ToUpper(s) })), plainly("unknown to the contract", mutant.OnText(func(string) any { return "ready" })), plainly("emptied", mutant.OnText(func(string) any { return "" }))}
	array := []change{
		plainly("emptied", OnItemsOf(func([]any) any { return []any{} })), plainly("without the last", OnItemsOf(func(v []any) any { return v[:len(v)-1] })),
		plainly("null", OnItemsOf(func([]any) any { return nil })), plainly("an object", OnItemsOf(func(v []any) any { return map[string]any{"items": v} })),
		{"of another account", others},
		{"as it was at first", atFirst},
	}
	tags := []change{
		plainly("with name and value exchanged", OnItemsOf(func(v []any) any {
			return eachTag(v, func(tag map[string]any) { tag["name"], tag["value"] = tag["value"], tag["name"] })
		})),
		plainly("with values in upper case", OnItemsOf(func(v []any) any {
			return eachTag(v, func(tag map[string]any) { value, _ := tag["value"].(string); tag["value"] = strings.ToUpper(value) })
		})),
		plainly("with one more", OnItemsOf(func(v []any) any {
			return append(append([]any{}, v...), map[string]any{"name": "extra", "value": "tag"})
		})),
		plainly("with values that lack", OnItemsOf(func(v []any) any { return eachTag(v, func(tag map[string]any) { delete(tag, "value") }) })),
	}
	groups := []change{
		plainly("with one more", func(old any) any {
			items, _ := old.([]any)
			return append(append([]any{}, items...), "6f1d9f5e-95cf-4b9a-8a0e-0e6b9e7f0a11")
		}),
		plainly("dropped", func(any) any { return mutant.Gone() }),
	}
	token := []change{
		plainly("truncated", mutant.OnText(func(s string) any { return s[:max(len(s)-1, 0)] })), plainly("emptied", mutant.OnText(func(string) any { return "" })),
		plainly("with its scheme", mutant.OnText(func(s string) any { return "Bearer " + s })), plainly("dropped", func(any) any { return mutant.Gone() }),
		{"of another account", others},
	}
	leaked := []change{{"shown", func(_ any, w *when, account map[string]any, _ string) any {
		id, _ := mutant.Lookup(account, "/metadata/id").(string)
		if h, ok := w.histories.Get(strings.ToLower(id)); ok {
			return mutant.Lookup(h.first, "/status/accessToken")
		}
		return mutant.Gone()
	}}}
	var all []site
	add := func(pointer string, operations []mutant.Operation, changes ...[]change) {
		for _, op := range operations {
			for _, group := range changes {
				for _, c := range group {
					all = append(all, memberSite(op, pointer, c))
				}
			}
		}
	}
	everywhere := []mutant.Operation{mutant.Create, mutant.Update, mutant.Rotate, mutant.List}
	add("/metadata/name", everywhere, anything, text)
	add("/metadata/description", everywhere, text, free)
	add("/metadata/tags", everywhere, array, tags)
	add("/metadata/id", everywhere, anything, text, id)
	add("/metadata/organizationId", everywhere, anything, id)
	add("/metadata/creationTime", everywhere, anything, times)
	add("/metadata/createdBy", []mutant.Operation{mutant.Update, mutant.Rotate, mutant.List}, text[3:4])
	add("/metadata/provisioningStatus", everywhere, anything, enum)
	add("/metadata/healthStatus", everywhere, anything, enum)
	add("/spec/groupIDs", everywhere, array, groups)
	add("/status/expiry", everywhere, anything, times)
	add("/status/accessToken", []mutant.Operation{mutant.Create, mutant.Rotate}, token)
	add("/status/accessToken", []mutant.Operation{mutant.Update, mutant.List}, leaked)
	for _, part := range []string{"/metadata", "/spec", "/status"} {
		add(part, everywhere, anything[:2])
	}
	return all
}

// memberSite changes one member of the accounts that an operation shows.
func memberSite(op mutant.Operation, pointer string, c change) site {
	return site{family: "member", where: string(op) + " response " + pointer, what: c.what, make: func(w *when, changed func()) *mutant.Layer {
		return mutant.OnSuccess(func(r *http.Request, a *mutant.Response) {
			a.Edit(func(document any) any {
				mutant.EachAccount(document, func(account map[string]any) {
					before, _ := json.Marshal(account)
					if _, present := member(account, pointer); !present && c.what != "shown" && c.what != "with one more" || !w.of(r, account) {
						return
					}
					mutant.Edited(account, pointer, func(old any) any { return c.to(old, w, account, pointer) })
					if after, _ := json.Marshal(account); string(after) != string(before) {
						changed()
					}
				})
				return document
			})
		}, op)
	}}
}

// member finds a member of a document, and whether it is there.
func member(document any, pointer string) (any, bool) {
	at := strings.LastIndexByte(pointer, '/')
	parent := document
	if at > 0 {
		parent = mutant.Lookup(document, pointer[:at])
	}
	object, _ := parent.(map[string]any)
	value, ok := object[pointer[at+1:]]
	return value, ok
}

// others takes the value of another account that has another one.
func others(old any, w *when, account map[string]any, pointer string) any {
	id, _ := mutant.Lookup(account, "/metadata/id").(string)
	other := w.another(id)
	if value, ok := member(other, pointer); other != nil && ok && !reflect.DeepEqual(value, old) {
		return value
	}
	return old
}

// atFirst takes the value that the create answered.
func atFirst(old any, w *when, account map[string]any, pointer string) any {
	id, _ := mutant.Lookup(account, "/metadata/id").(string)
	if h, ok := w.histories.Get(strings.ToLower(id)); ok {
		if value, ok := member(h.first, pointer); ok {
			return value
		}
	}
	return old
}

func shifted(by time.Duration) func(any) any {
	return mutant.OnText(func(s string) any {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return s
		}
		return at.Add(by).Format(time.RFC3339)
	})
}

// OnItemsOf changes arrays that are not empty.
func OnItemsOf(to func([]any) any) func(any) any {
	return func(old any) any {
		if items, ok := old.([]any); ok && len(items) > 0 {
			return to(items)
		}
		return old
	}
}

func eachTag(tags []any, do func(tag map[string]any)) any {
	var changed []any
	for _, item := range tags {
		tag, ok := item.(map[string]any)
		if !ok {
			return tags
		}
		copied := map[string]any{}
		for name, value := range tag {
			copied[name] = value
		}
		do(copied)
		changed = append(changed, copied)
	}
	return changed
}
