// Package architecture holds no code: its tests keep the promises that the design makes about the whole module.
package architecture

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/sa-conformance/conformance/"

// directions says for each package which packages of this module it may import.
var directions = map[string][]string{
	"cmd/conformance":            {"internal/cli", "internal/cli/app"},
	"internal/cli":               {"internal/cli/app", "internal/cli/certifycmd", "internal/cli/fleetcmd", "internal/cli/manual", "internal/cli/outcome", "internal/cli/provecmd", "internal/cli/reportcmd", "internal/cli/settings", "internal/cli/uicmd", "internal/doctor", "internal/engine", "internal/exploration", "internal/explore", "internal/mutant", "internal/plan", "internal/reference", "internal/report", "internal/report/formats", "suites", "suites/scenario", "internal/reference/listen"},
	"internal/cli/app":           {"internal/paths", "internal/config", "internal/engine", "internal/report", "internal/report/json", "spec"},
	"internal/cli/certifycmd":    {"internal/paths", "internal/certificate", "internal/certificate/keyless", "internal/check", "internal/cli/app", "internal/cli/manual", "internal/cli/outcome", "internal/cli/settings", "internal/engine", "internal/redact", "internal/registry", "internal/report", "internal/report/json", "internal/runs", "internal/tsa", "internal/witness", "spec", "suites", "suites/evidence"},
	"internal/cli/fleetcmd":      {"internal/paths", "internal/bucket", "internal/check", "internal/cli/app", "internal/cli/outcome", "internal/cli/settings", "internal/engine", "internal/event", "internal/fleet", "internal/redact", "internal/report", "internal/report/html", "internal/report/json", "spec"},
	"internal/cli/manual":        {"internal/cli/app", "internal/cli/settings", "internal/config", "internal/drift", "internal/proof", "internal/report", "internal/standard", "spec", "suites"},
	"internal/cli/outcome":       {"internal/cli/app", "internal/cli/settings", "internal/compare", "internal/config", "internal/engine", "internal/event", "internal/redact", "internal/report", "internal/report/formats", "internal/report/github", "internal/report/json", "internal/report/markdown", "internal/report/text", "spec", "suites"},
	"internal/cli/provecmd":      {"internal/check", "internal/cli/app", "internal/cli/manual", "internal/cli/outcome", "internal/cli/settings", "internal/proof", "internal/prove", "internal/report/junit"},
	"internal/cli/reportcmd":     {"internal/cli/app", "internal/cli/outcome", "internal/compare", "internal/export", "internal/history", "internal/redact", "internal/report", "internal/report/formats", "internal/report/json"},
	"internal/cli/settings":      {"internal/check", "internal/cli/app", "internal/drift", "internal/engine", "internal/mutant", "internal/mutant/defects", "internal/mutant/variants", "internal/report", "internal/report/formats", "internal/trace", "spec", "suites"},
	"internal/cli/uicmd":         {"internal/certificate", "internal/cli/app", "internal/cli/certifycmd", "internal/cli/outcome", "internal/cli/settings", "internal/compare", "internal/engine", "internal/redact", "internal/report", "internal/ui", "suites", "suites/evidence"},
	"suites":                     {"internal/wire", "suites/evidence", "suites/scenario", "internal/disguise", "internal/engine", "internal/explore", "internal/check", "internal/check/expect", "internal/discovery", "suites/matcher", "internal/model", "internal/probe", "internal/jwt", "internal/exchange", "internal/report", "internal/report/text", "fixtures", "spec"},
	"suites/scenario":            {"internal/model", "internal/report", "internal/disguise", "internal/discovery", "internal/exchange", "internal/explore", "internal/jwt", "internal/probe", "fixtures", "spec"},
	"suites/evidence":            {"internal/discovery", "internal/disguise", "internal/exchange", "internal/jwt", "internal/probe", "spec", "suites/matcher", "suites/scenario"},
	"internal/exploration":       {"internal/check", "internal/engine", "internal/explore", "internal/probe", "internal/report", "spec"},
	"internal/engine":            {"internal/wire", "internal/preflight", "internal/disguise", "internal/cputime", "internal/event", "internal/har", "internal/check", "suites/matcher", "internal/probe", "internal/journal", "internal/proof", "internal/jwt", "internal/exchange", "internal/report", "internal/redact", "internal/reference", "fixtures", "spec", "internal/reference/listen"},
	"internal/ui":                {"suites", "internal/standard", "internal/ui/form", "internal/ui/prose", "internal/ui/guard", "internal/ui/live", "internal/ui/edit", "internal/ui/page", "internal/certificate", "internal/check", "internal/compare", "internal/config", "internal/doctor", "internal/engine", "internal/event", "internal/exchange", "internal/history", "internal/model", "internal/probe", "internal/redact", "internal/report", "internal/report/formats", "internal/report/html", "spec"},
	"internal/ui/form":           {},
	"internal/ui/prose":          {"spec"},
	"internal/standard":          {},
	"internal/ui/guard":          {},
	"internal/ui/live":           {},
	"internal/ui/edit":           {"internal/config", "internal/report"},
	"internal/ui/page":           {"internal/report", "internal/report/html"},
	"internal/event":             {"internal/report", "spec"},
	"internal/export":            {"internal/report"},
	"internal/fleet":             {"internal/paths", "internal/report"},
	"internal/trace":             {"internal/event"},
	"internal/bucket":            {},
	"internal/bucket/buckettest": {},
	"internal/history":           {"internal/compare", "internal/report"},
	"internal/bodies":            {"internal/exchange"},
	"internal/wire":              {"internal/bodies", "internal/exchange"},
	"internal/tracking":          {"internal/bodies", "internal/exchange"},
	"internal/preflight":         {"internal/exchange", "internal/probe", "fixtures"},
	"internal/plan":              {"internal/engine", "internal/check", "internal/exchange", "internal/probe", "internal/report"},
	"internal/doctor":            {"internal/preflight", "internal/engine", "internal/discovery", "internal/probe", "internal/exchange", "suites/matcher", "fixtures", "spec"},
	"internal/prove":             {"internal/engine", "internal/check", "internal/proof", "internal/mutant", "internal/mutant/defects", "internal/mutant/generate", "internal/mutant/variants", "internal/reference", "internal/report", "spec", "internal/reference/listen"},
	"internal/paths":             {},
	"internal/rawjson":           {},
	"internal/har":               {"internal/exchange"},
	"internal/proof":             {},
	"internal/discovery":         {"internal/probe"},
	"internal/drift":             {"internal/wire", "internal/probe", "spec"},
	"internal/tsa":               {},
	"internal/tsa/tsatest":       {},
	"internal/disguise":          {},
	"internal/witness":           {"internal/tracking", "internal/wire", "internal/exchange", "internal/jwt", "internal/probe", "internal/redact"},
	"internal/runs":              {},
	"internal/certificate":       {"internal/certificate/keyless", "internal/runs", "internal/disguise", "internal/witness", "internal/tsa", "internal/har", "internal/exchange", "internal/report", "internal/report/json", "spec"},
	"internal/registry":          {"internal/paths", "internal/certificate", "internal/certificate/keyless", "internal/har", "internal/report", "spec"},
	"internal/compare":           {"internal/report", "spec"},
	"internal/config":            {},
	"internal/check":             {"internal/wire", "internal/check/expect", "internal/report", "internal/exchange", "suites/matcher", "internal/probe", "spec"},
	"internal/check/expect":      {"suites/matcher"},
	"suites/matcher":             {"internal/exchange", "internal/redact", "internal/jwt", "spec"},
	"internal/model":             {"internal/exchange", "spec"},
	"internal/explore":           {"internal/exchange", "internal/jwt", "internal/model", "internal/probe"},
	"internal/report":            {"internal/exchange", "internal/redact", "spec"},
	"internal/report/plain":      {"internal/report"},
	"internal/report/sample":     {"internal/report", "internal/exchange", "spec"},
	"internal/probe":             {"internal/silence", "internal/tracking", "internal/wire", "internal/bodies", "internal/disguise", "internal/exchange", "internal/redact"},
	"spec":                       {"internal/rawjson", "internal/exchange"},
	"internal/mutant":            {"internal/reference"},
	"internal/reference":         {"internal/reference/uuid"},
	"internal/reference/listen":  {},
	"internal/reference/uuid":    {},
	"internal/jwt":               {"internal/rawjson"},
	"internal/redact":            {},
	"internal/journal":           {"internal/disguise"},
	"internal/silence":           {},
	"internal/exchange":          {"internal/rawjson"},
	"internal/architecture":      {},
	"internal/bench":             {"internal/reference", "internal/report/formats", "internal/reference/listen"},
	"internal/release":           {},
	"internal/browser":           {},
	"internal/measure":           {},
	"internal/cputime":           {},
	"internal/raced":             {},
	"fixtures":                   {},

	"internal/certificate/keyless":             {},
	"internal/certificate/keyless/keylesstest": {},
}

// rendering lists what a package that renders a report may import.
var rendering = []string{"internal/report", "internal/report/plain", "spec"}

// formats are the packages of the formats.
func formats(all []listed) (names []string) {
	for _, p := range all {
		if strings.HasPrefix(p.name(), "internal/report/") {
			names = append(names, p.name())
		}
	}
	return names
}

// doors says which modules of others may be imported by some packages only, by the beginning of their import path.
var doors = map[string][]string{
	"github.com/getkin/kin-openapi":   {"spec", "internal/drift"},
	"github.com/oasdiff/oasdiff":      {"internal/drift"},
	"github.com/golang-jwt":           {"internal/jwt", "internal/reference", "internal/mutant"},
	"github.com/go-jose":              {"internal/jwt"},
	"github.com/onsi/ginkgo":          {"internal/check", "suites"},
	"github.com/onsi/gomega":          {"suites", "suites/evidence", "internal/check", "internal/check/expect", "suites/matcher"},
	"github.com/spf13":                {"internal/cli", "internal/cli/app", "internal/cli/certifycmd", "internal/cli/fleetcmd", "internal/cli/manual", "internal/cli/outcome", "internal/cli/provecmd", "internal/cli/reportcmd", "internal/cli/settings", "internal/cli/uicmd"},
	"golang.org/x/term":               {"internal/cli/app"},
	"github.com/oasdiff/yaml3":        {"spec", "internal/config", "internal/certificate", "internal/registry", "internal/standard"},
	"github.com/digitorus":            {"internal/tsa", "internal/tsa/tsatest"},
	"github.com/secure-systems-lab":   {"internal/certificate"},
	"github.com/mattn/go-shellwords":  {"internal/cli/settings"},
	"github.com/schollz":              {"internal/cli/outcome"},
	"go.opentelemetry.io":             {"internal/trace"},
	"github.com/go-json-experiment":   {"internal/history"},
	"github.com/andybalholm":          {"internal/bodies"},
	"github.com/klauspost/compress":   {"internal/bodies"},
	"github.com/minio":                {"internal/bucket"},
	"github.com/anishathalye":         {"internal/model"},
	"github.com/chromedp":             {"internal/browser"},
	"github.com/in-toto":              {}, // tests read statements with it
	"google.golang.org/protobuf":      {"internal/certificate/keyless"},
	"github.com/sigstore":             {"internal/certificate/keyless", "internal/certificate/keyless/keylesstest"},
	"github.com/go-openapi":           {"internal/certificate/keyless/keylesstest"},
	"golang.org/x/net/proxy":          {"internal/witness"}, // repeats from other addresses
	"golang.org/x/oauth2":             {"internal/wire"},
	"golang.org/x/text":               {"internal/mutant"},
	"filippo.io/edwards25519":         {"internal/certificate"},
	"github.com/santhosh-tekuri":      {},
	"github.com/google/go-cmp":        {"internal/report/sample"}, // for tests
	"github.com/yuin/goldmark":        {"internal/ui/prose"},      // the contract in prose, on pages
	"github.com/rogpeppe/go-internal": {"internal/ui/edit"},       // its differences of texts
}

type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	TestGoFiles     []string
	XTestGoFiles    []string
	Imports         []string
}

func (p listed) name() string { return strings.TrimPrefix(p.ImportPath, module) }

// TestDirections compares what packages import with what they may. Tests may import what they like.
func TestDirections(t *testing.T) {
	for _, p := range packages(t) {
		allowed, known := directions[p.name()]
		if format, ok := strings.CutPrefix(p.name(), "internal/report/"); ok && !known {
			allowed, known = rendering, true // a format, of which a new one needs no line here
			if format == "formats" {
				allowed = append(slices.Clone(rendering), formats(packages(t))...)
			}
		}
		if strings.HasPrefix(p.name(), "internal/mutant/") {
			allowed, known = mutants(packages(t)), true // a family
		}
		if !known {
			t.Errorf("%s is not in the table of directions; add it", p.name())
			continue
		}
		for _, path := range p.Imports {
			if inside, ok := strings.CutPrefix(path, module); ok && !slices.Contains(allowed, inside) {
				t.Errorf("%s imports %s", p.name(), inside)
			}
		}
	}
}

// TestDoors keeps each module of others behind its door, and every other one out.
func TestDoors(t *testing.T) {
	for _, p := range packages(t) {
		for _, path := range p.Imports {
			if host, _, _ := strings.Cut(path, "/"); !strings.Contains(host, ".") || strings.HasPrefix(path, module) {
				continue // of the standard library, or ours
			}
			door, found := []string(nil), false
			for prefix, packages := range doors {
				if strings.HasPrefix(path, prefix) {
					door, found = packages, true
				}
			}
			switch {
			case !found:
				t.Errorf("%s imports %s, which is not in the table of doors; add it", p.name(), path)
			case !slices.Contains(door, p.name()) && !(strings.HasPrefix(p.name(), "internal/mutant/") && slices.Contains(door, "internal/mutant")):
				t.Errorf("%s imports %s", p.name(), path)
			}
		}
	}
}

// TestHandlerOfGomega keeps Gomega's functions, which share the failure handler of the process, out of everything but
// internal/check/expect. Its types are for all.
func TestHandlerOfGomega(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains(p.Imports, "github.com/onsi/gomega") && p.name() != "internal/check/expect" {
			t.Errorf("%s imports github.com/onsi/gomega; dot-import internal/check/expect, which has Expect", p.name())
		}
	}
}

// TestServerAndJudgeShareNothing also looks at what is imported indirectly.
func TestServerAndJudgeShareNothing(t *testing.T) {
	reached := map[string][]string{}
	for _, p := range packages(t) {
		reached[p.ImportPath] = p.Imports
	}
	var visit func(path string, seen map[string]bool)
	visit = func(path string, seen map[string]bool) {
		if seen[path] {
			return
		}
		seen[path] = true
		for _, next := range reached[path] {
			visit(next, seen)
		}
	}
	for _, server := range append([]string{"internal/reference"}, mutants(packages(t))...) {
		seen := map[string]bool{}
		visit(module+server, seen)
		for _, judge := range []string{"spec", "suites/matcher", "internal/jwt", "internal/check", "suites"} {
			if seen[module+judge] {
				t.Errorf("%s reaches %s", server, judge)
			}
		}
	}
}

// mutants lists the packages of mutants, and what they are made of.
func mutants(all []listed) []string {
	names := []string{"internal/reference"}
	for _, p := range all {
		if p.name() == "internal/mutant" || strings.HasPrefix(p.name(), "internal/mutant/") {
			names = append(names, p.name())
		}
	}
	return names
}

// packages lists the packages of this module.
func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,Imports",
		module+"...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v: %s", err, exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatalf("reading go list: %v", err)
		}
		all = append(all, p)
	}
}
