package manual

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/spec"
)

// markdown renders the catalogue as a page: a table for each profile, and what breaks each requirement.
func markdown(w io.Writer, all []entry) error {
	var page bytes.Buffer
	fmt.Fprintf(&page, "# Requirements\n\nGenerated from [requirements.yaml](../spec/requirements.yaml) by `make docs`, which a release runs: %d requirements, of which %d are MUST.\n",
		len(all), levels(all))
	for _, profile := range spec.Profiles() {
		fmt.Fprintf(&page, "\n## %s\n\n| id | level | statement | source | broken by |\n|---|---|---|---|---|\n", profile)
		for _, e := range all {
			if e.Profile == profile {
				fmt.Fprintf(&page, "| [%s](requirements/%s.md) | %s | %s | %s | %s |\n", e.ID, e.ID, e.Level, Cell(e.Statement+needed(e)), Cell(cited(e.Citation)), Cell(e.Breaks))
			}
		}
	}
	_, err := w.Write(page.Bytes())
	return err
}

func levels(all []entry) int {
	musts := 0
	for _, e := range all {
		if e.Level == spec.Must {
			musts++
		}
	}
	return musts
}

func needed(e entry) string {
	if len(e.Needs) == 0 {
		return ""
	}
	return " (needs " + app.Join(e.Needs) + ")"
}

// cited writes pointers as code, and sections as they stand; those of the contract in prose are links.
func cited(citation string) string {
	parts := strings.Split(citation, "; ")
	for i, part := range parts {
		if strings.HasPrefix(part, spec.File) {
			parts[i] = "`" + strings.TrimPrefix(part, spec.File) + "`"
		}
		if title, _, ok := spec.ProseSection(part); ok {
			anchor := strings.TrimPrefix(part, "contract section ") + " " + strings.ToLower(title)
			parts[i] = fmt.Sprintf("[%s](../spec/%s#%s)", part, spec.ProseFile, strings.ReplaceAll(anchor, " ", "-"))
		}
	}
	return strings.Join(parts, "; ")
}

func Cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
