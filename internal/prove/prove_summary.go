package prove

import "github.com/sa-conformance/conformance/internal/proof"

// Summary counts what a proof says.
func (p *Proof) Summary() proof.Summary {
	s := proof.Summary{Catalogue: p.Catalogue, Defects: len(p.Defects), Variants: len(p.Variants), Proved: len(p.ProvedBy)}
	s.Requirements = s.Proved + len(p.Unproved)
	s.Killed = s.Defects - len(p.Survivors())
	s.Spared = s.Variants - len(p.Blamed())
	roots := 0
	for _, t := range p.Defects {
		roots += len(t.Failed)
	}
	if s.Defects > 0 {
		s.Blame = float64(roots*100/s.Defects) / 100
	}
	return s
}

// Survivors lists the defects that were not found out by the requirement that is meant to.
func (p *Proof) Survivors() []Trial { return notPassed(p.Defects) }

// Blamed lists the variants that something was held against.
func (p *Proof) Blamed() []Trial { return notPassed(p.Variants) }

func notPassed(trials []Trial) []Trial {
	var found []Trial
	for _, t := range trials {
		if !t.Passed {
			found = append(found, t)
		}
	}
	return found
}
