package provecmd

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/prove"
)

// The figures of generated mutants have three parts: not reached, reached and survived, killed.
func TestGeneratedFigures(t *testing.T) {
	p := &prove.GeneratedProof{Depth: check.Standard, Seed: 7, Trials: []prove.GeneratedTrial{
		{Name: "create response | a | always", Family: "status", Changed: 3, Killed: true},
		{Name: "create response | b | always", Family: "status"},
		{Name: "list | c | every fifth time", Family: "list", Changed: 2},
	}}
	for _, format := range []struct {
		render func(*bytes.Buffer) error
		lines  []string
	}{
		{func(b *bytes.Buffer) error { return generatedText(b, p) }, []string{
			"survived  list | c | every fifth time (changed 2 times)",
			"  status        2        1       1         0",
			"    list        1        1       0         1",
			"     all        3        2       1         1",
			"depth standard, seed 7: 66.7 % of 3 mutants reached, 50.0 % of those killed",
		}},
		{func(b *bytes.Buffer) error { return generatedMarkdown(b, p) }, []string{
			"66.7 % of 3, and killed 50.0 % of those that it reached. A mutant is reached if it changed a response or what the server did.",
			"| status | 2 | 1 | 1 | 0 |", "| list | 1 | 1 | 0 | 1 |", `| list \| c \| every fifth time | list | 2 |`,
		}},
	} {
		var b bytes.Buffer
		if err := format.render(&b); err != nil {
			t.Fatal(err)
		}
		for _, line := range format.lines {
			if !strings.Contains(b.String(), line+"\n") {
				t.Errorf("there is no line %q in\n%s", line, &b)
			}
		}
	}
}
