package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// pageLines runs the command lines of a section of a page, one after the other; each must exit with 0. A value that the page
// leaves open (…) is that of the reference: a variable, or a file that holds it.
func pageLines(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: page FILE SECTION")
	}
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(args[0])))
	ts.Check(err)
	_, section, found := strings.Cut(string(text), "\n## "+args[1]+"\n")
	if !found {
		ts.Fatalf("%s has no section %q", args[0], args[1])
	}
	section, _, _ = strings.Cut(section, "\n## ")
	lines := commandLines(section)
	if len(lines) == 0 {
		ts.Fatalf("the section %q has no command", args[1])
	}
	for _, line := range lines {
		words := filled(ts, strings.Fields(line))
		ts.Logf("%s: %s", args[0], strings.Join(words, " "))
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

// pageSample compares the sample of the terminal on a page, its first console block, with what the last command printed. Each
// line of it has to be there, in this order; numbers and addresses may differ, and … stands for lines that are left out.
func pageSample(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: sample FILE")
	}
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(args[0])))
	ts.Check(err)
	_, sample, found := strings.Cut(string(text), "\n```console\n")
	sample, _, closed := strings.Cut(sample, "\n```")
	if !found || !closed {
		ts.Fatalf("%s has no sample of the terminal", args[0])
	}
	numbers := regexp.MustCompile(`\d+`)
	printed := strings.Split(numbers.ReplaceAllString(ts.ReadFile("stdout"), "N"), "\n")
	for line := range strings.SplitSeq(sample, "\n") {
		if strings.HasPrefix(line, "$ ") || line == "…" {
			continue
		}
		at := slices.Index(printed, numbers.ReplaceAllString(line, "N"))
		if at < 0 {
			ts.Fatalf("%s shows a line that is not printed, or not there: %s", args[0], line)
		}
		printed = printed[at+1:]
	}
}
