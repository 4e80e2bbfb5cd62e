package defect

import (
	"encoding/base64"
	"strings"
)

// jweStructure hands out encrypted tokens that are none.
func jweStructure() []Defect {
	const unreadable = "whoever has the key cannot decrypt the token"
	const ambiguous = "two readers of one token see two tokens"
	header := func(name string, value any) Layer { return encrypted(withHeader(name, value)) }
	part := func(change func(string) string) Layer { return encrypted(withToken(change)) }
	zeros := func(n int) func(string) string { return instead(strings.Repeat("\x00", n)) }
	encoded := func(n int) string { return base64.RawURLEncoding.EncodeToString(make([]byte, n)) }
	return family("token structure: JWE",
		Defect{
			Name: "jwe-four-segments", Description: "leaves the initialization vector out, with its dot",
			Effect: unreadable, Breaks: []string{"token.kind.segments"},
			Layer: part(func(token string) string {
				parts := strings.Split(token, ".")
				return strings.Join(append(parts[:2:2], parts[3:]...), ".")
			}),
		},
		Defect{
			Name: "jwe-header-text", Description: "writes the header of an encrypted token as a text",
			Effect: unreadable, Breaks: []string{"token.header.object"}, Layer: part(octets(0, instead(`"A256GCM"`))),
		},
		Defect{
			Name: "jwe-alg-missing", Description: "does not say how the key of an encrypted token is wrapped",
			Effect: unreadable, Breaks: []string{"token.header.object"}, Layer: header("alg", gone()),
		},
		Defect{
			Name: "jwe-alg-signature", Description: "names a signature algorithm in an encrypted token",
			Effect: unreadable, Breaks: []string{"token.jwe.algorithms"}, Layer: header("alg", "ES512"),
		},
		Defect{
			Name: "jwe-enc-missing", Description: "does not say how an encrypted token is encrypted",
			Effect: unreadable, Breaks: []string{"token.jwe.algorithms"}, Layer: header("enc", gone()),
		},
		Defect{
			Name: "jwe-enc-unknown", Description: "names its content encryption as OpenSSL does",
			Effect: unreadable, Breaks: []string{"token.jwe.algorithms"}, Layer: header("enc", "aes-256-gcm"),
		},
		Defect{
			Name: "jwe-header-twice", Description: "writes enc twice into the header of an encrypted token",
			Effect: ambiguous, Breaks: []string{"token.header.unique-names"}, Layer: part(octets(0, beginning(`"enc":"A128GCM"`))),
		},
		Defect{
			Name: "jwe-crit", Description: "demands an unknown extension of those who decrypt the token",
			Effect: unreadable, Breaks: []string{"token.header.critical"}, Layer: header("crit", []string{"exp"}),
		},
		Defect{
			Name: "jwe-typ-array", Description: "writes the typ of an encrypted token as an array",
			Effect: unreadable, Breaks: []string{"token.header.type"}, Layer: header("typ", []string{"at+jwt"}),
		},
		Defect{
			Name: "jwe-vector-16", Description: "has an initialization vector of 16 bytes for AES-GCM",
			Effect: unreadable, Breaks: []string{"token.jwe.vector"}, Layer: part(octets(2, zeros(16))),
		},
		Defect{
			Name: "jwe-vector-cbc", Description: "names AES-CBC and brings an initialization vector of 12 bytes",
			Effect: unreadable, Breaks: []string{"token.jwe.vector"}, Layer: header("enc", "A128CBC-HS256"),
		},
		Defect{
			Name: "jwe-vector-empty", Description: "leaves the initialization vector empty",
			Effect: unreadable, Breaks: []string{"token.segments.alphabet"}, Layer: part(segment(2, instead(""))),
		},
		Defect{
			Name: "jwe-tag-12", Description: "cuts the authentication tag down to 12 bytes",
			Effect: "readers refuse the token, or accept weak ones", Breaks: []string{"token.jwe.tag"}, Layer: part(octets(4, first(12))),
		},
		Defect{
			Name: "jwe-tag-empty", Description: "leaves the authentication tag empty",
			Effect: "nobody can tell whether the token was altered", Breaks: []string{"token.segments.alphabet"},
			Layer: part(segment(4, instead(""))),
		},
		Defect{
			Name: "jwe-tag-unused-bits", Description: "sets the bits of the authentication tag's last character that mean nothing",
			Effect: ambiguous, Breaks: []string{"token.segments.alphabet"},
			Layer: part(segment(4, func(text string) string { return text[:len(text)-1] + "_" })),
		},
		Defect{
			Name: "jwe-key-24", Description: "wraps a key of 24 bytes for a content encryption of 32",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: part(octets(1, first(24))),
		},
		Defect{
			Name: "jwe-key-40", Description: "has a wrapped key that is longer than GCM makes it",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: part(octets(1, zeros(40))),
		},
		Defect{
			Name: "jwe-key-empty", Description: "leaves the wrapped key out",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: part(segment(1, instead(""))),
		},
		Defect{
			Name: "jwe-key-direct", Description: "names direct encryption and brings a key all the same",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: header("alg", "dir"),
		},
		Defect{
			Name: "jwe-key-other-enc", Description: "names AES of 192 bits and brings a key of 256",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: header("enc", "A192GCM"),
		},
		Defect{
			Name: "jwe-header-iv-missing", Description: "leaves the vector of the key's wrapping out of the header",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: header("iv", gone()),
		},
		Defect{
			Name: "jwe-header-iv-8", Description: "wraps the key with a vector of 8 bytes",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: header("iv", encoded(8)),
		},
		Defect{
			Name: "jwe-header-tag-missing", Description: "leaves the tag of the key's wrapping out of the header",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: header("tag", gone()),
		},
		Defect{
			Name: "jwe-header-tag-12", Description: "wraps the key with a tag of 12 bytes",
			Effect: unreadable, Breaks: []string{"token.jwe.key"}, Layer: header("tag", encoded(12)),
		},
		Defect{
			Name: "jwe-cty-other", Description: "says that an encrypted token holds plain JSON",
			Effect: "readers do not look for the signature inside", Breaks: []string{"token.jwe.content-type"}, Layer: header("cty", "json"),
		},
		Defect{
			Name: "jwe-zip-unknown", Description: "compresses an encrypted token in a way that nobody registered",
			Effect: unreadable, Breaks: []string{"token.jwe.compression"}, Layer: header("zip", "GZIP"),
		},
		Defect{
			Name: "jwe-zip-lower-case", Description: "names the compression of an encrypted token in lower case",
			Effect: unreadable, Breaks: []string{"token.jwe.compression"}, Layer: header("zip", "def"),
		},
		Defect{
			Name: "jwe-certificate-broken", Description: "has a certificate in the header that is none",
			Effect: "common libraries refuse the token", Breaks: []string{"token.library.readable"}, Layer: header("x5c", []string{"no certificate"}),
		},
	)
}
