package matcher

import (
	"regexp"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

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

// LackTag accepts an array of tags none of which has a name.
func LackTag(name string) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		tags, _ := value.([]any)
		if len(tagValues(tags)[name]) == 0 {
			return nil
		}
		return &Mismatch{Expected: "no tag named " + Show(name) + ", which was replaced", Seen: Show(value)}
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

// reserved is the prefix of names of tags that are not for users: a target may add and drop them at any time.
var reserved = regexp.MustCompile(`^[a-z]+\.unikorn-cloud\.org:`)

// unreserved is an array of tags without those under the reserved prefix; an absent one is empty, and another value stays.
func unreserved(value any) any {
	if value == nil {
		return []any{}
	}
	tags, ok := value.([]any)
	if !ok {
		return value
	}
	return slices.DeleteFunc(slices.Clone(tags), func(tag any) bool {
		name, _ := exchange.Lookup(tag, "/name")
		text, _ := name.(string)
		return reserved.MatchString(text)
	})
}

// HoldNoTag accepts an array of no tags but those under the reserved prefix, which are not for users.
func HoldNoTag() types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch { return run(BeEmpty(), unreserved(value)) })
}
