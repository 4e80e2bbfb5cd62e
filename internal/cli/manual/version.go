package manual

import (
	"cmp"
	"fmt"
	"runtime"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/proof"
)

// versions says which judge this is.
type versions struct {
	Version         string `json:"version"`
	Commit          string `json:"commit,omitempty"`
	Modified        bool   `json:"modified"`
	Go              string `json:"go"`
	Platform        string `json:"platform"`
	ContractVersion string `json:"contractVersion"`
	ContractDigest  string `json:"contractDigest"`
	CatalogueDigest string `json:"catalogueDigest"`
	Requirements    int    `json:"requirements"`
	// Proof is the kill score that this suite was released with.
	Proof proof.Summary `json:"proof"`
}

func VersionCommand(a *app.App) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the suite, the contract and the catalogue",
		Args:  app.NoArguments,
		RunE:  func(*cobra.Command, []string) error { return version(a, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func version(a *app.App, asJSON bool) error {
	contract, c, err := app.Catalogue()
	if err != nil {
		return err
	}
	proof, err := proof.Released()
	if err != nil {
		return app.Broken("%v", err)
	}
	v := versions{
		Proof:           proof,
		Version:         a.Build.Version,
		Commit:          a.Build.Commit,
		Modified:        a.Build.Modified,
		Go:              a.Build.Go,
		Platform:        runtime.GOOS + "/" + runtime.GOARCH,
		ContractVersion: contract.Version(),
		ContractDigest:  contract.Digest(),
		CatalogueDigest: c.Digest(),
		Requirements:    len(c.All()),
	}
	if asJSON {
		return a.PrintJSON(v)
	}
	_, err = a.Out.Write([]byte(v.text(a.Verbose)))
	return a.Written(err)
}

// text shows the digests whole or, for a reader, by their first digits.
func (v versions) text(verbose bool) string {
	digest := func(whole string) string {
		if verbose {
			return whole
		}
		return whole[:min(len("sha256:")+12, len(whole))]
	}
	commit := cmp.Or(v.Commit, "unknown")
	if v.Modified {
		commit += " (modified)"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "conformance\t%s\n", v.Version)
	_, _ = fmt.Fprintf(w, "commit\t%s\n", commit)
	_, _ = fmt.Fprintf(w, "go\t%s\n", v.Go)
	_, _ = fmt.Fprintf(w, "contract\t%s\t%s\n", v.ContractVersion, digest(v.ContractDigest))
	_, _ = fmt.Fprintf(w, "catalogue\t%s\t%s\n", app.Count(v.Requirements, "requirement"), digest(v.CatalogueDigest))
	if verbose {
		_, _ = fmt.Fprintf(w, "platform\t%s\n", v.Platform)
		_, _ = fmt.Fprintf(w, "proof\t%s\n", Totals(v.Proof))
		of := "this catalogue"
		if v.Proof.Catalogue != v.CatalogueDigest {
			of = "another catalogue, " + v.Proof.Catalogue
		}
		_, _ = fmt.Fprintf(w, "proved\tsuite %s on %s, with %s\n", v.Proof.Version, v.Proof.Date, of)
	}
	_ = w.Flush()
	return b.String()
}

func Totals(s proof.Summary) string {
	return fmt.Sprintf("%d of %d defects killed, %d of %d variants spared, %d of %d requirements proved, %.2f requirements blamed for a defect on average",
		s.Killed, s.Defects, s.Spared, s.Variants, s.Proved, s.Requirements, s.Blame)
}
