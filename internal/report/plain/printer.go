// Package plain lays out lines of plain text of a limited width, and a failure as such lines. The formats that show
// plain text share it; it writes to nothing itself.
package plain

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/report"
)

// Style is a way to show text on a terminal that knows colours: the parameters of SGR (ECMA-48 section 8.3.117).
type Style string

const (
	Bold   Style = "1"
	Dim    Style = "2"
	Red    Style = "1;31"
	Green  Style = "1;32"
	Yellow Style = "1;33"
	cyan   Style = "36"
)

const (
	DefaultWidth = 100
	LeastWidth   = 40
)

// Printer gathers lines of text of a limited width.
type Printer struct {
	strings.Builder
	Width int
	Color bool
}

// Paint colours a text, where colours are wanted.
func (p *Printer) Paint(s Style, text string) string {
	if !p.Color || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// Line adds one line.
func (p *Printer) Line(format string, args ...any) {
	fmt.Fprintf(p, format, args...)
	p.WriteByte('\n')
}

// Blank adds an empty line.
func (p *Printer) Blank() { p.WriteByte('\n') }

// Wrapped adds a text of any number of lines behind a mark, which takes the indentation of its first line; the text is
// broken between words if it is wider than the page.
func (p *Printer) Wrapped(mark, text string) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(mark))
	for _, line := range report.PrintableLines(text) {
		for _, part := range breakLine(line, p.Width-len(indent)) {
			p.Line("%s", strings.TrimRight(mark+part, " "))
			mark = indent
		}
	}
}

// breakLine breaks a line between words. A word that is wider than the page stands alone.
func breakLine(line string, width int) []string {
	if utf8.RuneCountInString(line) <= width {
		return []string{line}
	}
	var parts []string
	current := ""
	for word := range strings.FieldsSeq(line) {
		switch {
		case current == "":
			current = word
		case utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) > width:
			parts = append(parts, current)
			current = word
		default:
			current += " " + word
		}
	}
	return append(parts, current)
}

// Cell is a number, right-aligned, and coloured if it is not zero.
func (p *Printer) Cell(n, width int, s Style) string {
	text := fmt.Sprintf("%*d", width, n)
	if n == 0 || s == "" {
		return text
	}
	return p.Paint(s, text)
}
