package prove

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/defects"
	"github.com/sa-conformance/conformance/internal/mutant/generate"
	"github.com/sa-conformance/conformance/internal/mutant/variants"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// GeneratedTrial is what the suite said about one mutant or variant.
type GeneratedTrial struct {
	Name   string `json:"name"`
	Family string `json:"family"`
	// Lawful is set for a variant, which nothing may be held against.
	Lawful bool `json:"lawful,omitempty"`
	// Changed is how often the mutant changed a response or what the server did; 0: the suite never reached it. It is 1 if nobody
	// counts.
	Changed int64          `json:"changed"`
	Verdict report.Verdict `json:"verdict"`
	// Failed lists the requirements that failed by themselves, and Killed tells whether a MUST is among those that failed.
	Failed []string `json:"failed"`
	Killed bool     `json:"killed"`
	// Requests is how many the run sent.
	Requests int     `json:"requests"`
	Seconds  float64 `json:"durationSeconds"`
}

// GeneratedProof is what all generated mutants together say of the suite.
type GeneratedProof struct {
	Catalogue string           `json:"catalogueDigest"`
	Depth     check.Depth      `json:"depth"`
	Seed      uint64           `json:"seed"`
	Trials    []GeneratedTrial `json:"trials"`
}

// Counts are the numbers of mutants, of those that a run reached, and of those that it killed.
func (p *GeneratedProof) Counts() (all, reached, killed int) {
	for _, t := range p.Trials {
		if t.Lawful {
			continue
		}
		all++
		if t.Changed > 0 {
			reached++
		}
		if t.Killed {
			killed++
		}
	}
	return all, reached, killed
}

// Blamed are the variants that a MUST failed for, or that were left without a verdict.
func (p *GeneratedProof) Blamed() (variants int, blamed []GeneratedTrial) {
	for _, t := range p.Trials {
		if !t.Lawful {
			continue
		}
		if variants++; t.Killed || p.Depth != check.Smoke && t.Verdict != report.Conformant {
			blamed = append(blamed, t)
		}
	}
	return variants, blamed
}

// subject is what is judged.
type subject struct {
	name, family string
	lawful       bool
	layer        *mutant.Layer
	changed      func() int64
}

// Generated runs the suite against n generated mutants, which the seed chooses. Of cfg it heeds Only, Concurrency, Depth and
// Generated.
func Generated(ctx context.Context, suite *check.Suite, n int, seed uint64, cfg Config) (*GeneratedProof, error) {
	var all []subject
	for _, m := range generate.Generate(n, seed) {
		all = append(all, subject{name: m.Name(), family: m.Family, layer: m.Layer, changed: m.Changed})
	}
	return figures(ctx, suite, seed, all, cfg)
}

// GeneratedVariants is Generated for variants that take several liberties at a time.
func GeneratedVariants(ctx context.Context, suite *check.Suite, n int, seed uint64, cfg Config) (*GeneratedProof, error) {
	var all []subject
	for _, v := range variants.Generate(n, seed) {
		all = append(all, subject{name: v.Name, family: variantFamily, lawful: true, layer: v.Layer, changed: once})
	}
	return figures(ctx, suite, seed, all, cfg)
}

// Figures is Generated for the named defects and variants, at a depth: what a run of that depth kills.
func Figures(ctx context.Context, suite *check.Suite, cfg Config) (*GeneratedProof, error) {
	var all []subject
	for _, v := range variants.All() {
		all = append(all, subject{name: v.Name, family: variantFamily, lawful: true, layer: v.Layer, changed: once})
	}
	for _, d := range defects.All() {
		all = append(all, subject{name: d.Name, family: d.Family, layer: d.Layer, changed: once})
	}
	return figures(ctx, suite, 0, all, cfg)
}

func once() int64 { return 1 }

func figures(ctx context.Context, suite *check.Suite, seed uint64, all []subject, cfg Config) (*GeneratedProof, error) {
	var chosen []subject
	for _, s := range all {
		if cfg.Only == nil || cfg.Only(s.name, s.family) {
			chosen = append(chosen, s)
		}
	}
	proof := &GeneratedProof{Catalogue: suite.Catalogue().Digest(), Depth: cfg.Depth, Seed: seed, Trials: make([]GeneratedTrial, len(chosen))}
	if proof.Depth == "" {
		proof.Depth = check.Standard
	}
	errs := make([]error, len(chosen))
	var wg sync.WaitGroup
	places := make(chan struct{}, concurrency(cfg.Concurrency))
	for i, s := range chosen {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			proof.Trials[i], errs[i] = judged(ctx, suite, s, cfg.Depth)
			if cfg.Generated != nil && errs[i] == nil {
				cfg.Generated(proof.Trials[i])
			}
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("trying %s: %w", chosen[i].name, err)
		}
	}
	return proof, nil
}

func judged(ctx context.Context, suite *check.Suite, s subject, depth check.Depth) (GeneratedTrial, error) {
	started := time.Now()
	t := GeneratedTrial{Name: s.name, Family: s.family, Lawful: s.lawful, Failed: []string{}}
	result, err := judgeLayer(ctx, suite, quickly(s.layer), Manner{Wire: s.lawful, NoPreflight: true, Depth: depth})
	if err != nil {
		return t, err
	}
	t.Verdict, t.Seconds, t.Changed, t.Requests = result.Report.Verdict, time.Since(started).Seconds(), s.changed(), len(result.Recording.All())
	for _, r := range result.Report.Results {
		if r.Outcome != report.Fail {
			continue
		}
		if r.ConsequenceOf == "" {
			t.Failed = append(t.Failed, r.ID)
		}
		t.Killed = t.Killed || r.Level == spec.Must
	}
	return t, nil
}
