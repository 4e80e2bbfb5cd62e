package prove

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// GeneratedTrial is what the suite said about one generated mutant.
type GeneratedTrial struct {
	Name   string `json:"name"`
	Family string `json:"family"`
	// Changed is how often the mutant changed a response or what the server did; 0: the suite never reached it.
	Changed int64          `json:"changed"`
	Verdict report.Verdict `json:"verdict"`
	// Failed lists the requirements that failed by themselves, and Killed tells whether a MUST is among those that failed.
	Failed  []string `json:"failed"`
	Killed  bool     `json:"killed"`
	Seconds float64  `json:"durationSeconds"`
}

// GeneratedProof is what all generated mutants together say of the suite.
type GeneratedProof struct {
	Catalogue string           `json:"catalogueDigest"`
	Seed      uint64           `json:"seed"`
	Trials    []GeneratedTrial `json:"trials"`
}

// Counts are the numbers of mutants, of those that a run reached, and of those that it killed.
func (p *GeneratedProof) Counts() (all, reached, killed int) {
	for _, t := range p.Trials {
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

// Generated runs the suite against n generated mutants, which the seed chooses. Of cfg it heeds Only, Concurrency and
// Generated.
func Generated(ctx context.Context, suite *check.Suite, n int, seed uint64, cfg Config) (*GeneratedProof, error) {
	var mutants []*mutant.Mutant
	for _, m := range mutant.Generate(n, seed) {
		if cfg.Only == nil || cfg.Only(m.Name(), m.Family) {
			mutants = append(mutants, m)
		}
	}
	proof := &GeneratedProof{Catalogue: suite.Catalogue().Digest(), Seed: seed, Trials: make([]GeneratedTrial, len(mutants))}
	errs := make([]error, len(mutants))
	var wg sync.WaitGroup
	places := make(chan struct{}, concurrency(cfg.Concurrency))
	for i, m := range mutants {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			proof.Trials[i], errs[i] = tryMutant(ctx, suite, m)
			if cfg.Generated != nil && errs[i] == nil {
				cfg.Generated(proof.Trials[i])
			}
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("trying %s: %w", mutants[i].Name(), err)
		}
	}
	return proof, nil
}

func tryMutant(ctx context.Context, suite *check.Suite, m *mutant.Mutant) (GeneratedTrial, error) {
	started := time.Now()
	t := GeneratedTrial{Name: m.Name(), Family: m.Family, Failed: []string{}}
	r, err := JudgeLayer(ctx, suite, quickly(Trial{Name: m.Name(), Family: m.Family}, m.Layer), false, true)
	if err != nil {
		return t, err
	}
	t.Verdict, t.Seconds, t.Changed = r.Verdict, time.Since(started).Seconds(), m.Changed()
	for _, result := range r.Results {
		if result.Outcome != report.Fail {
			continue
		}
		if result.ConsequenceOf == "" {
			t.Failed = append(t.Failed, result.ID)
		}
		t.Killed = t.Killed || result.Level == spec.Must
	}
	return t, nil
}
