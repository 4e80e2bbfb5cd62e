// Package manual holds the commands that tell about the suite itself: list, explain, contract, version, init and man. They need no
// target.
package manual

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/spec"
)

func ListCommand(a *app.App) *cobra.Command {
	var (
		asJSON, asMarkdown bool
		freeze, pages      string
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the requirements that the suite judges",
		Args:  app.NoArguments,
		RunE: func(*cobra.Command, []string) error {
			switch {
			case freeze != "":
				return freezeSet(a, freeze)
			case pages != "":
				return writePages(a, pages)
			}
			return runList(a, asJSON, asMarkdown)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&asMarkdown, "markdown", false, "print Markdown, as docs/requirements.md holds it")
	cmd.Flags().StringVar(&freeze, "freeze", "", "print the requirement set of this `NAME`, as spec/sets holds them")
	cmd.Flags().StringVar(&pages, "pages", "", "write a page for each requirement to this `DIR`, as docs/requirements holds them")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown", "freeze", "pages")
	return cmd
}

func runList(a *app.App, asJSON, asMarkdown bool) error {
	c, err := spec.LoadCatalogue()
	if err != nil {
		return app.Broken("loading the catalogue: %v", err)
	}
	if asJSON || asMarkdown {
		all, err := entries(c)
		switch {
		case err != nil:
			return err
		case asJSON:
			return a.PrintJSON(all)
		}
		return a.Written(markdown(a.Out, all))
	}
	w := tabwriter.NewWriter(a.Out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tLEVEL\tPROFILE\tSTATEMENT")
	for _, e := range c.All() {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.ID, e.Level, e.Profile, e.Statement)
	}
	return a.Written(w.Flush())
}

// freezeSet prints a set for spec/sets.
func freezeSet(a *app.App, name string) error {
	_, c, err := app.Catalogue()
	if err != nil {
		return err
	}
	file, err := spec.Freeze(c, name)
	if err != nil {
		return app.Wrong("%s: %v", a.Source("freeze"), err)
	}
	_, err = a.Out.Write(file)
	return a.Written(err)
}
