package manual

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/standard"
	"github.com/sa-conformance/conformance/spec"
)

// TextWidth is the number of columns that prose is wrapped to.
const TextWidth = 100

func ExplainCommand(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "explain ID",
		Short:   "Explain a requirement: what it demands, why, and what would break it",
		Example: "  conformance explain create.status.created",
		RunE:    func(_ *cobra.Command, args []string) error { return runExplain(a, args) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			_, c, err := app.Catalogue()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return app.Identifiers(c), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func runExplain(a *app.App, args []string) error {
	if len(args) != 1 {
		return app.Wrong(`"conformance explain" takes the id of one requirement; "conformance list" lists them`)
	}
	contract, c, err := app.Catalogue()
	if err != nil {
		return err
	}
	all, err := entries(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e entry) bool { return e.ID == args[0] })
	if i < 0 {
		return app.Wrong("there is no requirement %s; near it: %s; \"conformance list\" lists all",
			app.Shown(args[0]), strings.Join(app.Nearest(args[0], app.Identifiers(c)), ", "))
	}
	_, err = a.Out.Write([]byte(explanation(all[i], contract.Words)))
	return a.Written(err)
}

// explanation is what there is to say about a requirement; words tells what a pointer into the contract names.
func explanation(e entry, words func(pointer string) string) string {
	var b strings.Builder
	since := e.Since
	if e.Changed != "" {
		since += ", changed in " + e.Changed
	}
	fmt.Fprintf(&b, "%s  %s, profile %s, since %s\n\n%s\n", e.ID, e.Level, e.Profile, since, app.Wrap(e.Statement, "  ", TextWidth))
	paragraph := func(title, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n%s\n%s\n", title, app.Wrap(text, "  ", TextWidth))
		}
	}
	b.WriteString("\nCitation\n")
	for _, citation := range strings.Split(e.Citation, "; ") {
		fmt.Fprintf(&b, "  %s\n", citation)
		if pointer, ok := strings.CutPrefix(citation, spec.File+"#"); ok {
			b.WriteString(quotation(words(pointer)))
		}
		if title, line, ok := spec.ProseSection(citation); ok {
			b.WriteString(quotation(fmt.Sprintf("%s (spec/%s, line %d)", title, spec.ProseFile, line)))
		}
		if s, ok := standard.Find(citation); ok {
			b.WriteString(quotation(s.Title + ": " + s.Says))
			b.WriteString(quotation(s.Address))
		}
	}
	paragraph("Judged in", cmp.Or(e.Section, "no section: no check is bound to it"))
	paragraph("Probe", e.Probe)
	paragraph("Why", e.Why)
	paragraph("What would break it", e.Breaks)
	paragraph("Needs", app.Join(e.Needs))
	paragraph("A failure may follow from", strings.Join(e.Follows, ", "))
	if page := spec.Page(e.ID); page != "" {
		fmt.Fprintf(&b, "\nPage\n  %s\n", page)
	}
	for i, reading := range e.Contested {
		paragraph(fmt.Sprintf("Contested, reading %d (no reading fails a target)", i+1), reading)
	}
	return b.String()
}

// quotation indents prose, wrapped, or a piece of YAML as it is.
func quotation(words string) string {
	words = strings.TrimSpace(words)
	switch {
	case words == "":
		return ""
	case strings.Contains(words, "\n"):
		return "    " + strings.ReplaceAll(words, "\n", "\n    ") + "\n"
	default:
		return app.Wrap(words, "    ", TextWidth) + "\n"
	}
}
