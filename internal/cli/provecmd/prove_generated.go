package provecmd

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/prove"
)

// mostGenerated bounds the mutants of one proof.
const mostGenerated = 100_000

// proveGenerated tries generated mutants.
func proveGenerated(a *app.App, cmd *cobra.Command, f proveFlags) error {
	only, err := regexp.Compile(f.only)
	if err != nil {
		return app.Wrong("%s: %s is not a regular expression; check its brackets and escapes (RE2 syntax)", a.Source("only"), app.Shown(f.only))
	}
	for flag, n := range map[string]int{"generated": f.generated, "variants-generated": f.variants} {
		if cmd.Flags().Changed(flag) && (n < 1 || n > mostGenerated) {
			return app.Wrong("%s: %d is not between 1 and %d", a.Source(flag), n, mostGenerated)
		}
	}
	if !slices.Contains(check.Depths(), check.Depth(f.depth)) {
		return app.Wrong("%s: there is no depth %s; there are smoke, standard and deep", a.Source("depth"), app.Shown(f.depth))
	}
	if err := checkConcurrency(a, f); err != nil {
		return err
	}
	suite, err := settings.LoadSuite(nil)
	if err != nil {
		return err
	}
	app.CollectSeldom()
	tried := onTried(a)
	cfg := prove.Config{Only: func(name, family string) bool { return only.MatchString(name) || only.MatchString(family) }, Concurrency: f.concurrency, Depth: check.Depth(f.depth)}
	if tried != nil {
		cfg.Generated = func(t prove.GeneratedTrial) { tried(prove.Trial{Name: t.Name}) }
	}
	var proof *prove.GeneratedProof
	switch {
	case f.generated > 0:
		proof, err = prove.Generated(cmd.Context(), suite, f.generated, f.seed, cfg)
	case f.variants > 0:
		proof, err = prove.GeneratedVariants(cmd.Context(), suite, f.variants, f.seed, cfg)
	default:
		proof, err = prove.Figures(cmd.Context(), suite, cfg)
	}
	if code, ok := app.Interrupted(cmd.Context()); ok {
		return &app.Failure{Code: code, Text: "interrupted: nothing is proved"}
	}
	if err != nil {
		return app.Broken("proving: %v", err)
	}
	if len(proof.Trials) == 0 {
		return app.Wrong("%s: %s matches none of those to be tried", a.Source("only"), app.Shown(f.only))
	}
	switch {
	case f.asJSON:
		err = a.PrintJSON(proof)
	case f.asMarkdown:
		err = generatedMarkdown(a.Out, proof)
	default:
		err = generatedText(a.Out, proof)
	}
	if err != nil {
		return a.Written(err)
	}
	if _, blamed := proof.Blamed(); len(blamed) > 0 {
		return &app.Failure{Code: app.ExitNonConformant, Text: app.Count(len(blamed), "variant") + " blamed"}
	}
	return nil
}

// generatedText prints the survivors, and the numbers by family.
func generatedText(w io.Writer, p *prove.GeneratedProof) error {
	var b strings.Builder
	for _, t := range p.Trials {
		if survived(t) {
			fmt.Fprintf(&b, "survived  %s (changed %d times)\n", t.Name, t.Changed)
		}
	}
	variants, blamed := p.Blamed()
	for _, t := range blamed {
		fmt.Fprintf(&b, "blamed  %s (%s): %s\n", t.Name, t.Verdict, listed(t.Failed))
	}
	if variants > 0 {
		fmt.Fprintf(&b, "\ndepth %s, seed %d: %d of %d variants blamed\n", p.Depth, p.Seed, len(blamed), variants)
	}
	all, reached, killed := p.Counts()
	if all == 0 {
		_, err := io.WriteString(w, b.String())
		return err
	}
	fmt.Fprintln(&b)
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "family\tmutants\treached\tkilled\tsurvived\t")
	for _, n := range byFamily(p) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t\n", n.family, n.all, n.reached, n.killed, n.survived)
	}
	fmt.Fprintf(table, "all\t%d\t%d\t%d\t%d\t\n", all, reached, killed, reached-killed)
	_ = table.Flush()
	fmt.Fprintf(&b, "\ndepth %s, seed %d: %s of %d mutants reached, %s of those killed\n", p.Depth, p.Seed, percent(reached, all), all, percent(killed, reached))
	_, err := io.WriteString(w, b.String())
	return err
}

func percent(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}
