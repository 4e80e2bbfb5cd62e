// Package page renders the pages of the web interface: templates that escape by context, one style, one script, and no reference
// to anything outside. It knows no run.
package page

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"slices"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/html"
)

//go:embed files
var files embed.FS

// Pages renders pages. It is safe for concurrent use.
type Pages struct {
	pages  map[string]*template.Template
	assets map[string][]byte
}

// Names are the pages that there are.
func Names() []string {
	return []string{"setup", "check", "live", "result", "requirement", "exchanges", "exchange", "history", "compare", "waivers", "preview", "certify", "message"}
}

// Load parses every page.
func Load() (*Pages, error) {
	p := &Pages{pages: map[string]*template.Template{}, assets: map[string][]byte{}}
	shared, err := template.New("frame.html").Funcs(template.FuncMap{"show": report.Printable, "plural": report.Plural, "glyph": html.Glyph}).
		ParseFS(files, "files/frame.html", "files/parts.html")
	if err != nil {
		return nil, fmt.Errorf("reading the frame of the pages: %w", err)
	}
	for _, name := range Names() {
		one, err := shared.Clone()
		if err == nil {
			_, err = one.ParseFS(files, "files/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("reading the template %s: %w", name, err)
		}
		p.pages[name] = one
	}
	style, err := html.Style()
	for _, name := range []string{"ui.css", "ui.js", "icon.svg"} {
		data, fault := files.ReadFile("files/" + name)
		err = errors.Join(err, fault)
		p.assets[name] = data
	}
	if err != nil {
		return nil, fmt.Errorf("reading style and script: %w", err)
	}
	p.assets["ui.css"] = slices.Concat(style, []byte("\n"), p.assets["ui.css"])
	return p, nil
}

// Render renders a page. Characters that a page would hide or act on are shown as escapes, wherever they come from.
func (p *Pages) Render(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if p.pages[name] == nil {
		return nil, fmt.Errorf("there is no page %s", name)
	}
	if err := p.pages[name].Execute(&b, data); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", name, err)
	}
	return report.EscapeInvisible(b.String()), nil
}

// Asset is the style or the script, and its media type.
func (p *Pages) Asset(name string) (data []byte, kind string, ok bool) {
	kind = map[string]string{
		"ui.css": "text/css; charset=utf-8", "ui.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	}[name]
	data, ok = p.assets[name]
	return data, kind, ok
}
