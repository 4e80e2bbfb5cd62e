package cli

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// readme is the code of README.md: its indented lines.
func readme(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var code []string
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "    "); ok {
			code = append(code, strings.TrimSpace(rest))
		}
	}
	return code
}

// The first line of README.md works as it stands, also where CI is set.
func TestREADMEFirstLine(t *testing.T) {
	args, ok := strings.CutPrefix(readme(t)[0], "go run ./cmd/conformance ")
	if !ok {
		t.Fatalf("the first line is %q", readme(t)[0])
	}
	cmd := exec.CommandContext(t.Context(), "conformance", strings.Fields(args)...) // by TestMain
	cmd.Env = append(os.Environ(), "CI=true")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Verdict: conformant") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Every command and flag of README.md exists.
func TestREADMECommands(t *testing.T) {
	flags := regexp.MustCompile(`\s--([a-z-]+)`)
	var command string
	seen := 0
	for _, line := range readme(t) {
		line, _, _ = strings.Cut(line, "#")
		if !strings.HasPrefix(command, "conformance ") || !strings.HasSuffix(command, `\`) {
			command = ""
		}
		command = strings.TrimSuffix(command, `\`) + strings.TrimSpace(line)
		if !strings.HasPrefix(command, "conformance ") || strings.HasSuffix(command, `\`) {
			continue
		}
		seen++
		root := (&app{Process: Process{Lookup: none}}).root()
		cmd, _, err := root.Find(strings.Fields(command)[1:2])
		if err != nil || cmd == root {
			t.Errorf("%s: there is no such command", command)
			continue
		}
		for _, flag := range flags.FindAllStringSubmatch(command, -1) {
			if known(cmd, flag[1]) {
				continue
			}
			t.Errorf("%s: there is no flag --%s", command, flag[1])
		}
	}
	if seen < 15 {
		t.Errorf("only %d commands were found", seen)
	}
}

func known(cmd *cobra.Command, flag string) bool {
	return cmd.Flags().Lookup(flag) != nil || cmd.InheritedFlags().Lookup(flag) != nil
}
