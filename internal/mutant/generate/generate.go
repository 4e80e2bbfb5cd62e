// Package generate makes mutants as combinations of a place, a change and an occasion. Which of them exist depends on a seed
// alone, so that a trial can be repeated by name.
package generate

import (
	"math/rand/v2"
	"strings"
	"sync/atomic"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Mutant is a generated way to be wrong: something (What) goes wrong somewhere (Where) in some cases (When).
type Mutant struct {
	// Family groups mutants by the kind of place: member, header, status, body, credential, store, list, validation.
	Family            string
	Where, What, When string
	*mutant.Layer

	changed *atomic.Int64
}

// Name tells one mutant from another: the same name is always the same mutant.
func (m *Mutant) Name() string { return m.Where + " | " + m.What + " | " + m.When }

// Changed is how often the mutant has changed a response or what the server underneath does. A mutant that was never
// reached is told by 0.
func (m *Mutant) Changed() int64 { return m.changed.Load() }

// site is a place where something can go wrong in one way.
type site struct {
	family, where, what string
	// broken are requests that it can repair; nil if it is not about requests that are malformed.
	broken []map[string]any
	// make builds the layer. It asks when for each case, and calls changed for each change.
	make func(when *when, changed func()) *mutant.Layer
}

// Generate makes n mutants, or all that there are, in an order that the seed fixes. Families take turns, so that a small
// number of mutants has some of each.
func Generate(n int, seed uint64) []*Mutant {
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // nothing is secret about it
	byFamily, families := map[string][]*Mutant{}, []string{}
	for _, s := range sites() {
		for _, w := range conditions() {
			if !w.fits(s) || !w.possible(s) {
				continue
			}
			if byFamily[s.family] == nil {
				families = append(families, s.family)
			}
			byFamily[s.family] = append(byFamily[s.family], mutantOf(s, w))
		}
	}
	for _, family := range families {
		mutants := byFamily[family]
		random.Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
	}
	var chosen []*Mutant
	for len(chosen) < n {
		before := len(chosen)
		for _, family := range families {
			if rest := byFamily[family]; len(rest) > 0 && len(chosen) < n {
				chosen, byFamily[family] = append(chosen, rest[0]), rest[1:]
			}
		}
		if len(chosen) == before {
			break
		}
	}
	return chosen
}

// Named finds a mutant by its name; nil for none.
func Named(name string) *Mutant {
	parts := strings.Split(name, " | ")
	if len(parts) != 3 {
		return nil
	}
	for _, s := range sites() {
		for _, w := range conditions() {
			if s.where == parts[0] && s.what == parts[1] && w.name == parts[2] && w.fits(s) && w.possible(s) {
				return mutantOf(s, w)
			}
		}
	}
	return nil
}

func mutantOf(s site, w condition) *Mutant {
	m := &Mutant{Family: s.family, Where: s.where, What: s.what, When: w.name, changed: new(atomic.Int64)}
	changed := m.changed
	m.Layer = mutant.PerServer(func() *mutant.Layer {
		when := &when{condition: w, histories: &mutant.Store[*history]{}}
		return mutant.Chain(counting(when), s.make(when, func() { changed.Add(1) }), observing(when))
	})
	return m
}

func sites() []site {
	var all []site
	for _, family := range [][]site{
		memberSites(), headerSites(), statusSites(), bodySites(), credentialSites(), storeSites(), listSites(), validationSites(),
	} {
		all = append(all, family...)
	}
	return all
}
