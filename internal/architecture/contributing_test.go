package architecture

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"
)

// step is an edit that CONTRIBUTING.md shows: a text that goes into a file, before or after a line of it.
type step struct{ file, side, line, text string }

var (
	stepForm    = regexp.MustCompile("(?s)Edit\\s+`([^`]+)`,\\s+(before|after)\\s+`([^`]+)`:\\n\\n```[a-z]+\\n(.*?)```")
	commandForm = regexp.MustCompile("(?s)```sh\\n(.*?)```")
	// wanted says where the steps lead: a file for each kind of thing, and nothing else.
	wanted = []string{"spec/requirements.yaml", "suites/", "internal/mutant/", "CHANGELOG.md"}
)

// contributingSteps are the edits and the commands of the section "Add a check".
func contributingSteps(t *testing.T) (steps []step, commands []string) {
	t.Helper()
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## Add a check\n")
	section, _, _ = strings.Cut(section, "\n## ")
	shell := commandForm.FindStringSubmatch(section)
	if !found || shell == nil {
		t.Fatal("CONTRIBUTING.md has no section \"Add a check\" with commands")
	}
	for _, m := range stepForm.FindAllStringSubmatch(section, -1) {
		steps = append(steps, step{m[1], m[2], m[3], m[4]})
	}
	if len(steps) != len(wanted) {
		t.Fatalf("CONTRIBUTING.md shows %d edits, not one for each of %q", len(steps), wanted)
	}
	for i, s := range steps {
		if !strings.HasPrefix(s.file, wanted[i]) {
			t.Errorf("edit %d is of %s, not of %s", i+1, s.file, wanted[i])
		}
	}
	return steps, strings.Split(strings.TrimSpace(shell[1]), "\n")
}

// TestContributingSteps follows CONTRIBUTING.md in a copy of the repository: a requirement, a check and a defect are added by
// hand, nothing is generated, and the commands that it shows succeed. Another change of the same kind, made beside it, merges
// without a conflict.
func TestContributingSteps(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	steps, commands := contributingSteps(t)
	root := copyOfTheRepository(t)
	git(t, root, "init", "--quiet", "--initial-branch=main")
	commit(t, root, "as it is")

	git(t, root, "checkout", "--quiet", "-b", "second")
	for _, s := range second(steps) {
		s.follow(t, root)
	}
	commit(t, root, "the second change")
	git(t, root, "checkout", "--quiet", "-b", "first", "main")
	for _, s := range steps {
		s.follow(t, root)
	}
	commit(t, root, "the first change")
	git(t, root, "merge", "--quiet", "-m", "both", "second")

	var out string
	for _, command := range commands {
		out += run(t, root, "sh", "-c", command)
	}
	if !regexp.MustCompile(`(?m)^metadata-born-deleted +killed +create\.metadata\.not-deleted$`).MatchString(out) {
		t.Errorf("the requirement does not find the defect:\n%s", out)
	}
	if !strings.Contains(out, "exit 0: conformant") {
		t.Errorf("the reference is not conformant:\n%s", out)
	}
	for _, line := range strings.Split(strings.TrimSpace(run(t, root, "git", "status", "--porcelain")), "\n") {
		if line != "" {
			t.Errorf("something is generated: %s", line)
		}
	}
}

// second is another change of the same kind, in other places of the same files.
func second(steps []step) []step {
	renamed := strings.NewReplacer("not-deleted", "unmodified", "born-deleted", "born-modified", "resourceReadMetadata/properties/deletionTime",
		"staticResourceMetadata/properties/modifiedTime", "deletionTime", "modifiedTime", "deletion time", "modification time")
	places := map[string]string{
		wanted[0]: "- id: create.rejects.blank-body", wanted[1]: `s.Must("create.status.created"`, wanted[2]: `mutant.Defective("metadata-organization-other"`,
	}
	changed := slices.Clone(steps)
	for i := range changed {
		changed[i].text = renamed.Replace(changed[i].text)
		if place, ok := places[wanted[i]]; ok {
			changed[i].line = place
		}
	}
	return changed
}

// follow puts the text of a step into its file, with the indentation of the line that it goes to.
func (s step) follow(t *testing.T, root string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(s.file))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("CONTRIBUTING.md names a file that is not there: %v", err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	i := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, s.line) })
	if i < 0 {
		t.Fatalf("%s has no line with %s; CONTRIBUTING.md says that it has", s.file, s.line)
	}
	indent := lines[i][:len(lines[i])-len(strings.TrimLeft(lines[i], "\t "))]
	text := indent + strings.ReplaceAll(strings.TrimSuffix(s.text, "\n"), "\n", "\n"+indent) + "\n"
	if s.side == "after" {
		i, text = i+1, "\n"+text
	}
	lines = slices.Insert(lines, i, text)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644); err != nil { //nolint:gosec // a copy of what is public
		t.Fatal(err)
	}
}

// copyOfTheRepository holds the files of the repository without its history and without what it builds.
func copyOfTheRepository(t *testing.T) string {
	t.Helper()
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(source)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, e := range entries {
		from, to := filepath.Join(source, e.Name()), filepath.Join(root, e.Name())
		switch {
		case e.Name() == ".git", e.Name() == "bin", e.Name() == "bench.tmp":
			continue
		case e.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		default:
			var data []byte
			if data, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(to, data, 0o644) //nolint:gosec // a copy of what is public
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func commit(t *testing.T, root, message string) {
	t.Helper()
	git(t, root, "add", "--all")
	git(t, root, "commit", "--quiet", "-m", message)
}

func git(t *testing.T, root string, args ...string) {
	t.Helper()
	run(t, root, "git", append([]string{"-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"}, args...)...)
}

// run runs a command, which has to succeed, and returns what it prints.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CI=", "GIT_CONFIG_GLOBAL="+os.DevNull)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
