package variants

import (
	"maps"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// algorithmVariants issue tokens with headers that only they understand.
func algorithmVariants() []mutant.Variant {
	const (
		extension = "RFC 7515 section 4.1.11: the service reads its own tokens"
		jws, jwe  = "RFC 7515 section 4.1.1", "RFC 7516 section 4.1"
		uri       = "https://identity.example.com/extension"
	)
	headers := func(members map[string]any) *mutant.Layer {
		return mutant.WithHooks(func() reference.Hooks {
			return reference.Hooks{Header: func(header map[string]any) { maps.Copy(header, members) }}
		})
	}
	critical := map[string]any{"crit": []string{uri}, uri: true}
	return []mutant.Variant{
		{Name: "critical-extension", About: mutant.Tokens, Description: "demands of readers an extension of its own", Source: extension, Layer: headers(critical)},
		{Name: "critical-extension-encrypted", About: mutant.Tokens, Description: "demands of readers of its encrypted tokens an extension of its own", Source: extension, Layer: mutant.Encrypted(headers(critical))},
		{Name: "algorithm-by-uri", About: mutant.Tokens, Description: "names its signature algorithm by a URI", Source: jws, Layer: headers(map[string]any{"alg": uri})},
		{Name: "encryption-by-uri", About: mutant.Tokens, Description: "names its algorithms of encryption by URIs", Source: jwe, Layer: mutant.Encrypted(headers(map[string]any{"alg": uri, "enc": uri}))},
		{Name: "another-compression", About: mutant.Tokens, Description: "compresses its encrypted tokens by an algorithm of its own", Source: "RFC 7516 section 4.1.3: other values MAY be used", Layer: mutant.Encrypted(headers(map[string]any{"zip": "ZST"}))},
		{Name: "another-content-type", About: mutant.Tokens, Description: "encrypts claims, and says so by another content type", Source: "RFC 7516 section 4.1.12", Layer: mutant.Encrypted(headers(map[string]any{"cty": "json"}))},
		{Name: "nested-names-twice", About: mutant.Tokens, Description: "has two members of one name in an object within a claim", Source: "RFC 8259 section 4: names SHOULD be unique", Layer: mutant.WithInput(mutant.Octets(1, mutant.HeaderBeginning(`"x-origin":{"region":"a","region":"b"}`)))},
	}
}
