package mutant

import (
	"encoding/json"
	"html"
	"net/http"
	"reflect"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
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
		plainly("dropped", func(any) any { return gone() }), plainly("null", func(any) any { return nil }), plainly("a number", func(any) any { return json.Number("7") }),
		plainly("an object", func(old any) any { return map[string]any{"value": old} }),
	}
	text := []change{
		plainly("emptied", onText(func(string) any { return "" })),
		plainly("truncated", onText(func(s string) any { return s[:max(len(s)-1, 0)] })),
		plainly("with a blank at its end", onText(func(s string) any { return s + " " })),
		plainly("constant", onText(func(string) any { return "constant" })),
		{"of another account", others},
		{"as it was at first", atFirst},
	}
	free := []change{
		plainly("escaped for HTML", onText(func(s string) any { return html.EscapeString(s) })),
		plainly("decomposed", onText(func(s string) any { return norm.NFD.String(s) })),
		plainly("in upper case", onText(func(s string) any { return strings.ToUpper(s) })),
		plainly("cut after 100 characters", onText(func(s string) any { return s[:min(len(s), 100)] })),
		plainly("without line ends", onText(func(s string) any { return strings.NewReplacer("\r", "", "\n", " ").Replace(s) })),
	}
	id := []change{plainly("of no account", onText(func(string) any { return "6f1d9f5e-95cf-4b9a-8a0e-0e6b9e7f0a11" })), plainly("without dashes", onText(func(s string) any { return strings.ReplaceAll(s, "-", "") }))}
	times := []change{
		plainly("a day later", shifted(24*time.Hour)), plainly("a day earlier", shifted(-24*time.Hour)), plainly("an hour later", shifted(time.Hour)),
		plainly("without a zone", onText(func(s string) any { return strings.TrimSuffix(s, "Z") })), plainly("without T", onText(func(s string) any { return strings.Replace(s, "T", " ", 1) })),
		plainly("a date", onText(func(s string) any { return s[:min(len(s), 10)] })), plainly("in seconds", onText(func(string) any { return json.Number("1767225600") })),
	}
	enum := []change{plainly("in upper case", onText(func(s string) any { return strings.ToUpper(s) })), plainly("unknown to the contract", onText(func(string) any { return "ready" })), plainly("emptied", onText(func(string) any { return "" }))}
	array := []change{
		plainly("emptied", onItemsOf(func([]any) any { return []any{} })), plainly("without the last", onItemsOf(func(v []any) any { return v[:len(v)-1] })),
		plainly("null", onItemsOf(func([]any) any { return nil })), plainly("an object", onItemsOf(func(v []any) any { return map[string]any{"items": v} })),
		{"of another account", others},
		{"as it was at first", atFirst},
	}
	tags := []change{
		plainly("with name and value exchanged", onItemsOf(func(v []any) any {
			return eachTag(v, func(tag map[string]any) { tag["name"], tag["value"] = tag["value"], tag["name"] })
		})),
		plainly("with values in upper case", onItemsOf(func(v []any) any {
			return eachTag(v, func(tag map[string]any) { value, _ := tag["value"].(string); tag["value"] = strings.ToUpper(value) })
		})),
		plainly("with one more", onItemsOf(func(v []any) any {
			return append(append([]any{}, v...), map[string]any{"name": "extra", "value": "tag"})
		})),
		plainly("with values that lack", onItemsOf(func(v []any) any { return eachTag(v, func(tag map[string]any) { delete(tag, "value") }) })),
	}
	groups := []change{
		plainly("with one more", func(old any) any {
			items, _ := old.([]any)
			return append(append([]any{}, items...), "6f1d9f5e-95cf-4b9a-8a0e-0e6b9e7f0a11")
		}),
		plainly("dropped", func(any) any { return gone() }),
	}
	token := []change{
		plainly("truncated", onText(func(s string) any { return s[:max(len(s)-1, 0)] })), plainly("emptied", onText(func(string) any { return "" })),
		plainly("with its scheme", onText(func(s string) any { return "Bearer " + s })), plainly("dropped", func(any) any { return gone() }),
		{"of another account", others},
	}
	leaked := []change{{"shown", func(_ any, w *when, account map[string]any, _ string) any {
		id, _ := lookup(account, "/metadata/id").(string)
		if h, ok := w.histories.get(strings.ToLower(id)); ok {
			return lookup(h.first, "/status/accessToken")
		}
		return gone()
	}}}
	var all []site
	add := func(pointer string, operations []operation, changes ...[]change) {
		for _, op := range operations {
			for _, group := range changes {
				for _, c := range group {
					all = append(all, memberSite(op, pointer, c))
				}
			}
		}
	}
	everywhere := []operation{create, update, rotate, list}
	add("/metadata/name", everywhere, anything, text)
	add("/metadata/description", everywhere, text, free)
	add("/metadata/tags", everywhere, array, tags)
	add("/metadata/id", everywhere, anything, text, id)
	add("/metadata/organizationId", everywhere, anything, id)
	add("/metadata/creationTime", everywhere, anything, times)
	add("/metadata/createdBy", []operation{update, rotate, list}, text[3:4])
	add("/metadata/provisioningStatus", everywhere, anything, enum)
	add("/metadata/healthStatus", everywhere, anything, enum)
	add("/spec/groupIDs", everywhere, array, groups)
	add("/status/expiry", everywhere, anything, times)
	add("/status/accessToken", []operation{create, rotate}, token)
	add("/status/accessToken", []operation{update, list}, leaked)
	for _, part := range []string{"/metadata", "/spec", "/status"} {
		add(part, everywhere, anything[:2])
	}
	return all
}

// memberSite changes one member of the accounts that an operation shows.
func memberSite(op operation, pointer string, c change) site {
	return site{family: "member", where: string(op) + " response " + pointer, what: c.what, make: func(w *when, changed func()) *Layer {
		return onSuccess(func(r *http.Request, a *answer) {
			a.edit(func(document any) any {
				each(document, func(account map[string]any) {
					before, _ := json.Marshal(account)
					if _, present := member(account, pointer); !present && c.what != "shown" && c.what != "with one more" || !w.of(r, account) {
						return
					}
					edited(account, pointer, func(old any) any { return c.to(old, w, account, pointer) })
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
		parent = lookup(document, pointer[:at])
	}
	object, _ := parent.(map[string]any)
	value, ok := object[pointer[at+1:]]
	return value, ok
}

// others takes the value of another account that has another one.
func others(old any, w *when, account map[string]any, pointer string) any {
	id, _ := lookup(account, "/metadata/id").(string)
	other := w.another(id)
	if value, ok := member(other, pointer); other != nil && ok && !reflect.DeepEqual(value, old) {
		return value
	}
	return old
}

// atFirst takes the value that the create answered.
func atFirst(old any, w *when, account map[string]any, pointer string) any {
	id, _ := lookup(account, "/metadata/id").(string)
	if h, ok := w.histories.get(strings.ToLower(id)); ok {
		if value, ok := member(h.first, pointer); ok {
			return value
		}
	}
	return old
}

func shifted(by time.Duration) func(any) any {
	return onText(func(s string) any {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return s
		}
		return at.Add(by).Format(time.RFC3339)
	})
}

// onItemsOf changes arrays that are not empty.
func onItemsOf(to func([]any) any) func(any) any {
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
