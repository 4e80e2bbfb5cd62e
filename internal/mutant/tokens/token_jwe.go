package tokens

import (
	"encoding/base64"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// JweStructure hands out encrypted tokens that are none.
func JweStructure() []*mutant.Defect {
	const unreadable = "whoever has the key cannot decrypt the token"
	const ambiguous = "two readers of one token see two tokens"
	header := func(name string, value any) *mutant.Layer { return mutant.Encrypted(mutant.WithHeader(name, value)) }
	part := func(change func(string) string) *mutant.Layer { return mutant.Encrypted(mutant.WithToken(change)) }
	zeros := func(n int) func(string) string { return mutant.Replacing(strings.Repeat("\x00", n)) }
	encoded := func(n int) string { return base64.RawURLEncoding.EncodeToString(make([]byte, n)) }
	return mutant.InFamily("token structure: JWE",
		mutant.Defective("jwe-four-segments", "leaves the initialization vector out, with its dot", unreadable,
			part(func(token string) string {
				parts := strings.Split(token, ".")
				return strings.Join(append(parts[:2:2], parts[3:]...), ".")
			}), "token.kind.segments"),
		mutant.Defective("jwe-header-text", "writes the header of an encrypted token as a text", unreadable,
			part(mutant.Octets(0, mutant.Replacing(`"A256GCM"`))), "token.header.object"),
		mutant.Defective("jwe-alg-missing", "does not say how the key of an encrypted token is wrapped", unreadable,
			header("alg", mutant.Gone()), "token.header.object"),
		mutant.Defective("jwe-alg-signature", "names a signature algorithm in an encrypted token", unreadable,
			header("alg", "ES512"), "token.jwe.algorithms"),
		mutant.Defective("jwe-enc-missing", "does not say how an encrypted token is encrypted", unreadable,
			header("enc", mutant.Gone()), "token.jwe.algorithms"),
		mutant.Defective("jwe-enc-unknown", "names its content encryption as OpenSSL does", unreadable,
			header("enc", "aes-256-gcm"), "token.jwe.algorithms"),
		mutant.Defective("jwe-header-twice", "writes enc twice into the header of an encrypted token", ambiguous,
			part(mutant.Octets(0, mutant.HeaderBeginning(`"enc":"A128GCM"`))), "token.header.unique-names"),
		mutant.Defective("jwe-crit", "demands an unknown extension of those who decrypt the token", unreadable,
			header("crit", []string{"exp"}), "token.header.critical"),
		mutant.Defective("jwe-typ-array", "writes the typ of an encrypted token as an array", unreadable,
			header("typ", []string{"at+jwt"}), "token.header.type"),
		mutant.Defective("jwe-vector-16", "has an initialization vector of 16 bytes for AES-GCM", unreadable,
			part(mutant.Octets(2, zeros(16))), "token.jwe.vector"),
		mutant.Defective("jwe-vector-cbc", "names AES-CBC and brings an initialization vector of 12 bytes", unreadable,
			header("enc", "A128CBC-HS256"), "token.jwe.vector"),
		mutant.Defective("jwe-vector-empty", "leaves the initialization vector empty", unreadable,
			part(mutant.Segment(2, mutant.Replacing(""))), "token.segments.alphabet"),
		mutant.Defective("jwe-tag-12", "cuts the authentication tag down to 12 bytes", "readers refuse the token, or accept weak ones",
			part(mutant.Octets(4, mutant.FirstBytes(12))), "token.jwe.tag"),
		mutant.Defective("jwe-tag-empty", "leaves the authentication tag empty", "nobody can tell whether the token was altered",
			part(mutant.Segment(4, mutant.Replacing(""))), "token.segments.alphabet"),
		mutant.Defective("jwe-tag-unused-bits", "sets the bits of the authentication tag's last character that mean nothing", ambiguous,
			part(mutant.Segment(4, func(text string) string { return text[:len(text)-1] + "_" })), "token.segments.alphabet"),
		mutant.Defective("jwe-key-24", "wraps a key of 24 bytes for a content encryption of 32", unreadable,
			part(mutant.Octets(1, mutant.FirstBytes(24))), "token.jwe.key"),
		mutant.Defective("jwe-key-40", "has a wrapped key that is longer than GCM makes it", unreadable,
			part(mutant.Octets(1, zeros(40))), "token.jwe.key"),
		mutant.Defective("jwe-key-empty", "leaves the wrapped key out", unreadable,
			part(mutant.Segment(1, mutant.Replacing(""))), "token.jwe.key"),
		mutant.Defective("jwe-key-direct", "names direct encryption and brings a key all the same", unreadable,
			header("alg", "dir"), "token.jwe.key"),
		mutant.Defective("jwe-key-other-enc", "names AES of 192 bits and brings a key of 256", unreadable,
			header("enc", "A192GCM"), "token.jwe.key"),
		mutant.Defective("jwe-header-iv-missing", "leaves the vector of the key's wrapping out of the header", unreadable,
			header("iv", mutant.Gone()), "token.jwe.key"),
		mutant.Defective("jwe-header-iv-8", "wraps the key with a vector of 8 bytes", unreadable,
			header("iv", encoded(8)), "token.jwe.key"),
		mutant.Defective("jwe-header-tag-missing", "leaves the tag of the key's wrapping out of the header", unreadable,
			header("tag", mutant.Gone()), "token.jwe.key"),
		mutant.Defective("jwe-header-tag-12", "wraps the key with a tag of 12 bytes", unreadable,
			header("tag", encoded(12)), "token.jwe.key"),
		mutant.Defective("jwe-cty-other", "says that an encrypted token holds plain JSON", "readers do not look for the signature inside",
			header("cty", "json"), "token.jwe.content-type"),
		mutant.Defective("jwe-zip-unknown", "compresses an encrypted token in a way that nobody registered", unreadable,
			header("zip", "GZIP"), "token.jwe.compression"),
		mutant.Defective("jwe-zip-lower-case", "names the compression of an encrypted token in lower case", unreadable,
			header("zip", "def"), "token.jwe.compression"),
		mutant.Defective("jwe-certificate-broken", "has a certificate in the header that is none", "common libraries refuse the token",
			header("x5c", []string{"no certificate"}), "token.library.readable"),
	)
}
