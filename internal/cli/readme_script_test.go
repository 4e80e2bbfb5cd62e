package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// readmeLines runs the command lines of a section of README.md, one after the other; each must exit with 0. In the place of each
// value that the README leaves open (…) stands that of the reference: a variable, or a file that holds it.
func readmeLines(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: readme SECTION")
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	ts.Check(err)
	_, section, found := strings.Cut(string(text), "\n## "+args[0]+"\n")
	if !found {
		ts.Fatalf("the README has no section %q", args[0])
	}
	section, _, _ = strings.Cut(section, "\n## ")
	lines := commandLines(section)
	if len(lines) == 0 {
		ts.Fatalf("the section %q has no command", args[0])
	}
	for _, line := range lines {
		words := filled(ts, strings.Fields(line))
		ts.Logf("README: %s", strings.Join(words, " "))
		if err := ts.Exec(words[0], words[1:]...); err != nil {
			ts.Fatalf("%s: %v", line, err)
		}
	}
}

// commandLines are the indented lines that begin with the command, with those that a backslash continues.
func commandLines(section string) (lines []string) {
	section = strings.ReplaceAll(section, "\\\n", " ")
	for line := range strings.Lines(section) {
		if rest, indented := strings.CutPrefix(line, "    "); indented && strings.HasPrefix(rest, "conformance ") {
			rest, _, _ = strings.Cut(rest, " #")
			lines = append(lines, strings.TrimSpace(rest))
		}
	}
	return lines
}

// filled puts values in the place of those that are left open.
func filled(ts *testscript.TestScript, words []string) []string {
	variables := map[string]string{
		"--target": "CONFORMANCE_TARGET", "--organization": "CONFORMANCE_ORGANIZATION", "--other-organization": "CONFORMANCE_OTHER_ORGANIZATION",
		"--require-target": "CONFORMANCE_TARGET", "--group": "GROUP", "--expired-token-file": "EXPIRED_TOKEN_FILE", "--not-yet-valid-token-file": "NOT_YET_VALID_TOKEN_FILE",
	}
	for i, word := range words {
		if word != "…" {
			continue
		}
		variable, known := variables[words[i-1]]
		if !known || ts.Getenv(variable) == "" {
			ts.Fatalf("nothing is known for %s …", words[i-1])
		}
		words[i] = ts.Getenv(variable)
	}
	return words
}
