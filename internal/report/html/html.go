// Package html writes a report as one page for a browser. The page refers to nothing outside of itself.
package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"

	"github.com/sa-conformance/conformance/internal/report"
)

// pageLimit is the length in bytes that a page stays below, whatever the report holds.
const pageLimit = 980_000

// htmlFiles are the templates, the style and the script of the page.
//
//go:embed page
var htmlFiles embed.FS

// detail says how much of what a target sent a page shows.
type detail struct {
	body   int // characters of a body
	line   int // characters of a line of it, or of a header
	header int // number of headers
	text   int // characters of what was expected or seen
	curl   int // characters up to which the line that sends a request again is shown
	inline int // exchanges on the card of a failure
	links  int // exchanges that a verdict links to
	cards  int // failures with exchanges on their cards
}

// details go from the most to the least: a page shows the first that fits into pageLimit.
var details = []detail{
	{body: 4000, line: 600, header: 60, text: 4000, curl: 6000, inline: 3, links: report.MostAlso, cards: 100},
	{body: 1500, line: 300, header: 40, text: 1500, curl: 3000, inline: 1, links: report.MostAlso, cards: 60},
	{body: 400, line: 120, header: 16, text: 400, curl: 1000, inline: 1, links: 6, cards: 20},
	{body: 250, line: 80, header: 10, text: 250, curl: 800, inline: 1, links: 4, cards: 10},
	{body: 160, line: 60, header: 4, text: 250, curl: 600, inline: 1, links: 3, cards: 10},
	{body: 100, line: 60, header: 2, text: 200, curl: 400, inline: 1, links: 2, cards: 10},
	{body: 100, line: 60, header: 1, text: 200, curl: 200, inline: 1, links: 1, cards: 10},
	{body: 80, line: 60, header: 1, text: 120, curl: 0, inline: 1, links: 1, cards: 10},
	{body: 0, line: 60, header: 0, text: 80, curl: 0, inline: 0, links: 1, cards: 0},
}

// fullCards is how many cards show their exchanges as full says, if the page shows less of the others: what is wrong is seen first.
const fullCards = 4

// full is the detail of an exchange on one of the first cards.
func full() detail { return details[1] }

// Render writes a report as one page for a browser, with style and script in it and no reference to anything outside.
// It reads without the script, which filters and folds. Long bodies are cut, so that the page stays below 1 MB. What a
// target sent is text on it, and nothing else: the template escapes it, Printable shows what is invisible, and a
// Content-Security-Policy lets no other style or script run.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	t, err := template.New("page.html").Funcs(template.FuncMap{"show": report.Printable, "glyph": glyph}).ParseFS(htmlFiles, "page/*.html")
	if err != nil {
		return fmt.Errorf("reading the templates of the page: %w", err)
	}
	style, err := htmlFiles.ReadFile("page/style.css")
	if err != nil {
		return fmt.Errorf("reading the style of the page: %w", err)
	}
	script, err := htmlFiles.ReadFile("page/script.js")
	if err != nil {
		return fmt.Errorf("reading the script of the page: %w", err)
	}
	m := newPageMaker(r)
	var b bytes.Buffer
	for i, d := range details {
		last := i == len(details)-1
		if !last && m.least(d) > pageLimit {
			continue
		}
		b.Reset()
		p := m.page(d)
		p.Style, p.Script = template.CSS(style), template.JS(script)
		p.Policy = fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'",
			digest(style), digest(script))
		limit := pageLimit
		if last {
			limit = math.MaxInt
		}
		switch err := t.Execute(&bounded{&b, limit}, p); {
		case errors.Is(err, errTooLong):
			continue
		case err != nil:
			return fmt.Errorf("rendering the page: %w", err)
		}
		break
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("writing the report as HTML: %w", err)
	}
	return nil
}

// errTooLong stops the rendering of a page that shows too much.
var errTooLong = errors.New("the page is too long")

// bounded is a buffer that takes a number of bytes and no more.
type bounded struct {
	*bytes.Buffer
	limit int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.limit {
		return 0, errTooLong
	}
	return b.Buffer.Write(p)
}

// digest names a style or a script in a Content-Security-Policy.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
