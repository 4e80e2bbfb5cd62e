package mutant

import "github.com/sa-conformance/conformance/internal/reference"

// Variants lists every legal variant, group by group.
func Variants() []Variant {
	all := []Variant{
		{Name: "plain-reference", Description: "the reference as it is", Source: "the contract", Layer: &Layer{}},
		{
			Name: "jwe-tokens", Description: "issues nested JWTs that only it can read", Source: "RFC 7519 section 5.2",
			Layer: &Layer{Configure: func(c *reference.Config) { c.Tokens = reference.JWE }},
		},
	}
	for _, group := range [][]Variant{
		transportVariants(), timingVariants(), PaceVariants(PaceScale), formVariants(), memberVariants(), choiceVariants(), refusalVariants(),
		tokenVariants(), parserVariants(), limitVariants(), gatewayVariants(), oddityVariants(),
		proxyVariants(), strangerVariants(), orderVariants(), keyVariants(), algorithmVariants(), revocationVariants(),
	} {
		all = append(all, group...)
	}
	return append(all, combinedVariants(all)...)
}

// observed is the source of what real deployments were seen to do, and no document forbids.
const observed = "observed on a real deployment, and forbidden nowhere"
