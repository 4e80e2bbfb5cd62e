package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// style is a way to show text on a terminal that knows colours: the parameters of SGR (ECMA-48 section 8.3.117).
type style string

const (
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	green  style = "1;32"
	yellow style = "1;33"
	cyan   style = "36"
)

// printer gathers lines of text of a limited width.
type printer struct {
	strings.Builder
	width int
	color bool
}

// paint colours a text, where colours are wanted.
func (p *printer) paint(s style, text string) string {
	if !p.color || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// line adds one line.
func (p *printer) line(format string, args ...any) {
	fmt.Fprintf(p, format, args...)
	p.WriteByte('\n')
}

// blank adds an empty line.
func (p *printer) blank() { p.WriteByte('\n') }

// wrapped adds a text of any number of lines behind a mark, which takes the indentation of its first line; the text is
// broken between words where it is wider than the page.
func (p *printer) wrapped(mark, text string) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(mark))
	for _, line := range printableLines(text) {
		for _, part := range breakLine(line, p.width-len(indent)) {
			p.line("%s", strings.TrimRight(mark+part, " "))
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

// plural says how many there are of something.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
