package suites

import (
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant/defects"
	"github.com/sa-conformance/conformance/internal/mutant/variants"
	"github.com/sa-conformance/conformance/internal/proof"
	"github.com/sa-conformance/conformance/internal/prove"
	"github.com/sa-conformance/conformance/internal/raced"
)

// samples is how many parts the proof is cut into for tests; together they are the whole.
const samples = 40

func TestDefectsAndVariantsAreNamedWell(t *testing.T) {
	suite, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^[a-z0-9]+(-[a-zA-Z0-9.]+)*$`)
	seen := map[string]bool{}
	named := func(name string, texts ...string) {
		if seen[name] || !form.MatchString(name) {
			t.Errorf("the name %q is taken, or not made of words and dashes", name)
		}
		seen[name] = true
		for _, text := range texts {
			if text == "" {
				t.Errorf("%s lacks a text", name)
			}
		}
	}
	for _, d := range defects.All() {
		named(d.Name, d.Family, d.Description, d.Effect)
		if len(d.Breaks) == 0 {
			t.Errorf("%s breaks nothing", d.Name)
		}
		for _, id := range d.Breaks {
			if _, ok := suite.Catalogue().Find(id); !ok {
				t.Errorf("%s breaks %s, which is no requirement", d.Name, id)
			}
		}
	}
	for _, v := range variants.All() {
		named(v.Name, v.Description, v.Source)
	}
	if d, v := len(defects.All()), len(variants.All()); d < 220 || v < 40 {
		t.Errorf("there are %d defects and %d variants", d, v)
	}
}

// The proof that was released with is whole. It may be of an older catalogue: a release makes it, not every change.
func TestTheReleasedProofIsWhole(t *testing.T) {
	s, err := proof.Released()
	if err != nil {
		t.Fatal(err)
	}
	if s.Defects == 0 || s.Killed != s.Defects || s.Variants == 0 || s.Spared != s.Variants || s.Proved != s.Requirements || s.Blame > 3 {
		t.Errorf("the proof is not whole: %+v", s)
	}
}

// TestASampleOfTheProof tries one part of the defects and variants: another one every day, or the one that
// CONFORMANCE_SAMPLE names. The whole is tried by make prove.
func TestASampleOfTheProof(t *testing.T) {
	raced.Rotate(t)
	part := time.Now().YearDay() % samples
	if text := os.Getenv("CONFORMANCE_SAMPLE"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("CONFORMANCE_SAMPLE is %q, not a number", text)
		}
		part = n % samples
	}
	proof, err := proveOf(t.Context(), prove.Config{Concurrency: 3, Only: func(name, _ string) bool {
		return raced.Part(name, samples) == part
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range append(proof.Survivors(), proof.Blamed()...) {
		t.Errorf("part %d: %s (%s): verdict %s, failed %v, inconclusive %v: %s", part, trial.Name, trial.Intended, trial.Verdict,
			trial.Failed, trial.Inconclusive, trial.Message)
	}
	t.Logf("part %d of %d: %d defects, %d variants", part, samples, len(proof.Defects), len(proof.Variants))
}
