package matcher

import (
	"fmt"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// HaveMediaType accepts a response whose Content-Type is the given media type, whatever its letter case and parameters
// (RFC 9110 section 8.3.1).
func HaveMediaType(want string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		values := e.Response.Header.Values("Content-Type")
		if len(values) == 1 {
			if media, _, err := mime.ParseMediaType(values[0]); err == nil && media == want {
				return nil
			}
		}
		return &Mismatch{Expected: "one header Content-Type: " + want, Seen: headerSeen("Content-Type", values)}
	})
}

// MatchContract accepts a response in which the contract's OpenAPI document finds no fault of the given aspects (all
// if none is given).
func MatchContract(c *spec.Contract, aspects ...spec.Aspect) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		findings := c.Check(e)
		uncut := slices.DeleteFunc(slices.Clone(findings), func(f spec.Finding) bool { return f.Keyword == spec.Truncated })
		found := Findings("a response that "+called(c)+" describes", uncut, aspects...)
		if r := e.Response.Reduction; found == nil && len(uncut) < len(findings) || found != nil && r != nil && r.Shortened {
			panic(tooLong(e))
		}
		return found
	})
}

// called is what a document is called that responses are compared with.
func called(c *spec.Contract) string {
	if given := c.Given(); given != nil {
		return given.Name
	}
	return "the contract"
}

// MatchSchema accepts a response whose body is an instance of a named schema of the contract.
func MatchSchema(c *spec.Contract, schema string) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		return Findings("a body by the schema "+schema, c.CheckSchema(schema, e.Response.Body))
	})
}

// Findings turns findings of the contract into one mismatch; nil if there is none of the given aspects, or, if none is
// given, of any aspect but interoperability.
func Findings(expected string, findings []spec.Finding, aspects ...spec.Aspect) *Mismatch {
	var lines []string
	var first *spec.Finding
	for _, f := range findings {
		if f.Keyword == spec.KeywordLimit && !slices.Equal(aspects, []spec.Aspect{spec.AspectStatus}) {
			panic(exchange.Missing{Reason: "the body cannot be judged: " + f.Message})
		}
		if len(aspects) > 0 && !slices.Contains(aspects, f.Aspect) || len(aspects) == 0 && f.Aspect == spec.AspectInterop {
			continue
		}
		if first == nil {
			first = &f
		}
		line := f.Message
		if f.Pointer != "" {
			line = f.Pointer + ": " + line
		}
		if len(lines) < 10 {
			lines = append(lines, line)
		}
	}
	if first == nil {
		return nil
	}
	return &Mismatch{Expected: expected, Seen: strings.Join(lines, "\n"), Pointer: first.Pointer}
}

// HaveMember accepts a response whose body has a member at a JSON pointer, with a value that m accepts. If that is an
// access token, the message does not show it.
func HaveMember(pointer string, m types.GomegaMatcher) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		value, ok := e.Member(pointer)
		if !ok {
			return &Mismatch{Expected: "a member " + pointer, Seen: missing(e), Pointer: pointer}
		}
		found := run(m, value)
		if found == nil {
			return nil
		}
		found.Pointer = pointer + found.Pointer
		if text, _ := value.(string); text != "" && namesToken(pointer) {
			found.Expected = strings.ReplaceAll(found.Expected, text, hidden)
			found.Seen = fmt.Sprintf("a string of %d bytes", len(text))
		}
		return found
	})
}

// MayHaveMember is HaveMember for a member that may be absent.
func MayHaveMember(pointer string, m types.GomegaMatcher) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		if _, ok := e.Member(pointer); !ok {
			return nil
		}
		return run(HaveMember(pointer, m), e)
	})
}

// LackToken accepts a response whose body has no access token at a JSON pointer: no member, or an empty string, which opens
// nothing. The value is not shown.
func LackToken(pointer string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if value, _ := e.Member(pointer); value == "" {
			return nil
		}
		return run(LackMember(pointer), e)
	})
}

// LackMember accepts a response whose body has no member at a JSON pointer. The value is not shown.
func LackMember(pointer string) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		if value, ok := e.Member(pointer); ok {
			return &Mismatch{Expected: "no member " + pointer, Seen: a(value), Pointer: pointer}
		}
		return nil
	})
}

func missing(e *exchange.Exchange) string {
	if _, ok := e.Document(); !ok {
		return "a body of " + strconv.Itoa(len(e.Response.Body)) + " bytes that is not JSON"
	}
	return "no such member"
}

func headerSeen(name string, values []string) string {
	switch len(values) {
	case 0:
		return "no header " + name
	case 1:
		return name + ": " + quote(values[0], 400)
	default:
		return fmt.Sprintf("%d headers %s", len(values), name)
	}
}
