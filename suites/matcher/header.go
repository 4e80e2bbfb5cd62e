package matcher

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// HaveHeader accepts a response that carries a header field, whatever its value.
func HaveHeader(name string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if len(e.Response.Header.Values(name)) > 0 {
			return nil
		}
		return &Mismatch{Expected: "a header " + name, Seen: fmt.Sprintf("status %s without it", statusName(e.Status()))}
	})
}

// HaveDirective accepts a response one of whose fields of a name holds a directive, as in Cache-Control: no-store.
func HaveDirective(name, directive string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		values := e.Response.Header.Values(name)
		for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
			if strings.EqualFold(strings.TrimSpace(part), directive) {
				return nil
			}
		}
		return &Mismatch{Expected: name + ": " + directive, Seen: headerSeen(name, values)}
	})
}

// HaveNoBody accepts a response without a body.
func HaveNoBody() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if len(e.Response.Body) == 0 {
			return nil
		}
		return &Mismatch{Expected: "no body", Seen: fmt.Sprintf("a body of %d bytes", len(e.Response.Body))}
	})
}
