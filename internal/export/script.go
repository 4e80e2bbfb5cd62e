// Package export turns a failure of a report into a conversation that other tools can hold again: Hurl, Postman, Bruno, or a Go
// program. Credentials are variables in it. It judges nothing and sends nothing.
package export

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// Script is a conversation, ready to be written in some format.
type Script struct {
	// ID and Statement are of the requirement that failed.
	ID, Statement string
	Target        string
	// Inputs are the variables that the user gives a value, BaseURL first. Secrets are those of them that hold a credential.
	Inputs  []Input
	Steps   []Step
	failing int
}

// Input is a variable that has to be given.
type Input struct {
	Name, Meaning string
	// Value is the one of the run; "" for a secret.
	Value string
}

// BaseURL is the variable of the address of the target.
const BaseURL = "base_url"

// Step is one request.
type Step struct {
	Name    string
	Method  string
	URL     Text
	Headers []Header
	// Body is nil if there is none. Raw is set in its place for bytes that are no text.
	Body *Text
	Raw  []byte
	// Status is the one that the next steps need; 0: any.
	Status   int
	Captures []Capture
	// Check is what the target should have done; nil for none.
	Check *Check
	// Notes say what was expected and seen.
	Notes []string
}

// Header is a field of a request.
type Header struct {
	Name  string
	Value Text
}

// Capture takes a variable from a response, by a JSON pointer.
type Capture struct{ Variable, Pointer string }

// Check is an expectation that a tool can test: a status, or a member of the body.
type Check struct {
	Statuses []span // nil if it is about a member
	// Seen is the status that was seen in their place.
	Seen    int
	Pointer string // JSON pointer
	// Equals is a JSON text that the member must be equal to; "" if it only has to exist.
	Equals string
}

// Text is a text with variables in it.
type Text []Part

// Part is a piece of text, or a variable.
type Part struct{ Literal, Variable string }

// String writes a text for a format: literal escapes the pieces, and variable writes a variable.
func (t Text) String(literal, variable func(string) string) string {
	var b strings.Builder
	for _, p := range t {
		if p.Variable != "" {
			b.WriteString(variable(p.Variable))
		} else {
			b.WriteString(literal(p.Literal))
		}
	}
	return b.String()
}

// tokens are the elements of a JSON pointer.
func tokens(pointer string) []string {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, p := range parts {
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(p)
	}
	return parts
}

// jsonPath writes a JSON pointer as a JSONPath, and ok is false if it cannot be written.
func jsonPath(pointer string) (path string, ok bool) {
	path = "$"
	for _, t := range tokens(pointer) {
		if _, err := strconv.Atoi(t); err == nil {
			path += "[" + t + "]"
			continue
		}
		if t == "" || strings.Trim(t, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			return "", false
		}
		path += "." + t
	}
	return path, true
}

// notes say in comments what the failure is.
func notes(result report.Result) (lines []string) {
	for _, part := range []struct{ mark, text string }{{"expected: ", result.Expected}, {"seen: ", result.Seen}, {"at: ", result.Pointer}} {
		if part.text != "" {
			lines = append(lines, part.mark+report.Shorten(report.Printable(strings.ReplaceAll(part.text, "\n", " | ")), report.LineLength))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, report.Shorten(report.Printable(result.Message), report.LineLength))
	}
	return lines
}

// head is the comment at the beginning of each format.
func (s *Script) head() []string {
	lines := []string{
		fmt.Sprintf("%s: %s", s.ID, s.Statement),
		"The conversation in which " + s.Target + " failed it, and the deletion of what it creates.",
	}
	for _, in := range s.Inputs {
		lines = append(lines, in.Name+" is "+in.Meaning+".")
	}
	return lines
}
