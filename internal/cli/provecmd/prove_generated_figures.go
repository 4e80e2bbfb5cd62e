package provecmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/cli/manual"
	"github.com/sa-conformance/conformance/internal/prove"
)

// familyFigures are the numbers of the generated mutants of one family.
type familyFigures struct {
	family                         string
	all, reached, killed, survived int
}

// survived reports whether a run reached a mutant and did not kill it.
func survived(t prove.GeneratedTrial) bool { return !t.Lawful && t.Changed > 0 && !t.Killed }

// byFamily counts the mutants of each family, in the order in which the families are first tried.
func byFamily(p *prove.GeneratedProof) []familyFigures {
	var all []familyFigures
	for _, t := range p.Trials {
		if t.Lawful {
			continue
		}
		at := slices.IndexFunc(all, func(n familyFigures) bool { return n.family == t.Family })
		if at < 0 {
			at = len(all)
			all = append(all, familyFigures{family: t.Family})
		}
		n := &all[at]
		n.all++
		if t.Changed > 0 {
			n.reached++
		}
		if t.Killed {
			n.killed++
		}
		if survived(t) {
			n.survived++
		}
	}
	return all
}

// generatedMarkdown renders the figures as a section of docs/proof.md.
func generatedMarkdown(w io.Writer, p *prove.GeneratedProof) error {
	var b strings.Builder
	all, reached, killed := p.Counts()
	fmt.Fprintf(&b, "\n## Generated mutants\n\nEach combines a place, a change and an occasion, which a seed chooses. At the depth %s, with the seed %d, the suite reached\n"+
		"%s of %d, and killed %s of those that it reached. A mutant is reached if it changed a response or what the server did.\n\n"+
		"| family | mutants | reached | killed | survived |\n|---|--:|--:|--:|--:|\n", p.Depth, p.Seed, percent(reached, all), all, percent(killed, reached))
	for _, n := range byFamily(p) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", n.family, n.all, n.reached, n.killed, n.survived)
	}
	fmt.Fprint(&b, "\nReached, and not killed:\n\n| mutant | family | changed |\n|---|---|--:|\n")
	for _, t := range p.Trials {
		if survived(t) {
			fmt.Fprintf(&b, "| %s | %s | %d |\n", manual.Cell(t.Name), t.Family, t.Changed)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
