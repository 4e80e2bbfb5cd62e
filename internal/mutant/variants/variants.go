// Package variants holds servers that are unusual and legal: no requirement may blame one. Each names the sentence that
// allows it.
package variants

import (
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// All lists every legal variant, group by group.
func All() []mutant.Variant {
	all := []mutant.Variant{
		{Name: "plain-reference", Description: "the reference as it is", Source: "the contract", Layer: &mutant.Layer{}},
		{
			Name: "jwe-tokens", About: mutant.Tokens, Description: "issues nested JWTs that only it can read", Source: "RFC 7519 section 5.2",
			Layer: &mutant.Layer{Configure: func(c *reference.Config) { c.Tokens = reference.JWE }},
		},
	}
	for _, group := range [][]mutant.Variant{
		transportVariants(), timingVariants(), Paced(PaceScale), formVariants(), memberVariants(), choiceVariants(), refusalVariants(),
		tokenVariants(), parserVariants(), limitVariants(), gatewayVariants(), oddityVariants(),
		proxyVariants(), frontVariants(), strangerVariants(), orderVariants(), keyVariants(), algorithmVariants(), revocationVariants(), unforeseenVariants(),
	} {
		all = append(all, group...)
	}
	return append(all, combinedVariants(all)...)
}

// observed is the source of what real deployments were seen to do, and no document forbids.
const observed = "observed on a real deployment, and forbidden nowhere"
