package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const (
	cardIndent     = "      "
	bodyLines      = 30
	lineLength     = 500
	mostFollowers  = 8
	mostAlso       = 10 // exchanges that a card names without showing them
	requestPrefix  = cardIndent + "> "
	responsePrefix = cardIndent + "< "
)

// failureCard adds a failure with all that explains it.
func failureCard(p *printer, c Card, verbose bool) {
	p.line("%s  %s  %s", outcomeMark(p, c.Result, c.Warning), p.paint(bold, Printable(c.ID)), Printable(string(c.Level)))
	cardBody(p, c, verbose)
}

// cardBody adds a failure without its first line, which names it.
func cardBody(p *printer, c Card, verbose bool) {
	p.wrapped(cardIndent, c.Statement)
	p.wrapped(cardIndent, c.Citation)
	if how := standing(c.Result); how != "" {
		p.wrapped(cardIndent, how)
	}
	p.blank()
	part := func(mark, text string) {
		if text != "" {
			p.wrapped(cardIndent+mark, text)
		}
	}
	for _, line := range sides(c.Diff()) {
		part(line.mark, line.text)
	}
	part("at        ", c.Pointer)
	part("", c.Note())
	if n := len(c.SameCause); n > 0 {
		part("", "same cause as "+plural(n, "other", "others")+": "+some(c.SameCause))
	}
	part("trace     ", c.Trace.String())
	shown := c.Exchanges
	if n := len(shown); n > 1 && !verbose {
		shown = shown[n-1:]
		ids := make([]string, 0, n-1)
		for _, e := range c.Exchanges[:n-1] {
			ids = append(ids, e.ID)
		}
		more := ""
		if left := len(ids) - mostAlso; left > 0 {
			ids, more = ids[:mostAlso], fmt.Sprintf(" and %d more", left)
		}
		part("see also  ", strings.Join(ids, ", ")+more)
	}
	for _, e := range shown {
		p.blank()
		conversation(p, e, verbose)
	}
	followers(p, c.Consequences, verbose)
}

// side is what was expected, or what was seen, behind its mark.
type side struct{ mark, text string }

// sides puts the lines of a diff together again: what both sides share stands on each.
func sides(diff []DiffLine) []side {
	var expected, seen []string
	for _, line := range diff {
		if line.Mark != '+' {
			expected = append(expected, line.Text)
		}
		if line.Mark != '-' {
			seen = append(seen, line.Text)
		}
	}
	return []side{{"expected  ", strings.Join(expected, "\n")}, {"seen      ", strings.Join(seen, "\n")}}
}

// some lists some ids, and counts the rest.
func some(ids []string) string {
	if len(ids) <= mostFollowers {
		return strings.Join(ids, ", ")
	}
	return strings.Join(ids[:mostFollowers], ", ") + fmt.Sprintf(" and %d more", len(ids)-mostFollowers)
}

// conversation adds a request, its answer, and the line that repeats it.
func conversation(p *printer, e Exchange, verbose bool) {
	p.line("%s%s", cardIndent, p.paint(cyan, Printable(e.ID)+", as "+Printable(e.Identity)))
	p.line("%s%s %s", requestPrefix, Printable(e.Request.Method), Printable(e.Request.URL))
	message(p, requestPrefix, e.Request, verbose)
	if e.Response != nil {
		status := fmt.Sprintf("%d %s", e.Response.Status, http.StatusText(e.Response.Status))
		p.line("%s%s", responsePrefix, p.paint(bold, strings.TrimSpace(Printable(e.Response.Proto)+" "+status)))
		message(p, responsePrefix, *e.Response, verbose)
	}
	if e.Failure != "" {
		p.wrapped(cardIndent+"! ", e.Failure)
	}
	lines := printableLines(e.Curl)
	p.line("%s$ %s", cardIndent, strings.Join(lines, "\n"))
	if said := CurlVariables(e); len(said) > 0 {
		p.wrapped(cardIndent+"# ", strings.Join(said, "; "))
	}
}

// message adds headers and body.
func message(p *printer, prefix string, m Message, verbose bool) {
	for _, header := range m.Headers {
		if verbose || matters(header) {
			p.line("%s%s", prefix, shorten(Printable(header), lineLength))
		}
	}
	if m.Body == "" {
		return
	}
	p.line("%s", strings.TrimRight(prefix, " "))
	lines := printableLines(indented(m.Body))
	for i, line := range lines {
		if i == bodyLines && !verbose {
			p.line("%s… %s", prefix, plural(len(lines)-i, "more line", "more lines"))
			break
		}
		if !verbose {
			line = shorten(line, lineLength)
		}
		p.line("%s%s", prefix, line)
	}
	if m.BodyTruncated {
		p.line("%s… cut, of %d bytes", prefix, m.BodyBytes)
	}
}

// matters reports whether a header line is one that the contract speaks of.
func matters(header string) bool {
	name, _, _ := strings.Cut(header, ":")
	return slices.Contains([]string{
		"Allow", "Authorization", "Cache-Control", "Content-Type", "Date", "Location", "Retry-After", "Www-Authenticate",
	}, http.CanonicalHeaderKey(name))
}

// mostIndented is the depth of nesting up to which JSON is laid out on lines; with each level lines get longer.
const mostIndented = 24

// indented lays out a JSON text on lines, and leaves any other text as it is.
func indented(body string) string {
	var b bytes.Buffer
	if nesting(body) > mostIndented || json.Indent(&b, []byte(body), "", "  ") != nil {
		return body
	}
	return b.String()
}

// nesting is the depth of arrays and objects in a text, as far as brackets tell.
func nesting(body string) (deepest int) {
	depth := 0
	for i := range len(body) {
		switch body[i] {
		case '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth--
		}
	}
	return deepest
}

// followers adds what follows from a failure, one line each.
func followers(p *printer, results []Result, verbose bool) {
	if len(results) == 0 {
		return
	}
	p.blank()
	p.line("%s%s:", cardIndent, plural(len(results), "other follows from it", "others follow from it"))
	for i, r := range results {
		if i == mostFollowers && !verbose {
			p.line("%s  … and %d more", cardIndent, len(results)-i)
			return
		}
		head := fmt.Sprintf("%s  %s  %s  ", cardIndent, Printable(r.ID), Printable(r.Standing()))
		p.line("%s%s", head, shorten(summary(r), max(p.width-len(head), leastWidth)))
	}
}
