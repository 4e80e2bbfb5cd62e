package fleet

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
)

// pageFiles are the template and the style of the page.
//
//go:embed page
var pageFiles embed.FS

// Page writes the fleet as one page for a browser, which runs no script and refers to nothing outside.
func (f *Fleet) Page(w io.Writer) error {
	funcs := template.FuncMap{
		"show": report.Printable, "short": func(s string) string { return report.Shorten(report.Printable(s), report.LineLength) },
		"time": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") },
		"link": func(e Entry) string {
			if e.Page != "" {
				return url.PathEscape(e.Name) + "/" + ReadFile
			}
			return url.PathEscape(e.Name) + "/" + ReportFile
		},
	}
	t, err := template.New("page.html").Funcs(funcs).ParseFS(pageFiles, "page/page.html")
	if err != nil {
		return fmt.Errorf("reading the template of the page: %w", err)
	}
	style, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return fmt.Errorf("reading the style of the page: %w", err)
	}
	digest := sha256.Sum256(style)
	good := 0
	for _, e := range f.Targets {
		if e.ExitCode == 0 {
			good++
		}
	}
	err = t.Execute(w, map[string]any{
		"Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'",
		"Style":  template.CSS(style),
		"Fleet":  f, "Good": good, "All": len(f.Targets) + len(f.Missing),
	})
	if err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}
