package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/plan"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func planCommand(a *app.App) *cobra.Command {
	var (
		f      settings.RunFlags
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Print every request that a run would send, without sending any",
		Long: `Prints every request that a run would send: probe and step, method and path, whose credential, and the status that
the reference returns; the most accounts alive at once, the rate, and a digest that the report of the run repeats. It
talks to the reference in memory; nothing goes over the network. Without a target the numbers are those of a run to
which the operator supplies everything. A run reads again what a slow target has not stored yet, and repeats the probe of
a failure up to twice; --max-requests and --max-created of the run bound these too.`,
		Args: app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := settings.EngineConfig(a, cmd, &f)
			if err != nil {
				return err
			}
			suite, err := settings.LoadSuite(cfg.Contract)
			if err != nil {
				return err
			}
			plan, err := plan.New(cmd.Context(), suite, cfg, scenario.Together)
			if err != nil {
				return planFault(err)
			}
			if asJSON {
				return a.PrintJSON(plan)
			}
			return a.Written(printPlan(a.Out, plan))
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.TargetFlags.Bind(s)
	f.Tokenless = true
	s.IntVar(&f.Concurrency, "concurrency", 8, "probes at a time, 1 to 64")
	s.BoolVar(&f.NoPreflight, "no-preflight", false, "plan a run without the requests that look for a wrong token, address or proxy")
	f.LimitFlags.Bind(s)
	f.DepthFlags.Bind(s)
	f.BindContract(s)
	s.StringSliceVar(&f.Profiles, "profile", nil, "`PROFILE` to plan for (repeatable): core, token, lifecycle, hardening")
	f.OnlyFlags.Bind(s)
	s.StringVar(&f.Focus, "focus", "", "`REGEXP` over section, id and statement: plan only for what matches")
	s.StringVar(&f.LabelFilter, "label-filter", "", "Ginkgo label `FILTER`: plan only for what matches")
	s.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func planFault(err error) error {
	var mistake *engine.ConfigError
	if errors.As(err, &mistake) {
		return app.Wrong("%s", mistake.Error())
	}
	return app.Broken("planning: %v", err)
}

func printPlan(w io.Writer, plan *plan.Plan) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "PROBE\tSTEP\tMETHOD\tPATH\tIDENTITY\tEXPECTED")
	for _, r := range plan.Requests {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\n", r.Probe, r.Step, r.Method, shortened(r.Path), r.Identity, r.Expected)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(w)
	for _, identity := range slices.Sorted(maps.Keys(plan.Identities)) {
		_, _ = fmt.Fprintf(w, "  as %s: %d\n", identity, plan.Identities[identity])
	}
	_, _ = fmt.Fprintf(w, "%s%s, %s created%s and deleted, at most %d alive at once\n", app.Count(len(plan.Requests), "request"), limit(plan.MaxRequests),
		app.Count(plan.Created, "service account"), limit(plan.MaxCreated), plan.Alive)
	_, _ = fmt.Fprintf(w, "%s at a time, up to %s at once in one of them; %s\n", app.Count(plan.Conversations, "conversation"),
		app.Count(plan.AtOnce, "request"), rate(plan.RPS))
	_, _ = fmt.Fprintf(w, "digest %s\n", plan.Digest)
	return nil
}

// limit says what bounds a number of the plan.
func limit(most int) string {
	if most == 0 {
		return ""
	}
	return fmt.Sprintf(" (limit %d)", most)
}

func rate(rps float64) string {
	if rps == 0 {
		return "the rate is not limited (--rps limits it)"
	}
	return fmt.Sprintf("at most %g requests a second", rps)
}

func shortened(path string) string {
	const most = 100
	if len(path) > most {
		return path[:most] + "…"
	}
	return path
}
