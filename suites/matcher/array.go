package matcher

import (
	"slices"

	"github.com/onsi/gomega/types"
)

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
