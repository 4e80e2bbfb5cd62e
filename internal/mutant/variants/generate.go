package variants

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Generate makes n legal variants that take two to four liberties at a time, which the seed chooses. Of liberties about one
// topic it takes one, since two of them need not be lawful together: a target that sends no claims cannot name another issuer.
func Generate(n int, seed uint64) []mutant.Variant {
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // nothing is secret about it
	singles := slices.DeleteFunc(All(), func(v mutant.Variant) bool {
		return v.Wrap == nil && v.Configure == nil || v.Slow || v.Several
	})
	var all []mutant.Variant
	for len(all) < n {
		var names []string
		var layers []*mutant.Layer
		taken := map[string]bool{}
		for range 2 + random.IntN(3) {
			v := singles[random.IntN(len(singles))]
			if topic := topicOf(v); !taken[topic] {
				taken[topic] = true
				if v.Outermost {
					names, layers = append([]string{v.Name}, names...), append([]*mutant.Layer{v.Layer}, layers...)
					continue
				}
				names, layers = append(names, v.Name), append(layers, v.Layer)
			}
		}
		if len(names) < 2 {
			continue
		}
		all = append(all, mutant.Variant{
			Name: strings.Join(names, "+"), Description: "takes several liberties at a time", Source: "the sources of its parts", Several: true, Layer: mutant.Chain(layers...),
		})
	}
	return all
}

// topicOf is what a liberty is about: itself, if it shares that with no other.
func topicOf(v mutant.Variant) string {
	if v.About == "" {
		return v.Name
	}
	return string(v.About)
}
