package matcher

import (
	"fmt"

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
					Expected: "a distinct value in each response",
					Seen:     fmt.Sprintf("the same value in %s and in %s", other.ID, e.ID),
					Pointer:  pointer, Exchange: e.ID,
				}
			}
			first[value] = e
		}
		if len(first) < 2 {
			panic(exchange.Missing{Reason: "fewer than two responses have a string at " + pointer})
		}
		return nil
	})
}
