package mutant

import (
	"net/http"
	"strings"
	"unicode"
)

// onMember changes the member that a pointer such as "/metadata/name" names in the body of successful answers. What the
// change returns takes its place; gone removes it. A member that is absent is passed as nil.
func onMember(pointer string, change func(old any) any, operations ...operation) *Layer {
	return onSuccess(func(_ *http.Request, a *answer) {
		a.edit(func(document any) any { return edited(document, pointer, change) })
	}, operations...)
}

// onItems changes every account of a list.
func onItems(change func(account map[string]any)) *Layer {
	return onSuccess(func(_ *http.Request, a *answer) {
		a.edit(func(document any) any {
			items, _ := document.([]any)
			for _, item := range items {
				if account, ok := item.(map[string]any); ok {
					change(account)
				}
			}
			return document
		})
	}, list)
}

type nothing struct{}

// gone is what a change returns to remove a member.
func gone() any { return nothing{} }

// edited changes one member of a document.
func edited(document any, pointer string, change func(old any) any) any {
	name, rest, deeper := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	object, ok := document.(map[string]any)
	if !ok {
		return document
	}
	if deeper {
		object[name] = edited(object[name], rest, change)
		return object
	}
	value := change(object[name])
	if _, removed := value.(nothing); removed {
		delete(object, name)
	} else {
		object[name] = value
	}
	return object
}

// lookup finds a member of a document by a pointer; nil where there is none.
func lookup(document any, pointer string) any {
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		object, ok := document.(map[string]any)
		if !ok {
			return nil
		}
		document = object[name]
	}
	return document
}

// always returns the value whatever the old one was.
func always(value any) func(any) any { return func(any) any { return value } }

// onText changes strings and leaves everything else alone; what is absent stays so.
func onText(change func(string) any) func(any) any {
	return func(old any) any {
		switch value := old.(type) {
		case string:
			return change(value)
		case nil:
			return gone()
		}
		return old
	}
}

// kebab writes a member's name in lower case, with dashes.
func kebab(name string) string {
	var text strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			text.WriteByte('-')
		}
		text.WriteRune(unicode.ToLower(r))
	}
	return text.String()
}

// quoted shows a value in a description.
func quoted(value string) string { return "\"" + value + "\"" }
