// Package fleetcmd holds the command fleet: many targets of the configuration file in one process, or a share of them. A bucket can hold
// what the shares find.
package fleetcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/fleet"
	"github.com/sa-conformance/conformance/internal/paths"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

// fleetFlags are the flags of "conformance fleet".
type fleetFlags struct {
	config      string
	targets     []string
	out         string
	bucket      string
	atOnce      int
	index       int
	count       int
	resume      bool
	merge       string
	profiles    []string
	quiet       bool
	strict      bool
	accept      bool
	concurrency int
	rps         float64
}

func FleetCommand(a *app.App) *cobra.Command {
	var f fleetFlags
	cmd := &cobra.Command{
		Use:   "fleet",
		Short: "Judge all targets of the configuration file, side by side",
		Long: `Judges all targets of conformance.yaml, or those that --only-target names, side by side in one process. Each has its own limits, journal and
reports, as its entry in the file says; "run" of the file and the flags below are for all of them. The entry has to say where
the credentials come from: the variables of a single run (CONFORMANCE_TOKEN and so on) are sent to no target of a fleet.

In the directory of --out each target has a directory with report.json, journal.jsonl and entry.json; fleet.html and fleet.json are about
all of them. What an earlier run left on a target is removed before it is judged, if its journal is still there.

Several processes share the targets with --share-index and --share-count, or JOB_COMPLETION_INDEX and JOB_COMPLETIONS, which an
indexed Job of Kubernetes sets. With --resume a process that was restarted goes on where it was. "conformance fleet --merge DIR" then
makes the pages of all shares, and says which targets are missing.

With --bucket the results and the journals are kept in an S3-compatible bucket, too, where --resume and --merge find them. The
variables of the tools of AWS say where it is and who may write: AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_WEB_IDENTITY_TOKEN_FILE.

Exit codes: the highest of those of the targets, which are those of "conformance run"; 3 if a target is missing.`,
		Example: `  conformance fleet --out fleet
  conformance fleet --only-target eu --only-target us --out fleet
  conformance fleet --merge fleet`,
		Args: app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.merge != "" {
				return mergeFleet(cmd.Context(), a, &f)
			}
			return runFleet(a, cmd, &f)
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.config, "config", app.ConfigName, "configuration `FILE`")
	s.StringSliceVar(&f.targets, "only-target", nil, "`NAME` of a target (repeatable; default: all)")
	s.StringVar(&f.out, "out", "fleet", "`DIR` for the reports and the journals")
	s.StringVar(&f.bucket, "bucket", "", "`URL` of a bucket for the results, s3://BUCKET/FOLDER")
	s.IntVar(&f.atOnce, "at-once", 12, "`NUMBER` of targets at a time")
	s.IntVar(&f.index, "share-index", -1, "`NUMBER` of this process, from 0 (default: JOB_COMPLETION_INDEX)")
	s.IntVar(&f.count, "share-count", 0, "`NUMBER` of processes (default: JOB_COMPLETIONS)")
	s.BoolVar(&f.resume, "resume", false, "judge only targets that have no entry in --out yet")
	s.StringVar(&f.merge, "merge", "", "`DIR` that processes wrote with --out: make fleet.html and fleet.json, and judge nothing")
	s.StringSliceVar(&f.profiles, "profile", nil, "`PROFILE` to judge (repeatable): core, token, lifecycle, hardening")
	s.IntVar(&f.concurrency, "concurrency", 0, "probes at a time and target (default 8)")
	s.Float64Var(&f.rps, "rps", 0, "`NUMBER` of requests a second and target at most (0: no limit)")
	s.BoolVar(&f.strict, "strict", false, "a failed SHOULD is an error, not a warning")
	s.BoolVar(&f.accept, "accept-incomplete", false, "exit 0, not 3, if a verdict is incomplete")
	s.BoolVar(&f.quiet, "quiet", false, "no line for each target that is finished")
	for _, flag := range []string{"out", "merge", "only-target", "resume"} {
		_ = s.SetAnnotation(flag, app.Elsewhere, []string{"fleet-" + flag}) // of a flag that is there
	}
	return cmd
}

// shareOf is the part of this process: index of count.
func shareOf(a *app.App, f *fleetFlags) (index, count int, err error) {
	number := func(given int, missing bool, variable string) (int, error) {
		text, set := a.Lookup(variable)
		if !missing || !set || text == "" {
			return given, nil
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0, app.Wrong("%s: %s is not a whole number", variable, app.Shown(text))
		}
		return n, nil
	}
	if index, err = number(f.index, f.index < 0, "JOB_COMPLETION_INDEX"); err != nil {
		return 0, 0, err
	}
	if count, err = number(f.count, f.count == 0, "JOB_COMPLETIONS"); err != nil {
		return 0, 0, err
	}
	switch {
	case index < 0 && count == 0:
		return 0, 1, nil
	case count < 1:
		return 0, 0, app.Wrong("there is the number of this process and not how many there are; add --share-count NUMBER or set JOB_COMPLETIONS")
	case index < 0:
		return 0, 0, app.Wrong("there are %d processes and not the number of this one; add --share-index NUMBER or set JOB_COMPLETION_INDEX", count)
	case index >= count:
		return 0, 0, app.Wrong("the number of this process is %d, and there are %d, which are counted from 0", index, count)
	}
	return index, count, nil
}

// namesOfFleet are the names of all targets that were asked for, sorted.
func namesOfFleet(a *app.App, f *fleetFlags) (names []string, err error) {
	file, writable, err := a.ReadConfig(a.Source("config"), f.config)
	if err != nil {
		return nil, err
	}
	a.Parsed = &app.ParsedConfig{Path: f.config, File: file, Writable: writable}
	for _, t := range file.Targets {
		if !fleet.ValidName(t.Text) {
			return nil, app.Wrong("%s:%d: the name %s cannot be that of a directory of a fleet on every system; take another one of letters, digits, dashes and periods",
				f.config, t.Line, app.Shown(t.Text))
		}
		if i := slices.IndexFunc(names, func(name string) bool { return paths.Same(name, t.Text) }); i >= 0 {
			return nil, app.Wrong("%s:%d: the names %s and %s differ in letter case only, and some systems take them for one directory; rename one of them",
				f.config, t.Line, app.Shown(names[i]), app.Shown(t.Text))
		}
		names = append(names, t.Text)
	}
	slices.Sort(names)
	if len(names) == 0 {
		return nil, app.Wrong("%s names no targets; conformance init writes an example", f.config)
	}
	if len(f.targets) == 0 {
		return names, nil
	}
	for _, name := range f.targets {
		if !slices.Contains(names, name) {
			return nil, app.Wrong("%s: there is no target %s in %s; near it: %s", a.Source("only-target"), app.Shown(name), f.config,
				strings.Join(app.Nearest(name[:min(len(name), 100)], names), ", "))
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(f.targets))), nil
}

func mergeFleet(ctx context.Context, a *app.App, f *fleetFlags) error {
	defer a.Reads()()
	s, err := openStore(a, f.bucket, f.merge)
	if err != nil {
		return err
	}
	if err := s.fetchFleet(ctx); err != nil {
		return app.Wrong("%s: %s; name a bucket that \"conformance fleet --bucket\" wrote", a.Source("bucket"), report.Printable(err.Error()))
	}
	merged, err := fleet.Read(f.merge)
	if err != nil {
		return app.Wrong("%s: %s; name a directory that \"conformance fleet --out\" wrote", a.Source("merge"), report.Printable(err.Error()))
	}
	return concludeFleet(ctx, a, f.merge, merged, s)
}

// concludeFleet prints the table, writes page and summary, and says what the exit code means.
func concludeFleet(ctx context.Context, a *app.App, dir string, f *fleet.Fleet, s *store) error {
	var page, summary bytes.Buffer
	encoder := json.NewEncoder(&summary)
	encoder.SetIndent("", "  ")
	err := f.Page(&page)
	if err == nil {
		err = encoder.Encode(f)
	}
	if err != nil {
		return app.Broken("%v", err)
	}
	for name, data := range map[string][]byte{fleet.PageFile: page.Bytes(), fleet.SummaryFile: summary.Bytes()} {
		if err := outcome.WriteFile(filepath.Join(dir, name), redact.New(), data); err != nil {
			return app.Broken("writing %s: %s", name, app.Cause(err))
		}
		if err := s.put(ctx, name); err != nil {
			return app.Broken("%s", report.Printable(err.Error()))
		}
	}
	if err := f.Table(a.Out); err != nil {
		return a.Written(err)
	}
	a.Code = f.ExitCode
	_, err = io.WriteString(a.Out, outcome.Conclusion{Code: f.ExitCode, Text: fleetText(f)}.Line())
	return a.Written(err)
}

func fleetText(f *fleet.Fleet) string {
	passed := 0
	for _, e := range f.Targets {
		if e.ExitCode == app.ExitConformant {
			passed++
		}
	}
	text := fmt.Sprintf("%d of %s passed", passed, app.Count(len(f.Targets)+len(f.Missing), "target"))
	if len(f.Missing) > 0 {
		text += ", missing: " + report.SomeIDs(f.Missing)
	}
	return text
}

// writeJSON writes a value as a whole file or not at all.
func writeJSON(path string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding %s: %w", filepath.Base(path), err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return outcome.WriteFile(path, redact.New(), append(data, '\n'))
}
