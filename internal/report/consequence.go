package report

import (
	"path"
	"slices"

	"github.com/sa-conformance/conformance/spec"
)

// Trace returns the results with ConsequenceOf set wherever a failure explains them. Follows gives, for the id of a
// requirement, path.Match patterns over the ids of those whose failure explains its own.
//
// A result that failed or is inconclusive is a consequence of the first cause that its patterns lead to, through other
// such results: a failure that has no cause itself. Of several the first in the order of the results counts. Of
// failures that explain each other the first one is the cause of the rest. The failure of a MUST is no consequence of a SHOULD.
func Trace(results []Result, follows map[string][]string) []Result {
	traced := slices.Clone(results)
	g := newCauses(results, follows)
	for i := range traced {
		traced[i].ConsequenceOf = ""
		if g.edges[i] == nil || g.isRoot(i) {
			continue
		}
		for _, j := range g.failuresBehind(i) {
			if g.isRoot(j) {
				traced[i].ConsequenceOf = results[j].ID
				break
			}
		}
	}
	return traced
}

// causes is the graph of the results that did not go well: for each, those that may explain it.
type causes struct {
	results []Result
	edges   map[int][]int
	behind  map[int][]int
}

func newCauses(results []Result, follows map[string][]string) *causes {
	g := &causes{results: results, edges: map[int][]int{}, behind: map[int][]int{}}
	var bad []int
	for i, r := range results {
		if r.Outcome.Broke() || r.Outcome == Inconclusive {
			bad = append(bad, i)
		}
	}
	if !slices.ContainsFunc(results, func(r Result) bool { return r.Outcome.Broke() }) {
		return g
	}
	for _, i := range bad {
		for _, j := range bad {
			if i != j && matches(follows[results[i].ID], results[j].ID) && !outweighs(results[i], results[j]) {
				g.edges[i] = append(g.edges[i], j)
			}
		}
	}
	return g
}

// outweighs reports whether a result is not explained by another, since it decides the verdict and the other does not: a MUST that is
// broken stands for itself beside a SHOULD.
func outweighs(r, other Result) bool {
	return r.Outcome.Broke() && r.Level == spec.Must && other.Level == spec.Should
}

// failuresBehind lists the other failures that edges lead to from a result, in the order of the results.
func (g *causes) failuresBehind(i int) []int {
	if found, ok := g.behind[i]; ok {
		return found
	}
	seen := map[int]bool{i: true}
	var found []int
	for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
		for _, j := range g.edges[queue[0]] {
			if seen[j] {
				continue
			}
			seen[j] = true
			queue = append(queue, j)
			if g.results[j].Outcome.Broke() {
				found = append(found, j)
			}
		}
	}
	slices.Sort(found)
	g.behind[i] = found
	return found
}

// isRoot reports whether a failure has no cause, but for failures that it causes in turn and comes before.
func (g *causes) isRoot(i int) bool {
	if !g.results[i].Outcome.Broke() {
		return false
	}
	for _, j := range g.failuresBehind(i) {
		if j < i || !slices.Contains(g.failuresBehind(j), i) {
			return false
		}
	}
	return true
}

func matches(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, id)
		return ok && err == nil
	})
}
