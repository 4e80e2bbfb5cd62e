package manual

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// writePages writes a page for each requirement of the catalogue. It removes no file: an id that has left the catalogue keeps its
// address.
func writePages(a *app.App, dir string) error {
	contract, c, err := app.Catalogue()
	if err != nil {
		return err
	}
	all, err := entries(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return app.Wrong("%s: %s cannot be written: %s", a.Source("pages"), app.Shown(dir), app.Cause(err))
	}
	for _, e := range all {
		text := page(e, all, contract.Words)
		if err := app.WriteTo(filepath.Join(dir, e.ID+".md"), []byte(text), 0o666); err != nil {
			return app.Wrong("%s: %s cannot be written: %s", a.Source("pages"), app.Shown(dir), app.Cause(err))
		}
	}
	_, err = fmt.Fprintf(a.Out, "%s in %s\n", report.Plural(len(all), "page", "pages"), report.Printable(dir))
	return a.Written(err)
}

// page is the page of one requirement; words tells what a pointer into the contract names.
func page(e entry, all []entry, words func(pointer string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", e.ID, e.Statement)
	fmt.Fprintf(&b, "| | |\n|---|---|\n| level | %s |\n| profile | %s |\n| since | %s |\n", e.Level, e.Profile, e.Since)
	row := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", name, Cell(text))
		}
	}
	row("changed", e.Changed)
	row("section", e.Section)
	if e.Probe != "" {
		row("probe", "`"+e.Probe+"`")
	}
	row("needs", app.Join(e.Needs))
	b.WriteString("\n## Source\n\n")
	for _, citation := range strings.Split(e.Citation, "; ") {
		fmt.Fprintf(&b, "- %s\n", linked(citation))
		if pointer, ok := strings.CutPrefix(citation, spec.File+"#"); ok {
			b.WriteString(quotedInList(words(pointer)))
		}
	}
	part := func(title, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", title, text)
		}
	}
	part("Why", e.Why)
	part("What breaks it", e.Breaks)
	part("A failure may follow from", idList(e.Follows, all))
	var readings []string
	for _, reading := range e.Contested {
		readings = append(readings, "- "+reading)
	}
	part("Contested: no reading fails a target", strings.Join(readings, "\n"))
	b.WriteString("\n[All requirements](../requirements.md) · [how each was proved](../proof.md)\n")
	return b.String()
}

// rfcSection is a citation of an RFC.
var rfcSection = regexp.MustCompile(`^RFC (\d+)(?: section ([0-9A-Z.]+))?$`)

// linked is a citation as a link, seen from docs/requirements.
func linked(citation string) string {
	if strings.HasPrefix(citation, spec.File) {
		return fmt.Sprintf("[%s](../../spec/%s) `%s`", spec.File, spec.File, strings.TrimPrefix(citation, spec.File))
	}
	if m := rfcSection.FindStringSubmatch(citation); m != nil {
		address := "https://www.rfc-editor.org/rfc/rfc" + m[1]
		if m[2] != "" {
			address += "#section-" + m[2]
		}
		return fmt.Sprintf("[%s](%s)", citation, address)
	}
	return strings.ReplaceAll(cited(citation), "](../spec/", "](../../spec/")
}

// quotedInList quotes what the contract says, prose or YAML, below an item of a list.
func quotedInList(words string) string {
	words = strings.TrimSpace(words)
	switch {
	case words == "":
		return ""
	case strings.Contains(words, "\n"):
		return "\n  ```yaml\n  " + strings.ReplaceAll(words, "\n", "\n  ") + "\n  ```\n"
	default:
		return "\n  > " + words + "\n"
	}
}

// idList links ids of the catalogue; patterns stay as they are.
func idList(ids []string, all []entry) string {
	var lines []string
	for _, id := range ids {
		if slices.ContainsFunc(all, func(e entry) bool { return e.ID == id }) {
			id = fmt.Sprintf("[%s](%s.md)", id, id)
		} else {
			id = "`" + id + "`"
		}
		lines = append(lines, "- "+id)
	}
	return strings.Join(lines, "\n")
}
