package defect

import "github.com/sa-conformance/conformance/internal/reference"

// Variants lists every legal variant.
func Variants() []Variant {
	return []Variant{
		{Name: "plain-reference", Description: "the reference as it is", Source: "the contract"},
		{
			Name: "jwe-tokens", Description: "issues nested JWTs that only it can read", Source: "RFC 7519 section 5.2",
			Layer: Layer{Configure: func(c *reference.Config) { c.Tokens = reference.JWE }},
		},
	}
}
