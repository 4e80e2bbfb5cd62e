package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/suites"
)

func (a *app) planCommand() *cobra.Command {
	var (
		profiles           []string
		focus, labelFilter string
		asJSON             bool
	)
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Print every request that a run would send, without sending any",
		Long: `Prints every request that a run would send: probe and step, method and path, whose credential, and the status that
the reference answers. It talks to the reference in memory; nothing goes over the network. The numbers are those of a
run to which the operator supplies everything; slow targets are asked again for what they have not stored yet.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			chosen, err := a.chosenProfiles(profiles)
			if err != nil {
				return err
			}
			plan, err := suites.Foresee(cmd.Context(), suites.Config{Profiles: chosen, Focus: focus, LabelFilter: labelFilter})
			if err != nil {
				return planFault(err)
			}
			if asJSON {
				return a.printJSON(plan)
			}
			return a.written(printPlan(a.out, plan))
		},
	}
	s := cmd.Flags()
	s.StringSliceVar(&profiles, "profile", nil, "`PROFILE` to plan for (repeatable): core, token, lifecycle, hardening")
	s.StringVar(&focus, "focus", "", "`REGEXP` over section, id and statement: plan only for what matches")
	s.StringVar(&labelFilter, "label-filter", "", "Ginkgo label `FILTER`: plan only for what matches")
	s.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func planFault(err error) error {
	var mistake *suites.ConfigError
	if errors.As(err, &mistake) {
		return wrong("%s", mistake.Error())
	}
	return broken("planning: %v", err)
}

func printPlan(w io.Writer, plan *suites.Plan) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "PROBE\tSTEP\tMETHOD\tPATH\tIDENTITY\tEXPECTED")
	for _, r := range plan.Requests {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\n", r.Probe, r.Step, r.Method, shortened(r.Path), r.Identity, r.Expected)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(w, "\n%s, %s created and deleted\n", count(len(plan.Requests), "request"), count(plan.Created, "service account"))
	for _, identity := range slices.Sorted(maps.Keys(plan.Identities)) {
		_, _ = fmt.Fprintf(w, "  as %s: %d\n", identity, plan.Identities[identity])
	}
	return nil
}

func shortened(path string) string {
	const most = 100
	if len(path) > most {
		return path[:most] + "…"
	}
	return path
}
