// Package provecmd holds the command prove: it tries the suite against defects and legal variants of the reference. It prints what
// internal/prove finds.
package provecmd

import (
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/proof"
	"github.com/sa-conformance/conformance/internal/prove"
)

// proveFlags are the flags of "conformance prove".
type proveFlags struct {
	only                              string
	concurrency                       int
	generated, variants               int
	depth                             string
	seed                              uint64
	asJSON, asJUnit, asMarkdown, summ bool
}

func ProveCommand(a *app.App) *cobra.Command {
	var f proveFlags
	cmd := &cobra.Command{
		Use:   "prove",
		Short: "Try the suite against every named defect and every legal variant",
		Long: `Judges the reference once for every named defect and every legal variant, and prints the kill matrix: for each
defect whether the requirement that is meant to find it failed, and what else failed with it; for each variant
whether anything failed; for each requirement which defects prove that it can fail.

Exits 1 if a defect survives, a variant is blamed, a requirement is proved by no defect, or no defect shows that a failure
follows from another one as the catalogue says.

With --generated it tries mutants of the reference in place of the named defects: each
combines faults that the seed chooses. It prints how many of them the suite reached, how many of those it killed, and
the survivors, and exits 0. With --variants-generated it tries legal variants, each of which takes several liberties that the
seed chooses, and exits 1 if one is blamed. With --depth it prints what a run of that depth kills of all named defects, and
exits 1 if it blames a variant; a defect is killed if a MUST fails, whichever it is.

A release runs "make proof", which writes the summary to internal/proof/proof.json and the page to docs/proof.md. Reports show
that proof, and whether it is of the catalogue that they judge by; "conformance version --verbose" shows it, too. A change of
the catalogue does not need a new proof.`,
		Args: app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("generated") || cmd.Flags().Changed("variants-generated") || cmd.Flags().Changed("depth") {
				return proveGenerated(a, cmd, f)
			}
			return runProve(a, cmd, f)
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.only, "only", "", "`REGEXP` over names and families: try only what matches")
	s.IntVar(&f.concurrency, "concurrency", 0, "trials at a time (default: 6 for each core)")
	s.IntVar(&f.generated, "generated", 0, "try `N` generated mutants")
	s.IntVar(&f.variants, "variants-generated", 0, "try `N` generated legal variants")
	s.Uint64Var(&f.seed, "seed", 1, "which mutants and variants are generated")
	s.StringVar(&f.depth, "depth", "standard", "count what a run of this depth kills: smoke, standard or deep")
	s.BoolVar(&f.asJSON, "json", false, "print JSON")
	s.BoolVar(&f.asJUnit, "junit", false, "print JUnit XML")
	s.BoolVar(&f.asMarkdown, "markdown", false, "print Markdown, as docs/proof.md holds it")
	s.BoolVar(&f.summ, "summary", false, "print the numbers with the version of the suite, the date and the digest of the catalogue,\nas internal/proof/proof.json holds them")
	cmd.MarkFlagsMutuallyExclusive("generated", "variants-generated")
	cmd.MarkFlagsMutuallyExclusive("json", "junit", "markdown", "summary")
	for _, format := range []string{"junit", "markdown", "summary"} {
		for _, kind := range []string{"generated", "variants-generated", "depth"} {
			if kind != "generated" || format != "markdown" {
				cmd.MarkFlagsMutuallyExclusive(kind, format)
			}
		}
	}
	return cmd
}

func runProve(a *app.App, cmd *cobra.Command, f proveFlags) error {
	only, err := regexp.Compile(f.only)
	if err != nil {
		return app.Wrong("%s: %s is not a regular expression; check its brackets and escapes (RE2 syntax)", a.Source("only"), app.Shown(f.only))
	}
	if err := checkConcurrency(a, f); err != nil {
		return err
	}
	suite, err := settings.LoadSuite(nil)
	if err != nil {
		return err
	}
	app.CollectSeldom()
	result, err := prove.Run(cmd.Context(), suite, prove.Config{
		Only:        func(name, family string) bool { return only.MatchString(name) || only.MatchString(family) },
		Concurrency: f.concurrency, Tried: onTried(a),
	})
	if code, ok := app.Interrupted(cmd.Context()); ok {
		return &app.Failure{Code: code, Text: "interrupted: nothing is proved"}
	}
	if err != nil {
		return app.Broken("proving: %v", err)
	}
	if len(result.Defects)+len(result.Variants) == 0 {
		return app.Wrong("%s: %s matches no defect and no variant; conformance serve --list shows what there is", a.Source("only"), app.Shown(f.only))
	}
	whole := f.only == ""
	switch {
	case f.asJSON:
		err = a.PrintJSON(result)
	case f.summ:
		err = a.PrintJSON(summary(a, result))
	case f.asJUnit:
		err = proofJUnit(a.Out, result, whole, time.Now())
	case f.asMarkdown:
		err = proofMarkdown(a.Out, result, summary(a, result))
	default:
		err = proofText(a.Out, result, whole)
	}
	if err != nil {
		return a.Written(err)
	}
	if survived, blamed := result.Survivors(), result.Blamed(); len(survived)+len(blamed) > 0 || whole && len(result.Unproved)+len(result.UnprovedEdges) > 0 {
		unproved, edges := 0, 0
		if whole {
			unproved, edges = len(result.Unproved), len(result.UnprovedEdges)
		}
		return &app.Failure{Code: app.ExitNonConformant, Text: fmt.Sprintf("not proved: %s survived, %s blamed, %s and %s unproved",
			app.Count(len(survived), "defect"), app.Count(len(blamed), "variant"), app.Count(unproved, "requirement"), app.Count(edges, "cause"))}
	}
	return nil
}

// summary is the proof in numbers, with the version of this suite and the day of today.
func summary(a *app.App, p *prove.Proof) proof.Summary {
	s := p.Summary()
	s.Version, s.Date = a.Build.Version, time.Now().UTC().Format(time.DateOnly)
	return s
}

func checkConcurrency(a *app.App, f proveFlags) error {
	if f.concurrency < 0 || f.concurrency > 64 {
		return app.Wrong("%s: %d is not between 1 and 64", a.Source("concurrency"), f.concurrency)
	}
	return nil
}

// onTried tells on a terminal how far the trials are.
func onTried(a *app.App) func(prove.Trial) {
	if !outcome.Watched(a) {
		return nil
	}
	var mu sync.Mutex
	done := 0
	return func(t prove.Trial) {
		mu.Lock()
		defer mu.Unlock()
		done++
		a.PrintErr("\r\x1b[K%d tried, last %s", done, t.Name)
	}
}
