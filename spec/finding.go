package spec

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Aspect is the side of a response that a finding is about.
type Aspect string

// The aspects, in the order in which Check looks at them.
const (
	AspectStatus    Aspect = "status"     // the status code is not declared for the operation
	AspectMediaType Aspect = "media-type" // Content-Type is missing, or not JSON in UTF-8
	AspectJSON      Aspect = "json"       // the body is not one clean JSON text (RFC 8259)
	AspectSchema    Aspect = "schema"     // the body does not match its schema
	AspectFormat    Aspect = "format"     // a string is not of its declared format
	// AspectInterop is JSON that breaks no rule and that readers resolve in different ways. No MUST may rest on it.
	AspectInterop Aspect = "interoperability"
)

// Finding is one way in which a response departs from the contract.
type Finding struct {
	Aspect Aspect
	// Pointer is a JSON pointer (RFC 6901) into the body; "" is the whole body or no part of it. Long or unprintable
	// member names are shortened in it.
	Pointer string
	// Keyword names the rule that was broken: a schema keyword ("required", "enum"), or a word of this package
	// ("status", "duplicate-name").
	Keyword string
	// Message reads "expected …, seen …". It never holds the offending value, which may be secret or hostile.
	Message string
}

// Truncated is the keyword of a body of which the run read only a part: a limit of the run, and no fault of the target.
const Truncated = "truncated"

// separator stands between the two halves of every message; nothing that is "seen" contains it.
const separator = ", seen "

// Parts splits the message into what was expected and what was seen.
func (f Finding) Parts() (expected, seen string) {
	i := strings.LastIndex(f.Message, separator)
	if i < 0 {
		return strings.TrimPrefix(f.Message, "expected "), ""
	}
	return strings.TrimPrefix(f.Message[:i], "expected "), f.Message[i+len(separator):]
}

// String renders the finding in one line.
func (f Finding) String() string {
	if f.Pointer == "" {
		return fmt.Sprintf("%s: %s", f.Aspect, f.Message)
	}
	return fmt.Sprintf("%s at %s: %s", f.Aspect, f.Pointer, f.Message)
}

func finding(aspect Aspect, pointer, keyword, expected, seen string) Finding {
	return Finding{Aspect: aspect, Pointer: pointer, Keyword: keyword, Message: "expected " + expected + separator + seen}
}

// maxFindings bounds what one response can make us say.
const maxFindings = 100

// findings gathers distinct findings up to the bound.
type findings struct {
	list []Finding
	seen map[Finding]bool
}

func (f *findings) add(more ...Finding) {
	for _, one := range more {
		if len(f.list) == maxFindings {
			return
		}
		if f.seen[one] {
			continue
		}
		if f.seen == nil {
			f.seen = map[Finding]bool{}
		}
		f.seen[one] = true
		f.list = append(f.list, one)
	}
}

// kindOf says what a decoded JSON value is, without saying what it holds.
func kindOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return fmt.Sprintf("a number %s long", count(len(v), "character"))
	case float64:
		return "a number"
	case string:
		return fmt.Sprintf("a string of %s", count(utf8.RuneCountInString(v), "character"))
	case []any:
		return fmt.Sprintf("an array of %s", count(len(v), "item"))
	case map[string]any:
		return fmt.Sprintf("an object of %s", count(len(v), "member"))
	default:
		return "something else"
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
