package settings

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
)

// OnlyFlags name single requirements.
type OnlyFlags struct {
	only  []string
	rerun string
}

func (f *OnlyFlags) Bind(s *pflag.FlagSet) {
	s.StringSliceVar(&f.only, "only", nil, "`ID` of a requirement to judge (repeatable)")
	s.StringVar(&f.rerun, "rerun-failed", "", "report.json `FILE` of an earlier run: judge what failed or was unstable in it")
}

// chooseOnly fills in the requirements that were named, for a run against a target ("": the reference).
func chooseOnly(a *app.App, f *OnlyFlags, target string, cfg *engine.Config) error {
	if len(f.only) == 0 && f.rerun == "" {
		return nil
	}
	_, c, err := app.Catalogue()
	if err != nil {
		return err
	}
	for _, id := range f.only {
		if _, ok := c.Find(id); !ok {
			return app.Wrong("%s: there is no requirement %s; near it: %s; \"conformance list\" lists all", a.Source("only"), app.Shown(id),
				strings.Join(app.Nearest(id[:min(len(id), 100)], app.Identifiers(c)), ", "))
		}
	}
	cfg.Only = slices.Clone(f.only)
	if f.rerun == "" {
		return nil
	}
	old, err := a.ReadReport("rerun-failed", f.rerun)
	if err != nil {
		return err
	}
	var gone []string
	cfg.Within = map[string][]string{}
	for _, result := range old.Results {
		if !result.Outcome.Broke() || result.Owner != "" {
			continue
		}
		if _, ok := c.Find(result.ID); !ok {
			gone = append(gone, report.Printable(result.ID))
			continue
		}
		cfg.Only = append(cfg.Only, result.ID)
		cfg.Within[result.ID] = conversationsOf(old, result)
	}
	if len(gone) > 0 {
		a.Warn("%s: %s failed and is not in this catalogue any more", a.Source("rerun-failed"), report.SomeIDs(gone))
	}
	if len(cfg.Only) == 0 {
		return app.Wrong("%s: no requirement failed or was unstable in %s, so that there is nothing to judge again", a.Source("rerun-failed"), app.Shown(f.rerun))
	}
	if target = strings.TrimRight(target, "/"); target != "" && old.Target.URL != target {
		a.Warn("%s: that run judged %s, and this one judges %s", a.Source("rerun-failed"), report.Printable(old.Target.URL), report.Printable(target))
	}
	return nil
}

// conversationsOf are the conversations of the exchanges that showed a failure.
func conversationsOf(r *report.Report, result report.Result) (names []string) {
	for _, e := range r.Exchanges {
		if !slices.Contains(result.Evidence, e.ID) {
			continue
		}
		name, _, _ := strings.Cut(e.Probe, " (attempt ")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// CompleteOnly lets shells complete the ids of requirements. The catalogue is read when a shell asks, not at every start.
func CompleteOnly(cmd *cobra.Command) {
	err := cmd.RegisterFlagCompletionFunc("only", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		_, c, err := app.Catalogue()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return app.Identifiers(c), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the flag does not exist, or has completions already
	}
}
