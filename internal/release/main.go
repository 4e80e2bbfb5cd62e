// Command release builds what a release consists of: static binaries in archives with completions and manual pages, SHA256SUMS, an
// SBOM, the release notes, the frozen set, the proof and the JSON Schemas. The same commit and version give the same bytes,
// wherever it runs. It publishes nothing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// version is a tag of a release.
var version = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "release: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	set := flag.NewFlagSet("release", flag.ContinueOnError)
	tag := set.String("version", "", "version, such as v1.0.0")
	out := set.String("out", "dist", "directory to write; it must be empty or missing")
	platforms := set.String("platforms", "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64", "platforms, separated by commas")
	sbom := set.Bool("sbom", true, "make the SBOM")
	if err := set.Parse(args); err != nil {
		return err
	}
	if !version.MatchString(*tag) {
		return fmt.Errorf("the version %q is not of the form v1.2.3; say make release VERSION=v1.2.3", *tag)
	}
	dir, err := filepath.Abs(*out)
	if err != nil {
		return err
	}
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return fmt.Errorf("%s is not empty; remove it first", *out)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "conformance-release-*")
	if err != nil {
		return err
	}
	r := release{version: *tag, out: dir, work: work}
	err = r.make(strings.Split(*platforms, ","), *sbom)
	return errors.Join(err, os.RemoveAll(work))
}
