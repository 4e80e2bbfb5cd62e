package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

// pages are the texts that were written by hand, by their paths from the root of the repository.
func pages(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(files) < 4 {
		t.Fatalf("there are %d pages: %v", len(files), err)
	}
	for _, file := range append(files, "../../README.md", "../../CONTRIBUTING.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "\nGenerated ") {
			texts[strings.TrimPrefix(filepath.ToSlash(file), "../../")] = string(text)
		}
	}
	return texts
}

// indented is the code of a page: its indented lines.
func indented(text string) (code []string) {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "    "); ok {
			code = append(code, strings.TrimSpace(rest))
		}
	}
	return code
}

// The first line of README.md works as it stands, also where CI is set.
func TestREADMEFirstLine(t *testing.T) {
	first := indented(pages(t)["README.md"])[0]
	args, ok := strings.CutPrefix(first, "go run ./cmd/conformance ")
	if !ok {
		t.Fatalf("the first line is %q", first)
	}
	cmd := exec.CommandContext(t.Context(), "conformance", strings.Fields(args)...) // by TestMain
	cmd.Env = append(os.Environ(), "CI=true")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Verdict: conformant") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Every command line of a page names a command that exists, and flags of it.
func TestPagesNameCommands(t *testing.T) {
	flags := regexp.MustCompile(`\s--([a-z-]+)`)
	seen := 0
	for name, text := range pages(t) {
		for _, command := range commandLines(text) {
			seen++
			root := root((&app.App{Process: app.Process{Lookup: none}}))
			cmd, _, err := root.Find(strings.Fields(command)[1:])
			if err != nil || cmd == root {
				t.Errorf("%s: %s: there is no such command", name, command)
				continue
			}
			for _, flag := range flags.FindAllStringSubmatch(command, -1) {
				if !known(cmd, flag[1]) {
					t.Errorf("%s: %s: there is no flag --%s", name, command, flag[1])
				}
			}
		}
	}
	if seen < 22 {
		t.Errorf("only %d commands were found", seen)
	}
}

// Every flag that the prose of a page names is one of some command, or one of Ginkgo.
func TestPagesNameFlags(t *testing.T) {
	ginkgo := []string{"junit-report", "seed", "p"}
	commands := root((&app.App{Process: app.Process{Lookup: none}})).Commands()
	for _, c := range commands {
		commands = append(commands, c.Commands()...)
	}
	span := regexp.MustCompile("`(?:[a-z]+ )?--([a-z-]+)[^`]*`")
	seen := 0
	for name, text := range pages(t) {
		for _, flag := range span.FindAllStringSubmatch(text, -1) {
			seen++
			if !slices.Contains(ginkgo, flag[1]) && !slices.ContainsFunc(commands, func(c *cobra.Command) bool { return known(c, flag[1]) }) {
				t.Errorf("%s: no command has a flag --%s", name, flag[1])
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d flags were found", seen)
	}
}

func known(cmd *cobra.Command, flag string) bool {
	return cmd.Flags().Lookup(flag) != nil || cmd.InheritedFlags().Lookup(flag) != nil
}
