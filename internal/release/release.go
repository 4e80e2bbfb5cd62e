package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// release is one release while it is made.
type release struct {
	version string
	out     string // what is released
	work    string // what is thrown away
	source  string // a clone of the commit, in which the version is a tag
	when    time.Time
}

func (r *release) make(platforms []string, sbom bool) error {
	if err := r.clone(); err != nil {
		return err
	}
	shared, err := r.shared()
	if err != nil {
		return err
	}
	for _, platform := range platforms {
		if err := r.archive(platform, shared); err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
	}
	if err := r.assets(); err != nil {
		return err
	}
	if sbom {
		bom := filepath.Join(r.out, r.name("sbom.cdx.json"))
		if err := r.run(append(plainGo(), "GOFLAGS="), "go", "tool", "-modfile=.ci/release.mod", "cyclonedx-gomod", "app", "-json", "-std", "-noserial", "-notimestamp",
			"-main", "cmd/conformance", "-output", bom, "."); err != nil {
			return err
		}
	}
	return r.sums()
}

// clone takes the commit that is checked out, and nothing that was not committed. The version is a tag of the clone, so that the
// Go tool writes it into the binary as for "go install".
func (r *release) clone() error {
	r.source = filepath.Join(r.work, "src")
	top, err := output("", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	commit, err := output("", "git", "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	seconds, err := output("", "git", "show", "-s", "--format=%ct", "HEAD")
	if err != nil {
		return err
	}
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return err
	}
	r.when = time.Unix(at, 0).UTC()
	for _, args := range [][]string{
		{"clone", "-q", "--no-tags", "--no-checkout", top, r.source},
		{"-C", r.source, "checkout", "-q", "--detach", commit},
		{"-C", r.source, "tag", r.version},
	} {
		if _, err := output("", "git", args...); err != nil {
			return err
		}
	}
	return nil
}

// shared are the files of every archive but the binary. The binary of this machine writes completions and manual pages.
func (r *release) shared() (files []file, err error) {
	self := filepath.Join(r.work, "conformance"+suffix(runtime.GOOS))
	if err := r.build(runtime.GOOS+"/"+runtime.GOARCH, self); err != nil {
		return nil, err
	}
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		data, err := os.ReadFile(filepath.Join(r.source, name))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, data, 0o644})
	}
	for shell, name := range map[string]string{"bash": "conformance.bash", "fish": "conformance.fish", "powershell": "conformance.ps1", "zsh": "_conformance"} {
		text, err := output(r.source, self, "completion", shell)
		if err != nil {
			return nil, err
		}
		files = append(files, file{"completions/" + name, []byte(text + "\n"), 0o644})
	}
	man := filepath.Join(r.work, "man")
	if err := r.run([]string{"SOURCE_DATE_EPOCH=" + strconv.FormatInt(r.when.Unix(), 10)}, self, "man", man); err != nil {
		return nil, err
	}
	pages, err := filepath.Glob(filepath.Join(man, "*.1"))
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			return nil, err
		}
		files = append(files, file{"man/" + filepath.Base(page), data, 0o644})
	}
	return files, nil
}

// build builds the binary of a platform. What the environment says of a processor's features does not matter.
func (r *release) build(platform, path string) error {
	system, processor, ok := strings.Cut(platform, "/")
	if !ok {
		return fmt.Errorf("a platform is a system and a processor, such as linux/amd64")
	}
	return r.run(append(plainGo(), "GOOS="+system, "GOARCH="+processor, "GOFLAGS=-mod=readonly"), "go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w -buildid=", "-o", path, "./cmd/conformance")
}

// plainGo are the variables that make the Go tool forget what this machine prefers.
func plainGo() []string {
	return []string{"CGO_ENABLED=0", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOWORK=off"}
}

// archive writes the archive of a platform: ZIP for Windows, tar.gz for the others.
func (r *release) archive(platform string, shared []file) error {
	system := strings.Split(platform, "/")[0]
	name := "conformance" + suffix(system)
	path := filepath.Join(r.work, strings.ReplaceAll(platform, "/", "-"), name)
	if err := r.build(platform, path); err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	files := append([]file{{name, data, 0o755}}, shared...)
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	base, pack, ending := r.name(strings.ReplaceAll(platform, "/", "_")), tarGzip, ".tar.gz"
	if system == "windows" {
		pack, ending = zipped, ".zip"
	}
	text, err := pack(base, files, r.when)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, base+ending), text, 0o644)
}

// assets copies what stands beside the archives, and writes the notes.
func (r *release) assets() error {
	sets, err := filepath.Glob(filepath.Join(r.source, "spec", "sets", "*.json"))
	if err != nil || len(sets) == 0 {
		return fmt.Errorf("there is no requirement set: %w", err)
	}
	newest := slices.Max(sets)
	for from, to := range map[string]string{
		newest: "requirement-set-" + filepath.Base(newest),
		filepath.Join(r.source, "internal", "proof", "proof.json"): "proof.json",
		filepath.Join(r.source, "docs", "report.schema.json"):      "report.schema.json",
		filepath.Join(r.source, "docs", "conformance.schema.json"): "conformance.schema.json",
		filepath.Join(r.source, "docs", "policy.schema.json"):      "policy.schema.json",
	} {
		data, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(r.out, to), data, 0o644); err != nil {
			return err
		}
	}
	changes, err := os.ReadFile(filepath.Join(r.source, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	text, err := notes(string(changes), r.version)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, "release-notes.md"), []byte(text), 0o644)
}

// sums writes SHA256SUMS as sha256sum --check reads it.
func (r *release) sums() error {
	entries, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(r.out, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(data), e.Name())
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), b.Bytes(), 0o644)
}

func (r *release) name(rest string) string {
	return "conformance_" + strings.TrimPrefix(r.version, "v") + "_" + rest
}

// run runs a program in the clone, with more variables.
func (r *release) run(variables []string, name string, args ...string) error {
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Dir, cmd.Env = r.source, append(os.Environ(), variables...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running %s %s: %w", filepath.Base(name), strings.Join(args, " "), err)
	}
	return nil
}

// output is what a program prints, without the last line break.
func output(dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("running %s %s: %w", filepath.Base(name), strings.Join(args, " "), err)
	}
	return strings.TrimRight(string(text), "\n"), nil
}

func suffix(system string) string {
	if system == "windows" {
		return ".exe"
	}
	return ""
}
