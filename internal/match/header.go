package match

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// HaveHeader accepts an answer that carries a header field, whatever its value.
func HaveHeader(name string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if len(e.Response.Header.Values(name)) > 0 {
			return nil
		}
		return &Mismatch{Expected: "a header " + name, Seen: fmt.Sprintf("status %s without it", statusName(e.Status()))}
	})
}

// HaveDirective accepts an answer one of whose fields of a name holds a directive, as in Cache-Control: no-store.
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

// HaveNoBody accepts an answer without a body.
func HaveNoBody() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if len(e.Response.Body) == 0 {
			return nil
		}
		return &Mismatch{Expected: "no body", Seen: fmt.Sprintf("a body of %d bytes", len(e.Response.Body))}
	})
}

// BeNoServerError accepts every status below 500, and a target that asks to be left alone (503 with Retry-After).
func BeNoServerError() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		busy := e.Status() == http.StatusServiceUnavailable && e.Response.Header.Get("Retry-After") != ""
		if e.Status() < http.StatusInternalServerError || busy {
			return nil
		}
		return &Mismatch{Expected: "a status below 500", Seen: "status " + statusName(e.Status())}
	})
}

// BeArray accepts an answer whose body is a JSON array.
func BeArray() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		document, ok := e.Document()
		if _, isArray := document.([]any); ok && isArray {
			return nil
		}
		if !ok {
			return &Mismatch{Expected: "a JSON array", Seen: missing(e)}
		}
		return &Mismatch{Expected: "a JSON array", Seen: a(document)}
	})
}
