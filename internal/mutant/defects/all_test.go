package defects

import (
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/variants"
)

// TestEverythingIsNamed looks at what every defect and every variant has to have: a name of its own, words, and a layer.
func TestEverythingIsNamed(t *testing.T) {
	taken := map[string]bool{}
	look := func(name string, layer *mutant.Layer, words ...string) {
		if name == "" || taken[name] || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("%q is no name, or has been taken", name)
		}
		taken[name] = true
		for _, w := range words {
			if w == "" {
				t.Errorf("%s lacks words: %q", name, words)
			}
		}
		if layer == nil {
			t.Fatalf("%s has no layer", name)
		}
		if _, _, err := layer.Build(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, d := range All() {
		look(d.Name, d.Layer, append(d.Breaks, d.Family, d.Description, d.Effect)...)
		if len(d.Breaks) == 0 {
			t.Errorf("%s breaks nothing", d.Name)
		}
	}
	for _, v := range variants.All() {
		look(v.Name, v.Layer, v.Description, v.Source)
	}
}
