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

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/suites"
)

// exploreFlags are the flags of "conformance explore".
type exploreFlags struct {
	runFlags

	seed           uint64
	budget, shrink int
	time           time.Duration
	replay, corpus string
}

func (a *app) exploreCommand() *cobra.Command {
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
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.explore(cmd, &f) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.Uint64Var(&f.seed, "seed", 0, "what chooses the conversations (default: another one every time)")
	s.IntVar(&f.budget, "budget", 1000, "about how many `REQUESTS` the search sends")
	s.DurationVar(&f.time, "time", 0, "end the search after this time (0: no limit)")
	s.StringVar(&f.replay, "replay", "", "hold the conversation of `FILE` alone")
	s.IntVar(&f.shrink, "shrink-requests", 600, "`REQUESTS` that may make a finding smaller (0: leave it as it is)")
	s.StringVar(&f.corpus, "corpus", "", "`DIR` of conversations that are held first, and that a new finding is added to")
	f.bind(s)
	return cmd
}

func (a *app) explore(cmd *cobra.Command, f *exploreFlags) error {
	if f.budget < 1 || f.shrink < 0 || f.time < 0 {
		return wrong("%s, %s and %s are numbers from 0 on, the first from 1 on", a.source("budget"), a.source("shrink-requests"), a.source("time"))
	}
	p, err := a.prepare(cmd, &f.runFlags)
	if err != nil {
		return err
	}
	x := suites.Exploration{Seed: f.seed, Budget: f.budget, Time: f.time, Shrink: f.shrink}
	if !cmd.Flags().Changed("seed") {
		x.Seed = rand.Uint64N(1 << 32) //nolint:gosec // nothing is secret about it
	}
	if x.First, err = a.scripts(f); err != nil {
		return err
	}
	x.Only = f.replay != ""
	found, fault := suites.Explore(cmd.Context(), p.cfg, x)
	var mistake *engine.ConfigError
	switch {
	case errors.As(fault, &mistake):
		return wrong("%s", mistake.Error())
	case found == nil || found.Result == nil:
		if cmd.Context().Err() != nil {
			return stopped(cmd.Context())
		}
		return broken("exploring: %v", fault)
	}
	conclusion := a.show(cmd.Context(), &f.runFlags, p.out, p.door, found.Result, fault)
	return a.concludeExploration(f, x, found, conclusion)
}

// longestScript is the length, in bytes, of the longest file with a conversation that is read.
const longestScript = 1 << 20

// scripts are the conversations that are held first.
func (a *app) scripts(f *exploreFlags) ([]explore.Script, error) {
	var files []string
	switch {
	case f.replay != "":
		files = []string{f.replay}
	case f.corpus != "":
		found, err := filepath.Glob(filepath.Join(f.corpus, "*.json"))
		if err != nil {
			return nil, wrong("%s: %s cannot be searched", a.source("corpus"), shown(f.corpus))
		}
		files = found
	}
	slices.Sort(files)
	var all []explore.Script
	for _, file := range files {
		text, err := a.readBounded(file, longestScript)
		if len(text) > longestScript {
			return nil, wrong("%s is longer than %d bytes; name a file that explore wrote", shown(file), longestScript)
		}
		if err != nil {
			return nil, wrong("%s cannot be read: %s; name a file that explore wrote", shown(file), cause(err))
		}
		script, err := explore.ParseScript(text)
		if err != nil {
			return nil, wrong("%s: %s; name a file that explore wrote", shown(file), err)
		}
		all = append(all, script)
	}
	return all, nil
}

// concludeExploration says what was searched and found, and ends with the exit code.
func (a *app) concludeExploration(f *exploreFlags, x suites.Exploration, found *suites.Explored, c conclusion) error {
	told := fmt.Sprintf("seed %d: %d requests searched", x.Seed, found.Searched)
	switch {
	case found.Script != nil:
		c = conclusion{exitNonConformant, meaning(exitNonConformant) + ": " + found.Script.Requirement + " is contradicted"}
		told += fmt.Sprintf(", 1 contradiction of %s in %d operations (%d requests to make it smaller)", found.Script.Requirement, len(found.Script.Operations), found.Shrunk)
		text, err := found.Script.Encode()
		if err != nil {
			return broken("writing the finding: %v", err)
		}
		name := strings.ReplaceAll(found.Script.Requirement, ".", "-") + fmt.Sprintf("-%d.json", x.Seed)
		switch dir := orElse(f.corpus, f.out); {
		case dir != "":
			if err := os.MkdirAll(dir, 0o750); err != nil {
				return broken("writing the finding: %v", err)
			}
			path := filepath.Join(dir, name)
			if err := writeTo(path, text, 0o600); err != nil {
				return broken("writing the finding: %v", err)
			}
			told += "; replay it with: conformance explore --replay " + shown(path)
		default:
			told += "; --corpus DIR keeps it"
		}
	case found.Unrepeated != "":
		told += fmt.Sprintf(", %s failed once and not again, which does not count", found.Unrepeated)
		c = conclusion{exitUntold, meaning(exitUntold) + ": a contradiction was not seen again"}
	}
	if _, err := fmt.Fprintln(a.out, found.Secrets.RedactString(told)); err != nil {
		return broken("writing to standard output: %v", rootCause(err))
	}
	a.end(found.Result, c)
	return nil
}

func orElse(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
