package defect

import (
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"
)

// jwsStructure hands out signed tokens that are none.
func jwsStructure() []Defect {
	const unreadable = "resource servers that read tokens by the book refuse it"
	const lenient = "a reader that is strict refuses what a lenient one accepts, and the two disagree about who is calling"
	return family("token structure: JWS",
		Defect{
			Name: "token-opaque", Description: "hands out an opaque text in place of a JWT",
			Effect: "clients cannot read when their token expires", Breaks: []string{"token.kind.segments"},
			Layer: withToken(func(token string) string {
				sum := sha256.Sum256([]byte(token))
				return hex.EncodeToString(sum[:])
			}),
		},
		Defect{
			Name: "token-two-segments", Description: "leaves the signature of the token out, with its dot",
			Effect: unreadable, Breaks: []string{"token.kind.segments"},
			Layer: withToken(func(token string) string { return token[:strings.LastIndexByte(token, '.')] }),
		},
		Defect{
			Name: "token-four-segments", Description: "appends a checksum to the token as a fourth segment",
			Effect: unreadable, Breaks: []string{"token.kind.segments"},
			Layer: withToken(func(token string) string { return token + ".c2Vh" }),
		},
		Defect{
			Name: "token-padded", Description: "pads the segments of the token with equals signs",
			Effect: unreadable, Breaks: []string{"token.segments.alphabet"},
			Layer: dressed(func() func(string, string) string {
				return func(_, token string) string {
					parts := strings.Split(token, ".")
					for i, part := range parts {
						parts[i] = part + strings.Repeat("=", (4-len(part)%4)%4)
					}
					return strings.Join(parts, ".")
				}
			}),
		},
		Defect{
			Name: "token-plain-base64", Description: "encodes the token with plus and slash in place of dash and underscore",
			Effect: "the token breaks wherever it becomes part of a URL or a file name", Breaks: []string{"token.segments.alphabet"},
			Layer: withToken(func(token string) string { return strings.NewReplacer("-", "+", "_", "/").Replace(token) }),
		},
		Defect{
			Name: "token-newline", Description: "breaks the token into lines as PEM does",
			Effect: "clients cannot put it into a header", Breaks: []string{"token.segments.alphabet"},
			Layer: withToken(segment(2, func(text string) string { return text[:64] + "\n" + text[64:] })),
		},
		Defect{
			Name: "token-signature-empty", Description: "leaves the signature of the token out, and keeps its dot",
			Effect: "anybody can write such a token", Breaks: []string{"token.segments.alphabet"},
			Layer: withToken(segment(2, instead(""))),
		},
		Defect{
			Name: "token-unused-bits", Description: "sets the bits of the header's last character that mean nothing",
			Effect: lenient, Breaks: []string{"token.segments.alphabet"},
			Layer: withInput(segment(0, strayBits)),
		},
		Defect{
			Name: "token-header-array", Description: "writes the header of the token as an array",
			Effect: unreadable, Breaks: []string{"token.header.object"},
			Layer: withInput(octets(0, func(text string) string { return "[" + text + "]" })),
		},
		Defect{
			Name: "token-header-trailing", Description: "writes a second object behind the header of the token",
			Effect: lenient, Breaks: []string{"token.header.object"},
			Layer: withInput(octets(0, func(text string) string { return text + "{}" })),
		},
		Defect{
			Name: "token-alg-missing", Description: "does not say by which algorithm the token is signed",
			Effect: unreadable, Breaks: []string{"token.header.object"}, Layer: withHeader("alg", gone()),
		},
		Defect{
			Name: "token-alg-number", Description: "names the algorithm of the token by a number",
			Effect: unreadable, Breaks: []string{"token.header.object"}, Layer: withHeader("alg", -36),
		},
		Defect{
			Name: "token-alg-none", Description: "says of a signed token that it needs no signature",
			Effect: "a reader that believes it accepts tokens of anybody", Breaks: []string{"token.jws.algorithm"},
			Layer: withHeader("alg", "none"),
		},
		Defect{
			Name: "token-alg-none-recased", Description: "says None, with a capital, of a signed token",
			Effect: "a reader that believes it accepts tokens of anybody", Breaks: []string{"token.jws.algorithm"},
			Layer: withHeader("alg", "None"),
		},
		Defect{
			Name: "token-alg-lower-case", Description: "names the algorithm of the token in lower case",
			Effect: unreadable, Breaks: []string{"token.jws.algorithm"}, Layer: withHeader("alg", "es512"),
		},
		Defect{
			Name: "token-alg-other", Description: "names ES256 in a token that is signed by ES512",
			Effect: unreadable, Breaks: []string{"token.jws.signature-length"}, Layer: withHeader("alg", "ES256"),
		},
		Defect{
			Name: "token-typ-other", Description: "says of an access token that it is an ID token",
			Effect: "resource servers refuse it, or accept ID tokens in its place", Breaks: []string{"token.header.type"},
			Layer: withHeader("typ", "id+jwt"),
		},
		Defect{
			Name: "token-typ-number", Description: "writes the typ of the token as a number",
			Effect: unreadable, Breaks: []string{"token.header.type"}, Layer: withHeader("typ", 1),
		},
		Defect{
			Name: "token-crit-unknown", Description: "demands of readers an extension that nobody knows",
			Effect: "every reader that keeps RFC 7515 refuses the token", Breaks: []string{"token.header.critical"},
			Layer: withHeader("crit", []string{"kid"}),
		},
		Defect{
			Name: "token-b64-false", Description: "says that the payload is not encoded, where it is",
			Effect: unreadable, Breaks: []string{"token.header.critical"}, Layer: withHeader("b64", false),
		},
		Defect{
			Name: "token-header-twice", Description: "writes a member of the token's header twice",
			Effect: lenient, Breaks: []string{"token.header.unique-names"},
			Layer: withInput(octets(0, beginning(`"alg":"ES512"`))),
		},
		Defect{
			Name: "token-header-twice-below", Description: "writes a member twice in an object within the token's header",
			Effect: lenient, Breaks: []string{"token.header.unique-names"},
			Layer: withInput(octets(0, beginning(`"x-origin":{"region":"a","region":"b"}`))),
		},
		Defect{
			Name: "token-claim-twice", Description: "writes a claim of the token twice",
			Effect: lenient, Breaks: []string{"token.jws.unique-claims"},
			Layer: withInput(octets(1, beginning(`"client_id":"another"`))),
		},
		Defect{
			Name: "token-claim-twice-escaped", Description: "writes a claim twice, once with an escape in its name",
			Effect: lenient, Breaks: []string{"token.jws.unique-claims"},
			Layer: withInput(octets(1, beginning(`"client\u005fid":"another"`))),
		},
		Defect{
			Name: "token-payload-text", Description: "signs a text in place of claims",
			Effect: "nobody can tell whose token it is", Breaks: []string{"token.jws.payload"},
			Layer: withInput(octets(1, instead(`"service account"`))),
		},
		Defect{
			Name: "token-payload-null", Description: "signs null in place of claims",
			Effect: "nobody can tell whose token it is", Breaks: []string{"token.jws.payload"},
			Layer: withInput(octets(1, instead("null"))),
		},
		Defect{
			Name: "token-exp-text", Description: "writes exp as a string of digits",
			Effect: "readers refuse the token, or take it to be good for ever", Breaks: []string{"token.jws.numeric-dates"},
			Layer: withClaims(func(claims map[string]any) { claims["exp"] = string(marshalled(claims["exp"])) }),
		},
		Defect{
			Name: "token-exp-milliseconds", Description: "counts exp in milliseconds",
			Effect: "readers take the token to be good for fifty thousand years", Breaks: []string{"token.jws.numeric-dates"},
			Layer: withClaims(func(claims map[string]any) { claims["exp"] = claims["exp"].(int64) * 1000 }),
		},
		Defect{
			Name: "token-nbf-null", Description: "writes nbf as null",
			Effect: unreadable, Breaks: []string{"token.jws.numeric-dates"}, Layer: withClaim("nbf", nil),
		},
		Defect{
			Name: "token-signature-131", Description: "leaves out the first byte of the signature",
			Effect: "no reader can verify it", Breaks: []string{"token.jws.signature-length"},
			Layer: withToken(octets(2, func(text string) string { return text[1:] })),
		},
		Defect{
			Name: "token-signature-64", Description: "cuts the signature down to 64 bytes",
			Effect: "no reader can verify it", Breaks: []string{"token.jws.signature-length"},
			Layer: withToken(octets(2, first(64))),
		},
		Defect{
			Name: "token-signature-der", Description: "writes the signature in DER, as X.509 does",
			Effect: "no reader of JWTs can verify it", Breaks: []string{"token.jws.signature-length"},
			Layer: withToken(octets(2, inDER)),
		},
		Defect{
			Name: "token-number-unreadable", Description: "has a claim that is a number too large for any reader",
			Effect: "common libraries refuse the token", Breaks: []string{"token.library.readable"},
			Layer: withClaim("quota", json.RawMessage("1e999")),
		},
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
