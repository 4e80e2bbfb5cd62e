package engine

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/preflight"
)

// planDigest identifies what a selection sends with a configuration: the build of the suite, its catalogue and contract,
// the chosen conversations, and what the operator supplies to them. It is the same for every target.
func planDigest(suite *check.Suite, selection *check.Selection, cfg Config) string {
	var b strings.Builder
	fmt.Fprintf(&b, "suite %s %s %s %s\n", cfg.Version, cfg.Commit, suite.Catalogue().Digest(), suite.Contract.Digest())
	fmt.Fprintf(&b, "supplied %v, restricted token %t, not offered %v\n", cfg.supplied(), cfg.RestrictedToken != "", cfg.NotOffered)
	for _, own := range suite.Owned() {
		fmt.Fprintf(&b, "own %s\n", own.Digest())
	}
	if cfg.Depth != check.Standard {
		fmt.Fprintf(&b, "depth %s %+v\n", cfg.Depth, cfg.deepening())
	}
	var names []string
	if !cfg.NoPreflight {
		names = append(names, preflight.Probe)
	}
	for _, p := range selection.Probes {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	b.WriteString(strings.Join(names, "\n"))
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(b.String())))
}
