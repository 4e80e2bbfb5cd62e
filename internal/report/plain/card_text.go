package plain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

const (
	CardIndent     = "      "
	requestPrefix  = CardIndent + "> "
	responsePrefix = CardIndent + "< "
)

// Card adds a failure without its first line, which names it.
func Card(p *Printer, c report.Card, verbose bool) {
	p.Wrapped(CardIndent, c.Statement)
	p.Wrapped(CardIndent, c.Citation)
	if how := report.StandingNote(c.Result); how != "" {
		p.Wrapped(CardIndent, how)
	}
	p.Blank()
	part := func(mark, text string) {
		if text != "" {
			p.Wrapped(CardIndent+mark, text)
		}
	}
	for _, line := range report.Sides(c.Diff()) {
		part(line.Mark, line.Text)
	}
	part("at        ", c.Pointer)
	part("", c.Note())
	if n := len(c.SameCause); n > 0 {
		part("", "same cause as "+report.Plural(n, "other", "others")+": "+report.SomeIDs(c.SameCause))
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
		if left := len(ids) - report.MostAlso; left > 0 {
			ids, more = ids[:report.MostAlso], fmt.Sprintf(" and %d more", left)
		}
		part("see also  ", strings.Join(ids, ", ")+more)
	}
	for _, e := range shown {
		p.Blank()
		Conversation(p, e, verbose)
	}
	followers(p, c.Consequences, verbose)
	if c.Rerun != "" {
		p.Blank()
		p.Line("%sto run just this: %s", CardIndent, c.Rerun)
	}
}

// CardText is a failure as a text of its own, with the address of the page of its requirement.
func CardText(r *report.Report, result report.Result) string {
	p := &Printer{Width: DefaultWidth}
	if result.ConsequenceOf != "" {
		p.Line("Follows from %s.", report.Printable(result.ConsequenceOf))
	}
	Card(p, report.CardOf(r, result), false)
	if page := result.Page(); page != "" {
		p.Line("\n%s%s", CardIndent, page)
	}
	return p.String()
}

// Conversation adds a request, its response, and the line that repeats it.
func Conversation(p *Printer, e report.Exchange, verbose bool) {
	p.Line("%s%s", CardIndent, p.Paint(cyan, report.Printable(e.ID)+", as "+report.Printable(e.Identity)))
	p.Line("%s%s %s", requestPrefix, report.Printable(e.Request.Method), report.Printable(e.Request.URL))
	message(p, requestPrefix, e.Request, verbose)
	if e.Response != nil {
		status := fmt.Sprintf("%d %s", e.Response.Status, http.StatusText(e.Response.Status))
		p.Line("%s%s", responsePrefix, p.Paint(Bold, strings.TrimSpace(report.Printable(e.Response.Proto)+" "+status)))
		message(p, responsePrefix, *e.Response, verbose)
	}
	if e.Failure != "" {
		p.Wrapped(CardIndent+"! ", e.Failure)
	}
	lines := report.PrintableLines(e.Curl)
	p.Line("%s$ %s", CardIndent, strings.Join(lines, "\n"))
	if said := report.CurlVariables(e); len(said) > 0 {
		p.Wrapped(CardIndent+"# ", strings.Join(said, "; "))
	}
}

// message adds headers and body.
func message(p *Printer, prefix string, m report.Message, verbose bool) {
	for _, header := range m.Headers {
		if verbose || matters(header) {
			p.Line("%s%s", prefix, report.Shorten(report.Printable(header), report.LineLength))
		}
	}
	if m.Body == "" {
		return
	}
	p.Line("%s", strings.TrimRight(prefix, " "))
	lines := report.PrintableLines(indented(m.Body))
	for i, line := range lines {
		if i == report.BodyLines && !verbose {
			p.Line("%s… %s", prefix, report.Plural(len(lines)-i, "more line", "more lines"))
			break
		}
		if !verbose {
			line = report.Shorten(line, report.LineLength)
		}
		p.Line("%s%s", prefix, line)
	}
	if m.BodyTruncated {
		p.Line("%s… cut, of %d bytes", prefix, m.BodyBytes)
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
func followers(p *Printer, results []report.Result, verbose bool) {
	if len(results) == 0 {
		return
	}
	p.Blank()
	p.Line("%s%s:", CardIndent, report.Plural(len(results), "other follows from it", "others follow from it"))
	for i, r := range results {
		if i == report.MostFollowers && !verbose {
			p.Line("%s  … and %d more", CardIndent, len(results)-i)
			return
		}
		head := fmt.Sprintf("%s  %s  %s  ", CardIndent, report.Printable(r.ID), report.Printable(r.Standing()))
		p.Line("%s%s", head, report.Shorten(report.Summary(r), max(p.Width-len(head), LeastWidth)))
	}
}
