package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exploration"
	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/suites"
)

// exploreFlags are the flags of "conformance explore".
type exploreFlags struct {
	settings.RunFlags

	seed           uint64
	budget, shrink int
	time           time.Duration
	replay, corpus string
}

func exploreCommand(a *app.App) *cobra.Command {
	var f exploreFlags
	cmd := &cobra.Command{
		Use:   "explore",
		Short: "Search a target for contradictions by conversations that a seed chooses",
		Long: `Sends creates, lists, updates, rotations and deletions of its own accounts in an order that a seed chooses, with content,
credentials and bodies out of tables, under the limits, the journal and the clean-up of "conformance run". The model of the
contract judges every response.

A response that contradicts the contract is shown once more before it counts: the conversation is held again, and then made
smaller, as long as it shows the same (--shrink-requests bounds that). What is left is the failure that is reported, and a
file that --replay holds again. With --corpus DIR the file is kept in DIR, and what is there is tried first.

One seed and one version make the same conversations. Exit codes are those of "conformance run"; a contradiction that was
not seen again is 3.`,
		Example: `  conformance explore --reference --seed 7
  conformance explore --target https://identity.example.com --organization 8f0a6bd2-… --budget 3000 --corpus found`,
		Args: app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runExplore(a, cmd, &f) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.Uint64Var(&f.seed, "seed", 0, "what chooses the conversations (default: another one every time)")
	s.IntVar(&f.budget, "budget", 1000, "about how many `REQUESTS` the search sends")
	s.DurationVar(&f.time, "time", 0, "end the search after this time (0: no limit)")
	s.StringVar(&f.replay, "replay", "", "hold the conversation of `FILE` alone")
	s.IntVar(&f.shrink, "shrink-requests", 600, "`REQUESTS` that may make a finding smaller (0: leave it as it is)")
	s.StringVar(&f.corpus, "corpus", "", "`DIR` of conversations that are held first, and that a new finding is added to")
	f.Bind(s)
	return cmd
}

func runExplore(a *app.App, cmd *cobra.Command, f *exploreFlags) error {
	if f.budget < 1 || f.shrink < 0 || f.time < 0 {
		return app.Wrong("%s, %s and %s are numbers from 0 on, the first from 1 on", a.Source("budget"), a.Source("shrink-requests"), a.Source("time"))
	}
	p, err := outcome.Prepare(a, cmd, &f.RunFlags)
	if err != nil {
		return err
	}
	x := exploration.Exploration{Seed: f.seed, Budget: f.budget, Time: f.time, Shrink: f.shrink}
	if !cmd.Flags().Changed("seed") {
		x.Seed = rand.Uint64N(1 << 32) //nolint:gosec // nothing is secret about it
	}
	if x.First, err = scripts(a, f); err != nil {
		return err
	}
	x.Only = f.replay != ""
	suite, err := suites.LoadBy(p.Cfg.Contract)
	if err != nil {
		return app.Broken("exploring: %v", err)
	}
	found, fault := exploration.Explore(cmd.Context(), suite, p.Cfg, x)
	var mistake *engine.ConfigError
	switch {
	case errors.As(fault, &mistake):
		return app.Wrong("%s", mistake.Error())
	case found == nil || found.Result == nil:
		if cmd.Context().Err() != nil {
			return app.Stopped(cmd.Context())
		}
		return app.Broken("exploring: %v", fault)
	}
	conclusion := outcome.ShowResult(cmd.Context(), a, &f.RunFlags, p.Out, p.Door, found.Result, fault)
	return concludeExploration(a, f, x, found, conclusion)
}

// longestScript is the length, in bytes, of the longest file with a conversation that is read.
const longestScript = 1 << 20

// scripts are the conversations that are held first.
func scripts(a *app.App, f *exploreFlags) ([]explore.Script, error) {
	var files []string
	switch {
	case f.replay != "":
		files = []string{f.replay}
	case f.corpus != "":
		found, err := filepath.Glob(filepath.Join(f.corpus, "*.json"))
		if err != nil {
			return nil, app.Wrong("%s: %s cannot be searched", a.Source("corpus"), app.Shown(f.corpus))
		}
		files = found
	}
	slices.Sort(files)
	var all []explore.Script
	for _, file := range files {
		text, err := a.ReadBounded(file, longestScript)
		if len(text) > longestScript {
			return nil, app.Wrong("%s is longer than %d bytes; name a file that explore wrote", app.Shown(file), longestScript)
		}
		if err != nil {
			return nil, app.Wrong("%s cannot be read: %s; name a file that explore wrote", app.Shown(file), app.Cause(err))
		}
		script, err := explore.ParseScript(text)
		if err != nil {
			return nil, app.Wrong("%s: %s; name a file that explore wrote", app.Shown(file), err)
		}
		all = append(all, script)
	}
	return all, nil
}

// concludeExploration says what was searched and found, and ends with the exit code.
func concludeExploration(a *app.App, f *exploreFlags, x exploration.Exploration, found *exploration.Explored, c outcome.Conclusion) error {
	told := fmt.Sprintf("seed %d: %d requests searched", x.Seed, found.Searched)
	switch {
	case found.Script != nil:
		c = outcome.Conclusion{Code: app.ExitNonConformant, Text: app.Meaning(app.ExitNonConformant) + ": " + found.Script.Requirement + " is contradicted"}
		told += fmt.Sprintf(", 1 contradiction of %s in %d operations (%d requests to make it smaller)", found.Script.Requirement, len(found.Script.Operations), found.Shrunk)
		text, err := found.Script.Encode()
		if err != nil {
			return app.Broken("writing the finding: %v", err)
		}
		name := strings.ReplaceAll(found.Script.Requirement, ".", "-") + fmt.Sprintf("-%d.json", x.Seed)
		switch dir := orElse(f.corpus, f.Out); {
		case dir != "":
			if err := os.MkdirAll(dir, 0o750); err != nil {
				return app.Broken("writing the finding: %v", err)
			}
			path := filepath.Join(dir, name)
			if err := app.WriteTo(path, text, 0o600); err != nil {
				return app.Broken("writing the finding: %v", err)
			}
			told += "; replay it with: conformance explore --replay " + app.Shown(path)
		default:
			told += "; --corpus DIR keeps it"
		}
	case found.Unrepeated != "":
		told += fmt.Sprintf(", %s failed once and not again, which does not count", found.Unrepeated)
		c = outcome.Conclusion{Code: app.ExitUntold, Text: app.Meaning(app.ExitUntold) + ": a contradiction was not seen again"}
	}
	if _, err := fmt.Fprintln(a.Out, found.Secrets.RedactString(told)); err != nil {
		return app.Broken("writing to standard output: %v", app.RootCause(err))
	}
	outcome.ConcludeRun(a, found.Result, c)
	return nil
}

func orElse(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
