package mutant

import (
	"net/http"
	"strings"
	"unicode"
)

// OnMember changes the member that a pointer such as "/metadata/name" names in the body of successful answers. What the
// change returns takes its place; gone removes it. A member that is absent is passed as nil.
func OnMember(pointer string, change func(old any) any, operations ...Operation) *Layer {
	return OnSuccess(func(_ *http.Request, a *Response) {
		a.Edit(func(document any) any { return Edited(document, pointer, change) })
	}, operations...)
}

// OnItems changes every account of a list.
func OnItems(change func(account map[string]any)) *Layer {
	return OnSuccess(func(_ *http.Request, a *Response) {
		a.Edit(func(document any) any {
			items, _ := document.([]any)
			for _, item := range items {
				if account, ok := item.(map[string]any); ok {
					change(account)
				}
			}
			return document
		})
	}, List)
}

type nothing struct{}

// Gone is what a change returns to remove a member.
func Gone() any { return nothing{} }

// Edited changes one member of a document.
func Edited(document any, pointer string, change func(old any) any) any {
	name, rest, deeper := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	object, ok := document.(map[string]any)
	if !ok {
		return document
	}
	if deeper {
		object[name] = Edited(object[name], rest, change)
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

// Lookup finds a member of a document by a pointer; nil if there is none.
func Lookup(document any, pointer string) any {
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		object, ok := document.(map[string]any)
		if !ok {
			return nil
		}
		document = object[name]
	}
	return document
}

// Always returns the value whatever the old one was.
func Always(value any) func(any) any { return func(any) any { return value } }

// OnText changes strings and leaves everything else alone; what is absent stays so.
func OnText(change func(string) any) func(any) any {
	return func(old any) any {
		switch value := old.(type) {
		case string:
			return change(value)
		case nil:
			return Gone()
		}
		return old
	}
}

// Kebab writes a member's name in lower case, with dashes.
func Kebab(name string) string {
	var text strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			text.WriteByte('-')
		}
		text.WriteRune(unicode.ToLower(r))
	}
	return text.String()
}

// Quoted shows a value in a description.
func Quoted(value string) string { return "\"" + value + "\"" }
