package cli

import (
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
)

// onlyFlags name single requirements.
type onlyFlags struct {
	only  []string
	rerun string
}

func (f *onlyFlags) bind(s *pflag.FlagSet) {
	s.StringSliceVar(&f.only, "only", nil, "`ID` of a requirement to judge (repeatable)")
	s.StringVar(&f.rerun, "rerun-failed", "", "report.json `FILE` of an earlier run: judge what failed or was unstable in it")
}

// choose fills in the requirements that were named, for a run against a target ("": the reference).
func (a *app) choose(f *onlyFlags, target string, cfg *engine.Config) error {
	if len(f.only) == 0 && f.rerun == "" {
		return nil
	}
	_, c, err := catalogue()
	if err != nil {
		return err
	}
	for _, id := range f.only {
		if _, ok := c.Find(id); !ok {
			return wrong("%s: there is no requirement %s; near it: %s; \"conformance list\" lists all", a.source("only"), shown(id),
				strings.Join(nearest(id[:min(len(id), 100)], identifiers(c)), ", "))
		}
	}
	cfg.Only = slices.Clone(f.only)
	if f.rerun == "" {
		return nil
	}
	old, err := a.readReport("rerun-failed", f.rerun)
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
		a.warn("%s: %s failed and is not in this catalogue any more", a.source("rerun-failed"), report.SomeIDs(gone))
	}
	if len(cfg.Only) == 0 {
		return wrong("%s: no requirement failed or was unstable in %s, so that there is nothing to judge again", a.source("rerun-failed"), shown(f.rerun))
	}
	if target = strings.TrimRight(target, "/"); target != "" && old.Target.URL != target {
		a.warn("%s: that run judged %s, and this one judges %s", a.source("rerun-failed"), report.Printable(old.Target.URL), report.Printable(target))
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

// readReport reads the report.json that a flag names, or an argument ("").
func (a *app) readReport(flag, path string) (*report.Report, error) {
	defer a.reads()()
	file, err := os.Open(path)
	source := ""
	if flag != "" {
		source = a.source(flag) + ": "
	}
	if err != nil {
		return nil, wrong("%s%s cannot be read: %s; name a report.json", source, shown(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	r, err := reportjson.Read(io.LimitReader(file, maxRun))
	if err != nil {
		return nil, wrong("%s%s: %s; name a report.json that \"conformance run --out\" wrote", source, shown(path), report.Printable(err.Error()))
	}
	return r, nil
}

// completeOnly lets shells complete the ids of requirements. The catalogue is read when a shell asks, not at every start.
func completeOnly(cmd *cobra.Command) {
	err := cmd.RegisterFlagCompletionFunc("only", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		_, c, err := catalogue()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return identifiers(c), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the flag does not exist, or has completions already
	}
}
