package match

import (
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
)

// BeURL accepts a string that is an absolute http or https URL with a host, and holds none of the given characters.
func BeURL(without string) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		text, ok := value.(string)
		if !ok {
			return &Mismatch{Expected: "an absolute URL", Seen: a(value)}
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https"}, strings.ToLower(u.Scheme)) {
			return &Mismatch{Expected: "an absolute http or https URL", Seen: Show(text)}
		}
		if strings.ContainsAny(text, without) {
			return &Mismatch{Expected: "a URL without any of " + without, Seen: Show(text)}
		}
		return nil
	})
}

// HoldEach accepts an array that is not empty and every item of which m accepts.
func HoldEach(m types.GomegaMatcher) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		items, ok := value.([]any)
		if !ok || len(items) == 0 {
			return &Mismatch{Expected: "an array with at least one item", Seen: Show(value)}
		}
		for _, item := range items {
			if found := run(m, item); found != nil {
				return found
			}
		}
		return nil
	})
}

// HoldText accepts an array that holds a string, whatever else it holds.
func HoldText(text string) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		if items, ok := value.([]any); ok && slices.Contains(items, any(text)) {
			return nil
		}
		return &Mismatch{Expected: "an array that holds " + Show(text), Seen: Show(value)}
	})
}
