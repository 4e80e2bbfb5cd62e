package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/spec"
)

func (a *app) listCommand() *cobra.Command {
	var (
		asJSON, asMarkdown bool
		freeze, pages      string
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the requirements that the suite judges",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			switch {
			case freeze != "":
				return a.freeze(freeze)
			case pages != "":
				return a.pages(pages)
			}
			return a.list(asJSON, asMarkdown)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&asMarkdown, "markdown", false, "print Markdown, as docs/requirements.md holds it")
	cmd.Flags().StringVar(&freeze, "freeze", "", "print the requirement set of this `NAME`, as spec/sets holds them")
	cmd.Flags().StringVar(&pages, "pages", "", "write a page for each requirement to this `DIR`, as docs/requirements holds them")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown", "freeze", "pages")
	return cmd
}

func (a *app) list(asJSON, asMarkdown bool) error {
	c, err := spec.LoadCatalogue()
	if err != nil {
		return broken("loading the catalogue: %v", err)
	}
	if asJSON || asMarkdown {
		all, err := entries(c)
		switch {
		case err != nil:
			return err
		case asJSON:
			return a.printJSON(all)
		}
		return a.written(markdown(a.out, all))
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tLEVEL\tPROFILE\tSTATEMENT")
	for _, e := range c.All() {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.ID, e.Level, e.Profile, e.Statement)
	}
	return a.written(w.Flush())
}

// freeze prints a set for spec/sets.
func (a *app) freeze(name string) error {
	_, c, err := catalogue()
	if err != nil {
		return err
	}
	file, err := spec.Freeze(c, name)
	if err != nil {
		return wrong("%s: %v", a.source("freeze"), err)
	}
	_, err = a.out.Write(file)
	return a.written(err)
}
