package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
)

// pageLimit is the length in bytes that a page stays below, whatever the report holds.
const pageLimit = 980_000

// pageStyle and pageScript are a part of the page, and nothing that a target sent.
//
//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

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
	{body: 4000, line: 600, header: 60, text: 4000, curl: 6000, inline: 3, links: 24, cards: 100},
	{body: 1500, line: 300, header: 40, text: 1500, curl: 3000, inline: 1, links: 12, cards: 60},
	{body: 400, line: 120, header: 16, text: 400, curl: 1000, inline: 1, links: 6, cards: 20},
	{body: 0, line: 60, header: 0, text: 100, curl: 0, inline: 0, links: 2, cards: 0},
}

// HTML writes a report as one page for a browser, with style and script in it and no reference to anything outside.
// It reads without the script, which filters and folds. Long bodies are cut, so that the page stays below 1 MB. What a
// target sent is text on it, and nothing else: the templates (*.qtpl) escape it and put it between quotes where it is an
// attribute, Printable shows what is invisible, and a Content-Security-Policy lets no other style or script run.
func HTML(w io.Writer, r *Report) error {
	m := newPageMaker(r)
	var b bounded
	for i, d := range details {
		last := i == len(details)-1
		if !last && m.least(d) > pageLimit {
			continue
		}
		p := m.page(d)
		p.Style, p.Script = pageStyle, pageScript
		p.Policy = fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'",
			digest(pageStyle), digest(pageScript))
		b = bounded{limit: pageLimit}
		if last {
			b.limit = math.MaxInt
		}
		writewholePage(&b, p)
		if !b.full {
			break
		}
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("writing the report as HTML: %w", err)
	}
	return nil
}

// errTooLong says that a page shows too much.
var errTooLong = errors.New("the page is too long")

// bounded is a buffer that takes a number of bytes, and nothing more once there were more.
type bounded struct {
	bytes.Buffer
	limit int
	full  bool
}

func (b *bounded) Write(p []byte) (int, error) {
	b.full = b.full || b.Len()+len(p) > b.limit
	if b.full {
		return 0, errTooLong
	}
	return b.Buffer.Write(p)
}

// digest names a style or a script in a Content-Security-Policy.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
