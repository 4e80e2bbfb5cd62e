package matcher

import (
	"reflect"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/spec"
)

// BeUUID accepts a string in the textual form of a UUID, of any version (RFC 9562 section 4).
func BeUUID() types.GomegaMatcher {
	return newMatcher(func(text string) *Mismatch {
		if err := spec.CheckUUID(text); err != nil {
			return &Mismatch{Expected: "a UUID, 8-4-4-4-12 hexadecimal digits", Seen: Show(text) + ": " + err.Error()}
		}
		return nil
	})
}

// BeExactly accepts a value of a response that equals want, type and all.
func BeExactly(want any) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		if reflect.DeepEqual(value, want) {
			return nil
		}
		return &Mismatch{Expected: Show(want), Seen: Show(value)}
	})
}

// BeSameID accepts a string that equals want without regard to letter case, as UUIDs compare (RFC 9562 section 4).
func BeSameID(want string) types.GomegaMatcher {
	return newMatcher(func(text string) *Mismatch {
		if strings.EqualFold(text, want) {
			return nil
		}
		return &Mismatch{Expected: Show(want), Seen: Show(text)}
	})
}

// BeText accepts a string.
func BeText() types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		if _, ok := value.(string); ok {
			return nil
		}
		return &Mismatch{Expected: "a string", Seen: a(value)}
	})
}

// BeNonEmptyText accepts a string with at least one character. Its message does not show the value.
func BeNonEmptyText() types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		text, ok := value.(string)
		switch {
		case !ok:
			return &Mismatch{Expected: "a string", Seen: a(value)}
		case text == "":
			return &Mismatch{Expected: "a string that is not empty", Seen: "an empty string"}
		}
		return nil
	})
}

// BeOneOf accepts one of the given strings.
func BeOneOf(values ...string) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		if text, ok := value.(string); ok && slices.Contains(values, text) {
			return nil
		}
		return &Mismatch{Expected: orList(values), Seen: Show(value)}
	})
}

// BeSameSet accepts an array of strings that holds the same ids as want, in any order, each once or more.
func BeSameSet(want ...string) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		items, ok := value.([]any)
		if !ok {
			return &Mismatch{Expected: "an array", Seen: a(value)}
		}
		got := make([]string, 0, len(items))
		for _, item := range items {
			text, ok := item.(string)
			if !ok {
				return &Mismatch{Expected: "an array of strings", Seen: "an item that is " + a(item)}
			}
			got = append(got, strings.ToLower(text))
		}
		wanted := make([]string, len(want))
		for i, id := range want {
			wanted[i] = strings.ToLower(id)
		}
		if reflect.DeepEqual(distinct(got), distinct(wanted)) {
			return nil
		}
		return &Mismatch{Expected: "the set " + Show(want), Seen: Show(value)}
	})
}

func distinct(ids []string) []string {
	sorted := slices.Sorted(slices.Values(ids))
	return slices.Compact(sorted)
}
