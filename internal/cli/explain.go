package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/standard"
	"github.com/sa-conformance/conformance/spec"
)

// textWidth is the number of columns that prose is wrapped to.
const textWidth = 100

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "explain ID",
		Short:   "Explain a requirement: what it demands, why, and what would break it",
		Example: "  conformance explain create.status.created",
		RunE:    func(_ *cobra.Command, args []string) error { return a.explain(args) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			_, c, err := catalogue()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return identifiers(c), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func (a *app) explain(args []string) error {
	if len(args) != 1 {
		return wrong(`"conformance explain" takes the id of one requirement; "conformance list" lists them`)
	}
	contract, c, err := catalogue()
	if err != nil {
		return err
	}
	all, err := entries(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e entry) bool { return e.ID == args[0] })
	if i < 0 {
		return wrong("there is no requirement %s; near it: %s; \"conformance list\" lists all",
			shown(args[0]), strings.Join(nearest(args[0], identifiers(c)), ", "))
	}
	_, err = a.out.Write([]byte(explanation(all[i], contract.Words)))
	return a.written(err)
}

// explanation is what there is to say about a requirement; words tells what a pointer into the contract names.
func explanation(e entry, words func(pointer string) string) string {
	var b strings.Builder
	since := e.Since
	if e.Changed != "" {
		since += ", changed in " + e.Changed
	}
	fmt.Fprintf(&b, "%s  %s, profile %s, since %s\n\n%s\n", e.ID, e.Level, e.Profile, since, wrap(e.Statement, "  ", textWidth))
	paragraph := func(title, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n%s\n%s\n", title, wrap(text, "  ", textWidth))
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
	paragraph("Needs", join(e.Needs))
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
		return wrap(words, "    ", textWidth) + "\n"
	}
}

func identifiers(c *spec.Catalogue) []string {
	var ids []string
	for _, r := range c.All() {
		ids = append(ids, r.ID)
	}
	return ids
}

// nearest returns the three ids that are least different from id.
func nearest(id string, ids []string) []string {
	near := slices.Clone(ids)
	slices.SortStableFunc(near, func(x, y string) int { return cmp.Compare(difference(id, x), difference(id, y)) })
	return near[:min(3, len(near))]
}

// difference is the edit distance, halved where one id contains the other.
func difference(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			step := diagonal
			if from[i] != to[j] {
				step++
			}
			diagonal = row[j+1]
			row[j+1] = min(step, row[j]+1, row[j+1]+1)
		}
	}
	if from != "" && (strings.Contains(to, from) || strings.Contains(from, to)) {
		return row[len(to)] / 2
	}
	return row[len(to)]
}
