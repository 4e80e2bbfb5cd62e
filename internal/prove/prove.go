// Package prove tests the suite itself: it judges every mutant and every legal variant of the reference, and reports which
// requirements fail for which. Every mutant has to be found, and no variant may fail.
package prove

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/defects"
	"github.com/sa-conformance/conformance/internal/mutant/variants"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Trial is what the suite said about one defect or variant.
type Trial struct {
	Name   string `json:"name"`
	Family string `json:"family"`
	// Description says what the server does; Effect, of a defect, what that does to its users.
	Description string `json:"description"`
	Effect      string `json:"effect,omitempty"`
	// waits is set if the trial mostly waits.
	waits bool
	// Intended is the requirement that is meant to find a defect out; "" for a variant.
	Intended string         `json:"intended,omitempty"`
	Verdict  report.Verdict `json:"verdict"`
	// Passed is set if a defect's intended requirement failed, or where nothing of a variant failed.
	Passed bool `json:"passed"`
	// Failed lists the requirements that failed by themselves, Consequences those whose failure follows from another.
	Failed       []string `json:"failed"`
	Consequences []string `json:"consequences"`
	// Inconclusive lists the requirements that lacked evidence.
	Inconclusive []string `json:"inconclusive"`
	// Causes names the failure that each consequence follows from, inconclusive requirements included.
	Causes map[string]string `json:"causes,omitempty"`
	// Message is what the intended requirement said, or what was said against a variant.
	Message string `json:"message"`
	// Left counts the accounts that the run left behind.
	Left    int     `json:"left"`
	Seconds float64 `json:"durationSeconds"`
}

// Proof is what all trials together prove.
type Proof struct {
	// Catalogue is the digest of the catalogue that was proved.
	Catalogue string  `json:"catalogueDigest"`
	Defects   []Trial `json:"defects"`
	Variants  []Trial `json:"variants"`
	// Unproved lists the requirements that no defect made fail.
	Unproved []string `json:"unproved"`
	// UnprovedEdges lists what the catalogue says of causes and no defect shows.
	UnprovedEdges []Edge `json:"unprovedEdges"`
	// ProvedBy lists for each requirement the defects whose intended finder it is, and then those that it failed for.
	ProvedBy map[string][]string `json:"provedBy"`
}

// Config says what to try.
type Config struct {
	// Only keeps the defects and variants that it accepts; nil keeps all.
	Only func(name, family string) bool
	// Concurrency is the number of trials at a time; 0 means 6 for each core: most of them wait a part of the time.
	Concurrency int
	// Depth is that of the runs of generated mutants and variants, and of Figures; "" means check.Standard.
	Depth check.Depth
	// Tried is called after each trial, and Generated after each of a generated mutant, from several goroutines; nil for
	// nobody.
	Tried     func(Trial)
	Generated func(GeneratedTrial)
}

// Run runs the suite against every defect and every variant.
func Run(ctx context.Context, suite *check.Suite, cfg Config) (*Proof, error) {
	trials, layers := candidates(cfg.Only)
	results := make([]Trial, len(trials))
	errs := make([]error, len(trials))
	var wg sync.WaitGroup
	places := make(chan struct{}, concurrency(cfg.Concurrency))
	for _, i := range order(trials) {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			results[i], errs[i] = try(ctx, suite, trials[i], layers[i])
			if cfg.Tried != nil && errs[i] == nil {
				cfg.Tried(results[i])
			}
		})
	}
	wg.Wait()
	proof := &Proof{
		Catalogue: suite.Catalogue().Digest(), Defects: []Trial{}, Variants: []Trial{}, Unproved: []string{}, ProvedBy: map[string][]string{},
	}
	for i, t := range results {
		switch {
		case errs[i] != nil:
			return nil, fmt.Errorf("trying %s: %w", trials[i].Name, errs[i])
		case t.Intended == "":
			proof.Variants = append(proof.Variants, t)
		default:
			proof.Defects = append(proof.Defects, t)
		}
	}
	for _, t := range proof.Defects {
		for _, id := range append(slices.Clone(t.Failed), t.Consequences...) {
			if id == t.Intended {
				proof.ProvedBy[id] = append(proof.ProvedBy[id], t.Name)
			}
		}
	}
	for _, r := range suite.Catalogue().All() {
		if len(proof.ProvedBy[r.ID]) == 0 {
			proof.Unproved = append(proof.Unproved, r.ID)
		}
	}
	proof.UnprovedEdges = unprovedEdges(suite.Catalogue(), proof.Defects)
	return proof, nil
}

// variantFamily is the family of every variant.
const variantFamily = "legal variants"

// order mixes trials that wait with those that compute, and keeps the former from the end, where nothing would be left to
// do in the meantime. It is the same every time.
func order(trials []Trial) []int {
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // nothing is secret about it
	places, keys := make([]int, len(trials)), make([]float64, len(trials))
	for i, t := range trials {
		places[i], keys[i] = i, random.Float64()
		if t.waits {
			keys[i] *= 0.8
		}
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
	return places
}

func candidates(only func(name, family string) bool) (trials []Trial, layers []*mutant.Layer) {
	for _, v := range variants.All() {
		if only == nil || only(v.Name, variantFamily) {
			trials = append(trials, Trial{Name: v.Name, Family: variantFamily, Description: v.Description, waits: true})
			layers = append(layers, v.Layer)
		}
	}
	for _, d := range defects.All() {
		if only == nil || only(d.Name, d.Family) {
			trials = append(trials, Trial{Name: d.Name, Family: d.Family, Description: d.Description, Effect: d.Effect, Intended: d.Breaks[0], waits: d.Waits})
			layers = append(layers, d.Layer)
		}
	}
	return trials, layers
}

// try runs the suite against one layer.
func try(ctx context.Context, suite *check.Suite, t Trial, layer *mutant.Layer) (Trial, error) {
	started := time.Now()
	layer, wire := quickly(layer), t.Intended == ""
	r, err := JudgeLayer(ctx, suite, layer, Manner{Wire: wire})
	if err == nil && r.Stopped != "" && t.Intended != "" { // it looks like a mistake of the operator's
		r, err = JudgeLayer(ctx, suite, layer, Manner{Wire: wire, NoPreflight: true})
	}
	if err != nil {
		return t, err
	}
	t.Verdict, t.Left, t.Seconds = r.Verdict, r.Accounts.Left, time.Since(started).Seconds()
	t.Failed, t.Consequences, t.Inconclusive = []string{}, []string{}, []string{}
	t.Causes = map[string]string{}
	for _, result := range r.Results {
		if result.ConsequenceOf != "" {
			t.Causes[result.ID] = result.ConsequenceOf
		}
		switch {
		case result.Outcome == report.Fail && result.ConsequenceOf == "":
			t.Failed = append(t.Failed, result.ID)
		case result.Outcome == report.Fail:
			t.Consequences = append(t.Consequences, result.ID)
		case result.Outcome != report.Pass:
			t.Inconclusive = append(t.Inconclusive, result.ID)
		}
		if result.Outcome == report.Fail && (result.ID == t.Intended || t.Intended == "" && t.Message == "") {
			t.Message = result.Message
		}
	}
	if t.Intended == "" {
		t.Passed = r.Verdict == report.Conformant && t.Left == 0
		if !t.Passed && t.Message == "" {
			t.Message = "inconclusive: " + strings.Join(t.Inconclusive, ", ")
		}
		return t, nil
	}
	t.Passed = slices.Contains(t.Failed, t.Intended) || slices.Contains(t.Consequences, t.Intended)
	return t, nil
}

// quickly signs by an algorithm that costs less where the signature does not matter: signing by ES512 was a quarter of the
// work of a proof.
func quickly(layer *mutant.Layer) *mutant.Layer {
	if layer.Signed {
		return layer
	}
	return mutant.Chain(&mutant.Layer{Configure: func(c *reference.Config) { c.Signing = reference.ES256 }}, layer)
}

// Manner says how a layer is judged.
type Manner struct {
	// Wire judges over HTTP in any case, and NoPreflight whatever the first requests show.
	Wire, NoPreflight bool
	// Depth is check.Standard if it is "".
	Depth check.Depth
}

// JudgeLayer judges a layer: over HTTP on loopback where something of it shows only there, and in memory otherwise, which
// spares the machine most of the work.
func JudgeLayer(ctx context.Context, suite *check.Suite, layer *mutant.Layer, m Manner) (*report.Report, error) {
	result, err := judgeLayer(ctx, suite, layer, m)
	if err != nil {
		return nil, err
	}
	return result.Report, nil
}

func judgeLayer(ctx context.Context, suite *check.Suite, layer *mutant.Layer, m Manner) (*engine.Result, error) {
	handler, server, err := layer.Build()
	if err != nil {
		return nil, fmt.Errorf("building the server: %w", err)
	}
	cfg := engine.Config{
		Target: "https://target.invalid" + layer.Prefix, Timeout: trialTimeout, Await: trialAwait, CleanupTimeout: trialCleanup, Concurrency: 8,
		RevocationWindow: trialAwait, NoPreflight: m.NoPreflight, Depth: m.Depth,
	}.ForTrial().Tuned(engine.Tuning{Settle: trialSettle})
	if !m.Wire && !layer.Wire && !layer.Plain {
		cfg = cfg.InMemory(handler)
	} else {
		listener, err := listen.Listen(context.WithoutCancel(ctx), "127.0.0.1:0", !layer.Plain, handler)
		if err != nil {
			return nil, fmt.Errorf("listening: %w", err)
		}
		defer func() { _ = listener.Close() }()
		cfg.Target, cfg.RootCAs = listener.URL+layer.Prefix, x509.NewCertPool()
		cfg.RootCAs.AppendCertsFromPEM(listener.CertificatePEM)
	}
	server.SetBaseURL(cfg.Target)
	if cfg.Set, err = ofCatalogue(suite.Catalogue()); err != nil {
		return nil, err
	}
	known := server.Credentials()
	cfg.Organization, cfg.OtherOrganization, cfg.Groups = known.Organization, known.OtherOrganization, known.Groups
	cfg.Token, cfg.RestrictedToken = known.Token, known.RestrictedToken
	cfg.ExpiredToken, cfg.NotYetValidToken = known.ExpiredToken, known.NotYetValidToken
	return engine.Judge(ctx, suite, cfg)
}

// ofCatalogue is the set of everything that the catalogue holds, at the levels of today. A proof is about the catalogue, and
// not about a release of it.
func ofCatalogue(c *spec.Catalogue) (*spec.Set, error) {
	file, err := spec.Freeze(c, "2099-12")
	if err != nil {
		return nil, fmt.Errorf("scoring the catalogue: %w", err)
	}
	set, err := spec.ParseSet(file)
	if err != nil {
		return nil, fmt.Errorf("scoring the catalogue: %w", err)
	}
	return &set, nil
}

// The servers of trials are near: what they do not answer soon they never will.
const (
	trialTimeout = 8 * time.Second
	trialAwait   = 2 * time.Second
	trialSettle  = 250 * time.Millisecond
	trialCleanup = 15 * time.Second
)

func concurrency(n int) int {
	if n <= 0 {
		return 6 * runtime.NumCPU()
	}
	return n
}
