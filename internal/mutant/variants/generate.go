package variants

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// Generate makes n legal variants that take two to four liberties at a time, which the seed chooses. Of liberties about one
// topic it takes one, since two of them need not be lawful together: a target that sends no claims cannot name another issuer.
func Generate(n int, seed uint64) []mutant.Variant {
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // nothing is secret about it
	singles := slices.DeleteFunc(All(), func(v mutant.Variant) bool {
		return v.Wrap == nil && v.Configure == nil || patient.MatchString(v.Name) || strings.HasPrefix(v.Description, "takes many liberties")
	})
	var all []mutant.Variant
	for len(all) < n {
		var names []string
		var layers []*mutant.Layer
		taken := map[string]bool{}
		for range 2 + random.IntN(3) {
			v := singles[random.IntN(len(singles))]
			if topic := topicOf(v.Name); !taken[topic] {
				taken[topic] = true
				if outermost.MatchString(v.Name) {
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
			Name: strings.Join(names, "+"), Description: "takes several liberties at a time", Source: "the sources of its parts", Layer: mutant.Chain(layers...),
		})
	}
	return all
}

// patient are variants that make a run take many seconds.
var patient = regexp.MustCompile(`^(creates-paced|writes-paced|deletions-slow|slow-|paced-by|large-organization)`)

// outermost are variants that change how a response is written, and see it last.
var outermost = regexp.MustCompile(`^(chunked|http2|lower-case-headers|upper-case-headers|gzip|indented|quoted-charset|no-charset|charset)`)

// topics are what liberties are about.
var topics = []struct {
	name  string
	names *regexp.Regexp
}{
	{"time", regexp.MustCompile(`paced|deletion|behind|rate-limited|unavailable|unknown-at-first|replica|revoked|closing|^one-(bad|gate|fail)|bad-gateway|create-409|second-delete`)},
	{"token", regexp.MustCompile(`jwe|signed|claims|type|key|compress|algorithm|encrypt|critical|nested|issuer|minted|fractional|short-lived|userinfo|uuid|upper-case-ids`)}, // a token names the id
	{"writing", outermost},
	{"times", regexp.MustCompile(`seconds|offset|times$`)},
	{"status", regexp.MustCompile(`pending|provisioning|in-error|status|details`)},
	{"body", regexp.MustCompile(`read$|ignored$|media|body|malformed|large|last-member|order-mark|length|utf-8|path-before`)},
	{"refusal", regexp.MustCompile(`challenge|token|scheme|garbage|restricted|foreign|organization|permission|accounts-may`)},
	{"groups", regexp.MustCompile(`group`)},
}

// topicOf is what a liberty is about: itself, if it shares that with no other.
func topicOf(name string) string {
	for _, t := range topics {
		if t.names.MatchString(name) {
			return t.name
		}
	}
	return name
}
