package match

import (
	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// HoldObject accepts an answer whose body is one clean JSON text (RFC 8259), and an object.
func HoldObject() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if found := Findings("one clean JSON text", spec.LintJSON(e.Response.Body)); found != nil {
			return found
		}
		value, _ := e.Document()
		if _, ok := value.(map[string]any); !ok {
			return &Mismatch{Expected: "a JSON object", Seen: a(value)}
		}
		return nil
	})
}
