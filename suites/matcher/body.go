package matcher

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// BeCleanJSON accepts a response whose body the strict reader of JSON (RFC 8259) finds nothing wrong with, of the given
// keywords of spec.LintJSON (all if none is given).
func BeCleanJSON(keywords ...string) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		findings := slices.DeleteFunc(spec.LintJSON(e.Response.Body), func(f spec.Finding) bool {
			return len(keywords) > 0 && !slices.Contains(keywords, f.Keyword) && f.Keyword != spec.KeywordLimit
		})
		return Findings("one clean JSON text", findings)
	})
}

// NameMembersOnce accepts a response in which no member that the contract declares occurs twice.
func NameMembersOnce(c *spec.Contract) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		findings := slices.DeleteFunc(c.Check(e), func(f spec.Finding) bool { return f.Keyword != "duplicate-name" })
		return Findings("each member of the contract once", findings, spec.AspectJSON)
	})
}

// HoldObject accepts a response whose body is one JSON text (RFC 8259) without duplicate names, and an object.
func HoldObject() types.GomegaMatcher {
	return All(BeCleanJSON("empty", "syntax", "trailing-data", "utf-8", "byte-order-mark", "duplicate-name"), onAnswer(func(e *exchange.Exchange) *Mismatch {
		document, _ := e.Document()
		if _, ok := document.(map[string]any); ok {
			return nil
		}
		return &Mismatch{Expected: "a JSON object", Seen: a(document)}
	}))
}

// HaveSoundLength accepts a response whose declared length, if it declares one, is that of the body that arrived
// (RFC 9110 section 8.6).
func HaveSoundLength() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		declared := e.Response.Header.Values("Content-Length")
		switch {
		case e.Response.Truncated || len(declared) == 0:
			return nil
		case len(declared) > 1:
			return &Mismatch{Expected: "at most one Content-Length", Seen: headerSeen("Content-Length", declared)}
		case declared[0] != strconv.Itoa(e.Response.Size()):
			return &Mismatch{
				Expected: fmt.Sprintf("Content-Length: %d, the length of the body", e.Response.Size()), Seen: headerSeen("Content-Length", declared),
			}
		}
		return nil
	})
}

// BeDetail accepts an object whose reason, where present, is one of the given values and whose message, where present, is
// a string.
func BeDetail(reasons ...string) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		detail, ok := value.(map[string]any)
		if !ok {
			return &Mismatch{Expected: "an object", Seen: a(value)}
		}
		if reason, ok := detail["reason"]; ok {
			if found := run(BeOneOf(reasons...), reason); found != nil {
				found.Pointer = "/reason"
				return found
			}
		}
		if message, ok := detail["message"]; ok {
			if found := run(BeText(), message); found != nil {
				found.Pointer = "/message"
				return found
			}
		}
		return nil
	})
}
