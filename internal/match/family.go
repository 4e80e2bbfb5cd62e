package match

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// DifferIn accepts exchanges whose answers have distinct values at a JSON pointer. Answers without the member count
// neither way; fewer than two with it make the check inconclusive. The message never shows the value, which may be a
// token.
func DifferIn(pointer string) types.GomegaMatcher {
	return newMatcher(func(family []*exchange.Exchange) *Mismatch {
		first := map[string]*exchange.Exchange{}
		for _, e := range family {
			value := e.Text(pointer)
			if value == "" {
				continue
			}
			if other := first[value]; other != nil {
				return &Mismatch{
					Expected: "a distinct value in each answer",
					Seen:     fmt.Sprintf("the same value in %s and in %s", other.ID, e.ID),
					Pointer:  pointer, Exchange: e.ID,
				}
			}
			first[value] = e
		}
		if len(first) < 2 {
			panic(exchange.Missing{Reason: "fewer than two answers have a string at " + pointer})
		}
		return nil
	})
}

// HoldTags accepts an array of tags that holds each tag of want, an array of {name, value} of distinct names, in any order,
// and no other tag of those names.
func HoldTags(want any) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		wanted, _ := want.([]any)
		got, ok := value.([]any)
		if !ok {
			return &Mismatch{Expected: "an array of tags", Seen: a(value)}
		}
		values := tagValues(got)
		for _, tag := range wanted {
			for name, want := range tagValues([]any{tag}) {
				if !slices.Equal(distinct(values[name]), want) {
					return &Mismatch{Expected: "the tag " + Show(tag) + ", and no other of its name", Seen: Show(value)}
				}
			}
		}
		return nil
	})
}

// tagValues are the values of tags by their names.
func tagValues(tags []any) map[string][]string {
	values := map[string][]string{}
	for _, tag := range tags {
		name, _ := exchange.Lookup(tag, "/name")
		value, _ := exchange.Lookup(tag, "/value")
		n, isName := name.(string)
		v, isValue := value.(string)
		if isName && isValue {
			values[n] = append(values[n], v)
		}
	}
	return values
}

// ListNoAccountNamed accepts a list that holds no account whose name or description begins with prefix.
func ListNoAccountNamed(prefix string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		document, _ := e.Document()
		items, ok := document.([]any)
		if !e.Success() || !ok {
			panic(exchange.Missing{Reason: e.ID + " is not a list, so that it cannot tell what was created"})
		}
		var found []string
		for _, item := range items {
			for _, pointer := range []string{"/metadata/name", "/metadata/description"} {
				value, _ := exchange.Lookup(item, pointer)
				if text, _ := value.(string); strings.HasPrefix(text, prefix) {
					found = append(found, Show(text))
					break
				}
			}
		}
		if len(found) == 0 {
			return nil
		}
		return &Mismatch{Expected: "no account named " + Show(prefix+"…"), Seen: strings.Join(found, ", ")}
	})
}
