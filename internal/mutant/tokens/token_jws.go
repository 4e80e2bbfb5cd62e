// Package tokens holds mutants of access tokens: their structure, claims, life and death, the keys and the discovery
// documents. They sign with keys of their own or of the reference.
package tokens

import (
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// JwsStructure hands out signed tokens that are none.
func JwsStructure() []*mutant.Defect {
	const unreadable = "resource servers that read tokens by the book refuse it"
	const lenient = "a reader that is strict refuses what a lenient one accepts, and the two disagree about who is calling"
	return mutant.InFamily("token structure: JWS",
		mutant.Defective("token-opaque", "hands out an opaque text in place of a JWT", "clients cannot read when their token expires",
			mutant.WithToken(func(token string) string {
				sum := sha256.Sum256([]byte(token))
				return hex.EncodeToString(sum[:])
			}), "token.kind.segments"),
		mutant.Defective("token-two-segments", "leaves the signature of the token out, with its dot", unreadable,
			mutant.WithToken(func(token string) string { return token[:strings.LastIndexByte(token, '.')] }), "token.kind.segments"),
		mutant.Defective("token-four-segments", "appends a checksum to the token as a fourth segment", unreadable,
			mutant.WithToken(func(token string) string { return token + ".c2Vh" }), "token.kind.segments"),
		mutant.Defective("token-padded", "pads the segments of the token with equals signs", unreadable,
			mutant.Disguised(func() func(string, string) string {
				return func(_, token string) string {
					parts := strings.Split(token, ".")
					for i, part := range parts {
						parts[i] = part + strings.Repeat("=", (4-len(part)%4)%4)
					}
					return strings.Join(parts, ".")
				}
			}), "token.segments.alphabet"),
		mutant.Defective("token-plain-base64", "encodes the token with plus and slash in place of dash and underscore", "the token breaks wherever it becomes part of a URL or a file name",
			mutant.WithToken(func(token string) string { return strings.NewReplacer("-", "+", "_", "/").Replace(token) }), "token.segments.alphabet"),
		mutant.Defective("token-newline", "breaks the token into lines as PEM does", "clients cannot put it into a header",
			mutant.WithToken(mutant.Segment(2, func(text string) string { return text[:64] + "\n" + text[64:] })), "token.segments.alphabet"),
		mutant.Defective("token-signature-empty", "leaves the signature of the token out, and keeps its dot", "anybody can write such a token",
			mutant.WithToken(mutant.Segment(2, mutant.Replacing(""))), "token.segments.alphabet"),
		mutant.Defective("token-unused-bits", "sets the bits of the header's last character that mean nothing", lenient,
			mutant.WithInput(mutant.Segment(0, strayBits)), "token.segments.alphabet"),
		mutant.Defective("token-header-array", "writes the header of the token as an array", unreadable,
			mutant.WithInput(mutant.Octets(0, func(text string) string { return "[" + text + "]" })), "token.header.object"),
		mutant.Defective("token-header-trailing", "writes a second object behind the header of the token", lenient,
			mutant.WithInput(mutant.Octets(0, func(text string) string { return text + "{}" })), "token.header.object"),
		mutant.Defective("token-alg-missing", "does not say by which algorithm the token is signed", unreadable,
			mutant.WithHeader("alg", mutant.Gone()), "token.header.object"),
		mutant.Defective("token-alg-number", "names the algorithm of the token by a number", unreadable,
			mutant.WithHeader("alg", -36), "token.header.object"),
		mutant.Defective("token-alg-none", "says of a signed token that it needs no signature", "a reader that believes it accepts tokens of anybody",
			mutant.WithHeader("alg", "none"), "token.jws.algorithm"),
		mutant.Defective("token-alg-none-recased", "says None, with a capital, of a signed token", "a reader that believes it accepts tokens of anybody",
			mutant.WithHeader("alg", "None"), "token.jws.algorithm"),
		mutant.Defective("token-alg-lower-case", "names the algorithm of the token in lower case", unreadable,
			mutant.WithHeader("alg", "es512"), "token.jws.registered"),
		mutant.Defective("token-alg-other", "names ES256 in a token that is signed by ES512", unreadable,
			mutant.WithHeader("alg", "ES256"), "token.jws.signature-length"),
		mutant.Defective("token-typ-other", "says of an access token that it is an ID token", "resource servers refuse it, or accept ID tokens in its place",
			mutant.WithHeader("typ", "id+jwt"), "token.header.type"),
		mutant.Defective("token-typ-number", "writes the typ of the token as a number", unreadable,
			mutant.WithHeader("typ", 1), "token.header.type"),
		mutant.Defective("token-crit-unknown", "demands of readers an extension that nobody knows", "every reader that keeps RFC 7515 refuses the token",
			mutant.WithHeader("crit", []string{"kid"}), "token.header.critical"),
		mutant.Defective("token-crit-extension", "demands of readers an extension of its own", "every reader but the service refuses the token",
			mutant.WithHooks(func() reference.Hooks {
				return reference.Hooks{Header: func(header map[string]any) { header["crit"], header["tenant"] = []string{"tenant"}, "a" }}
			}), "token.header.no-extension"),
		mutant.Defective("token-no-client-id", "issues tokens of the type at+jwt without client_id", "readers of at+jwt refuse the token",
			mutant.WithClaims(func(claims map[string]any) { delete(claims, "client_id") }), "token.jws.claims"),
		mutant.Defective("token-no-audience", "issues tokens of the type at+jwt without aud", "services cannot tell whether the token is for them",
			mutant.WithClaims(func(claims map[string]any) { delete(claims, "aud") }), "token.jws.claims"),
		mutant.Defective("token-b64-false", "says that the payload is not encoded, where it is", unreadable,
			mutant.WithHeader("b64", false), "token.header.critical"),
		mutant.Defective("token-header-twice", "writes a member of the token's header twice", lenient,
			mutant.WithInput(mutant.Octets(0, mutant.HeaderBeginning(`"alg":"ES512"`))), "token.header.unique-names"),
		mutant.Defective("token-header-twice-below", "writes a member twice in an object within the token's header", lenient,
			mutant.WithInput(mutant.Octets(0, mutant.HeaderBeginning(`"x-origin":{"region":"a","region":"b"}`))), "token.nested.unique-names"),
		mutant.Defective("token-claim-twice", "writes a claim of the token twice", lenient,
			mutant.WithInput(mutant.Octets(1, mutant.HeaderBeginning(`"client_id":"another"`))), "token.jws.unique-claims"),
		mutant.Defective("token-claim-twice-escaped", "writes a claim twice, once with an escape in its name", lenient,
			mutant.WithInput(mutant.Octets(1, mutant.HeaderBeginning(`"client\u005fid":"another"`))), "token.jws.unique-claims"),
		mutant.Defective("token-payload-text", "signs a text in place of claims", "nobody can tell whose token it is",
			mutant.WithInput(mutant.Octets(1, mutant.Replacing(`"service account"`))), "token.jws.payload"),
		mutant.Defective("token-payload-null", "signs null in place of claims", "nobody can tell whose token it is",
			mutant.WithInput(mutant.Octets(1, mutant.Replacing("null"))), "token.jws.payload"),
		mutant.Defective("token-exp-text", "writes exp as a string of digits", "readers refuse the token, or take it to be good for ever",
			mutant.WithClaims(func(claims map[string]any) { claims["exp"] = string(marshalled(claims["exp"])) }), "token.jws.numeric-dates"),
		mutant.Defective("token-exp-milliseconds", "counts exp in milliseconds", "readers take the token to be good for fifty thousand years",
			mutant.WithClaims(func(claims map[string]any) { claims["exp"] = claims["exp"].(int64) * 1000 }), "token.jws.numeric-dates"),
		mutant.Defective("token-nbf-null", "writes nbf as null", unreadable,
			mutant.WithClaim("nbf", nil), "token.jws.numeric-dates"),
		mutant.Defective("token-signature-131", "leaves out the first byte of the signature", "no reader can verify it",
			mutant.WithToken(mutant.Octets(2, func(text string) string { return text[1:] })), "token.jws.signature-length"),
		mutant.Defective("token-signature-64", "cuts the signature down to 64 bytes", "no reader can verify it",
			mutant.WithToken(mutant.Octets(2, mutant.FirstBytes(64))), "token.jws.signature-length"),
		mutant.Defective("token-signature-der", "writes the signature in DER, as X.509 does", "no reader of JWTs can verify it",
			mutant.WithToken(mutant.Octets(2, inDER)), "token.jws.signature-length"),
		mutant.Defective("token-number-unreadable", "has a claim that is a number too large for any reader", "common libraries refuse the token",
			mutant.WithClaim("quota", json.RawMessage("1e999")), "token.library.readable"),
	)
}

// strayBits spaces a header until its last character has bits to spare, and sets them.
func strayBits(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	header, _ := base64.RawURLEncoding.DecodeString(text)
	for len(header)%3 == 0 {
		header = append(header, ' ')
	}
	text = base64.RawURLEncoding.EncodeToString(header)
	last := len(text) - 1
	return text[:last] + string(alphabet[strings.IndexByte(alphabet, text[last])|1])
}

// inDER is an ECDSA signature in ASN.1.
func inDER(signature string) string {
	half := len(signature) / 2
	number := func(text string) *big.Int { return new(big.Int).SetBytes([]byte(text)) }
	encoded, _ := asn1.Marshal([]*big.Int{number(signature[:half]), number(signature[half:])}) // numbers always marshal
	return string(encoded)
}

func marshalled(value any) []byte {
	text, _ := json.Marshal(value) // a claim of the reference
	return text
}
