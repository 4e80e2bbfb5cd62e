package registry

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// siteFiles are the templates of the pages, and what their style adds to that of the matrix.
//
//go:embed site
var siteFiles embed.FS

// shown is all that a template has.
type shown struct {
	Policy      string
	Style       template.CSS
	Title, Made string
	// Up is the way to the first page from here.
	Up       string
	Registry string
	Suite    string
	Valid    int
	Standing []row // all but those that are refused
	Refused  []row
	Row      row
}

// row is a submission.
type row struct {
	*Review
	State   Standing
	Class   string // of the style of the matrix
	Reasons []string
	Link    string // from the first page
	Page    bool
	Warned  []report.Result // SHOULDs that did not pass
}

// pages are the first page, and one for each submission with a name.
func (r *Registry) pages(reviews []*Review, suite string, now time.Time) ([]File, error) {
	t, err := template.New("").Funcs(template.FuncMap{
		"show": short, "profiles": joined, "day": func(t time.Time) string { return t.UTC().Format("2 January 2006") },
		"time": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	}).ParseFS(siteFiles, "site/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the templates of the site: %w", err)
	}
	common, err := r.common(suite, now)
	if err != nil {
		return nil, err
	}
	var all []row
	first := common
	for _, review := range reviews {
		x := review.row()
		all = append(all, x)
		if x.State == Refused {
			first.Refused = append(first.Refused, x)
			continue
		}
		first.Standing = append(first.Standing, x)
		if x.State == Valid {
			first.Valid++
		}
	}
	first.Title = r.Name
	page, err := execute(t, indexPage, first)
	files := []File{{indexPage, page}}
	for _, x := range all {
		if err != nil {
			return nil, err
		}
		if !x.Page {
			continue
		}
		one := common
		one.Up, one.Row, one.Title = "../", x, x.Name+" · "+r.Name
		page, err = execute(t, "certificate.html", one)
		files = append(files, File{x.Link, page})
	}
	return files, err
}

func execute(t *template.Template, name string, value any) ([]byte, error) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, value); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// common is what every page has.
func (r *Registry) common(suite string, now time.Time) (s shown, err error) {
	style, err := certificate.Style()
	if err != nil {
		return s, err
	}
	more, err := siteFiles.ReadFile("site/style.css")
	if err != nil {
		return s, fmt.Errorf("reading the style of the site: %w", err)
	}
	style = append(style, more...)
	sum := sha256.Sum256(style)
	return shown{
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		Style:  template.CSS(style), Made: now.UTC().Format("2 January 2006 15:04 UTC"), Registry: r.Name, Suite: suite,
	}, nil
}

func (r *Review) row() row {
	x := row{Review: r, State: r.Standing(), Reasons: r.Reasons(), Page: r.hasPage()}
	x.Class = map[Standing]string{Valid: "valid", Expired: "past", Revoked: "invalid", Refused: "invalid"}[x.State]
	if x.Page {
		x.Link = r.file("certificates", ".html")
	}
	if v := r.Verification; v != nil && v.Report != nil && x.State != Refused {
		for _, result := range v.Report.Results {
			if v.Report.Counts(result) && result.Level == spec.Should && result.Outcome != report.Pass && result.Outcome != report.NotTested {
				x.Warned = append(x.Warned, result)
			}
		}
	}
	return x
}
