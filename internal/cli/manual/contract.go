package manual

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/drift"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

func ContractCommand(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "contract",
		Short: "Compare the contract with the OpenAPI document of a target",
		Args:  cobra.ArbitraryArgs,
		RunE: func(*cobra.Command, []string) error {
			return app.Wrong(`"conformance contract" takes the command diff; see "conformance contract diff --help"`)
		},
	}
	cmd.AddCommand(contractDiffCommand(a))
	return cmd
}

func contractDiffCommand(a *app.App) *cobra.Command {
	var asJSON, asMarkdown bool
	cmd := &cobra.Command{
		Use:   "diff FILE|URL",
		Short: "Tell in what an OpenAPI document differs from the contract",
		Long: `Compares an OpenAPI 3 document (a file, an http or https URL, or - for standard input) with the contract, by oasdiff and for the
operations of the contract alone. It says for each difference whether clients may break on it, and which requirements rest on
what is different. Only the document is read; nothing else is sent.

Exit codes: 0 compared, 2 the document cannot be read.`,
		Example: `  conformance contract diff openapi.yaml
  conformance contract diff https://identity.example.com/openapi.json --markdown`,
		Args: app.OneArgument("document"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return contractDiff(cmd.Context(), a, args[0], asJSON, asMarkdown)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&asMarkdown, "markdown", false, "print Markdown")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown")
	return cmd
}

func contractDiff(ctx context.Context, a *app.App, from string, asJSON, asMarkdown bool) error {
	text, err := settings.Document(ctx, a, from)
	if err != nil {
		return app.Wrong("%s cannot be read: %s; name a file or a URL with an OpenAPI document", app.Shown(from), report.Printable(app.RootCause(err)))
	}
	_, c, err := app.Catalogue()
	if err != nil {
		return err
	}
	d, err := drift.Compare(text, c.All())
	switch {
	case err != nil:
		return app.Wrong("%s: %s", app.Shown(from), report.Shorten(report.Printable(err.Error()), report.LineLength))
	case asJSON:
		return a.PrintJSON(d)
	}
	_, err = io.WriteString(a.Out, driftText(d, asMarkdown))
	return a.Written(err)
}

// driftText tells of a comparison; its first line is the summary.
func driftText(d *drift.Drift, asMarkdown bool) string {
	show := report.Printable
	if asMarkdown {
		show = report.CodeSpan
	}
	if d.Agrees {
		return fmt.Sprintf("The document (version %s) agrees with the contract (version %s) in its operations.\n", show(d.Theirs), show(d.Ours))
	}
	breaking := 0
	for _, x := range d.Differences {
		if x.Breaking {
			breaking++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The document (version %s) differs from the contract (version %s) in %s, of which %d may break clients.\n",
		show(d.Theirs), show(d.Ours), report.Plural(len(d.Differences), "point", "points"), breaking)
	operation := "\x00"
	for _, x := range d.Differences {
		if x.Operation != operation {
			operation = x.Operation
			if operation == "" {
				fmt.Fprintf(&b, "\n%s\n\n", "The document as a whole")
			} else {
				fmt.Fprintf(&b, "\n%s\n\n", show(operation))
			}
		}
		mark := "-"
		if x.Breaking {
			mark = "- breaking:"
		}
		fmt.Fprintf(&b, "%s %s\n", mark, show(x.Text))
		if len(x.Requirements) > 0 {
			fmt.Fprintf(&b, "  Requirements: %s\n", idsOf(x.Requirements, asMarkdown))
		}
	}
	return b.String()
}

// idsOf lists ids, in Markdown as links to their pages.
func idsOf(ids []string, asMarkdown bool) string {
	if !asMarkdown {
		return report.SomeIDs(ids)
	}
	var links []string
	for _, id := range ids[:min(len(ids), report.FewIDs)] {
		links = append(links, fmt.Sprintf("[%s](%s)", id, spec.Page(id)))
	}
	text := strings.Join(links, ", ")
	if more := len(ids) - len(links); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
