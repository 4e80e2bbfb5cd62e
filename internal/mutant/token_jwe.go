package mutant

import (
	"encoding/base64"
	"strings"
)

// jweStructure hands out encrypted tokens that are none.
func jweStructure() []*Defect {
	const unreadable = "whoever has the key cannot decrypt the token"
	const ambiguous = "two readers of one token see two tokens"
	header := func(name string, value any) *Layer { return encrypted(withHeader(name, value)) }
	part := func(change func(string) string) *Layer { return encrypted(withToken(change)) }
	zeros := func(n int) func(string) string { return instead(strings.Repeat("\x00", n)) }
	encoded := func(n int) string { return base64.RawURLEncoding.EncodeToString(make([]byte, n)) }
	return inFamily("token structure: JWE",
		defective("jwe-four-segments", "leaves the initialization vector out, with its dot", unreadable,
			part(func(token string) string {
				parts := strings.Split(token, ".")
				return strings.Join(append(parts[:2:2], parts[3:]...), ".")
			}), "token.kind.segments"),
		defective("jwe-header-text", "writes the header of an encrypted token as a text", unreadable,
			part(octets(0, instead(`"A256GCM"`))), "token.header.object"),
		defective("jwe-alg-missing", "does not say how the key of an encrypted token is wrapped", unreadable,
			header("alg", gone()), "token.header.object"),
		defective("jwe-alg-signature", "names a signature algorithm in an encrypted token", unreadable,
			header("alg", "ES512"), "token.jwe.algorithms"),
		defective("jwe-enc-missing", "does not say how an encrypted token is encrypted", unreadable,
			header("enc", gone()), "token.jwe.algorithms"),
		defective("jwe-enc-unknown", "names its content encryption as OpenSSL does", unreadable,
			header("enc", "aes-256-gcm"), "token.jwe.algorithms"),
		defective("jwe-header-twice", "writes enc twice into the header of an encrypted token", ambiguous,
			part(octets(0, beginning(`"enc":"A128GCM"`))), "token.header.unique-names"),
		defective("jwe-crit", "demands an unknown extension of those who decrypt the token", unreadable,
			header("crit", []string{"exp"}), "token.header.critical"),
		defective("jwe-typ-array", "writes the typ of an encrypted token as an array", unreadable,
			header("typ", []string{"at+jwt"}), "token.header.type"),
		defective("jwe-vector-16", "has an initialization vector of 16 bytes for AES-GCM", unreadable,
			part(octets(2, zeros(16))), "token.jwe.vector"),
		defective("jwe-vector-cbc", "names AES-CBC and brings an initialization vector of 12 bytes", unreadable,
			header("enc", "A128CBC-HS256"), "token.jwe.vector"),
		defective("jwe-vector-empty", "leaves the initialization vector empty", unreadable,
			part(segment(2, instead(""))), "token.segments.alphabet"),
		defective("jwe-tag-12", "cuts the authentication tag down to 12 bytes", "readers refuse the token, or accept weak ones",
			part(octets(4, first(12))), "token.jwe.tag"),
		defective("jwe-tag-empty", "leaves the authentication tag empty", "nobody can tell whether the token was altered",
			part(segment(4, instead(""))), "token.segments.alphabet"),
		defective("jwe-tag-unused-bits", "sets the bits of the authentication tag's last character that mean nothing", ambiguous,
			part(segment(4, func(text string) string { return text[:len(text)-1] + "_" })), "token.segments.alphabet"),
		defective("jwe-key-24", "wraps a key of 24 bytes for a content encryption of 32", unreadable,
			part(octets(1, first(24))), "token.jwe.key"),
		defective("jwe-key-40", "has a wrapped key that is longer than GCM makes it", unreadable,
			part(octets(1, zeros(40))), "token.jwe.key"),
		defective("jwe-key-empty", "leaves the wrapped key out", unreadable,
			part(segment(1, instead(""))), "token.jwe.key"),
		defective("jwe-key-direct", "names direct encryption and brings a key all the same", unreadable,
			header("alg", "dir"), "token.jwe.key"),
		defective("jwe-key-other-enc", "names AES of 192 bits and brings a key of 256", unreadable,
			header("enc", "A192GCM"), "token.jwe.key"),
		defective("jwe-header-iv-missing", "leaves the vector of the key's wrapping out of the header", unreadable,
			header("iv", gone()), "token.jwe.key"),
		defective("jwe-header-iv-8", "wraps the key with a vector of 8 bytes", unreadable,
			header("iv", encoded(8)), "token.jwe.key"),
		defective("jwe-header-tag-missing", "leaves the tag of the key's wrapping out of the header", unreadable,
			header("tag", gone()), "token.jwe.key"),
		defective("jwe-header-tag-12", "wraps the key with a tag of 12 bytes", unreadable,
			header("tag", encoded(12)), "token.jwe.key"),
		defective("jwe-cty-other", "says that an encrypted token holds plain JSON", "readers do not look for the signature inside",
			header("cty", "json"), "token.jwe.content-type"),
		defective("jwe-zip-unknown", "compresses an encrypted token in a way that nobody registered", unreadable,
			header("zip", "GZIP"), "token.jwe.compression"),
		defective("jwe-zip-lower-case", "names the compression of an encrypted token in lower case", unreadable,
			header("zip", "def"), "token.jwe.compression"),
		defective("jwe-certificate-broken", "has a certificate in the header that is none", "common libraries refuse the token",
			header("x5c", []string{"no certificate"}), "token.library.readable"),
	)
}
