package html

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// Inspector shows single exchanges of a report, for pages that show more than a report does. It is safe for concurrent use.
type Inspector struct {
	maker *pageMaker
	pages *template.Template
}

// inspected is how much of an exchange an inspector shows: all that the report has.
var inspected = detail{body: 20_000, line: 2000, header: 200, text: 4000, curl: 6000}

// NewInspector prepares a report, which must not change after that.
func NewInspector(r *report.Report) (*Inspector, error) {
	pages, err := template.New("page.html").Funcs(template.FuncMap{"show": report.Printable, "glyph": glyph}).ParseFS(htmlFiles, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the templates of the page: %w", err)
	}
	return &Inspector{newPageMaker(r), pages}, nil
}

// Side is a request or a response of an exchange, laid out.
type Side struct {
	// Label says in words what it is; Marked says which member is marked, "" for none.
	Label, Marked string
	HTML          template.HTML
}

// Sides returns request and response of the exchange with an index into the report, laid out alike. Of the response the members
// are marked that pointers name, and that failures of the report blame.
func (in *Inspector) Sides(index int, pointers ...string) ([]Side, error) {
	m := in.maker
	x := m.exchange(index, inspected, append(pointers, m.blamed[index]...), true)
	sides := []Side{{Label: "Request"}}
	var err error
	if sides[0].HTML, err = in.message(x.Request); err != nil {
		return nil, err
	}
	if x.Answered {
		shown, err := in.message(x.Response)
		if err != nil {
			return nil, err
		}
		return append(sides, Side{Label: "Response", Marked: x.Marked, HTML: shown}), nil
	}
	return sides, nil
}

// Failing lists the ids of the failures that rest on an exchange.
func (in *Inspector) Failing(index int) []string { return in.maker.failing[index] }

// Index finds an exchange by its id.
func (in *Inspector) Index(id string) (index int, ok bool) {
	index, ok = in.maker.at[id]
	return index, ok
}

func (in *Inspector) message(p pageMessage) (template.HTML, error) {
	var b strings.Builder
	if err := in.pages.ExecuteTemplate(&b, "message", p); err != nil {
		return "", fmt.Errorf("rendering a message: %w", err)
	}
	return template.HTML(b.String()), nil //nolint:gosec // what a template escaped
}

// Text is a message of a report on lines, for a comparison of two: start line, headers and body, each on lines of their own.
func Text(msg *report.Message) string {
	if msg == nil {
		return "no response\n"
	}
	var b strings.Builder
	start := msg.Method + " " + msg.URL
	if msg.Status > 0 {
		start = fmt.Sprintf("%s %d %s", msg.Proto, msg.Status, http.StatusText(msg.Status))
	}
	b.WriteString(strings.TrimSpace(report.Printable(start)) + "\n")
	for _, header := range msg.Headers {
		b.WriteString(report.Printable(header) + "\n")
	}
	b.WriteByte('\n')
	for _, line := range layLines(msg.Body, msg.BodyTruncated) {
		b.WriteString(line.text + "\n")
	}
	return b.String()
}

// Style is the style of the pages, which other pages of ours share.
func Style() ([]byte, error) {
	style, err := htmlFiles.ReadFile("page/style.css")
	if err != nil {
		return nil, fmt.Errorf("reading the style of the page: %w", err)
	}
	return style, nil
}

// Kind is the outcome of a result as pages tell outcomes apart, where a failed SHOULD is a warning, and Glyph its mark.
func Kind(r report.Result, strict bool) string { return kind(r, strict) }

// Glyph is the mark of a kind, so that none is told by colour alone.
func Glyph(kind string) string { return glyph(kind) }

// Reason says in a sentence what the verdict rests on.
func (in *Inspector) Reason() string { return in.maker.reason() }
