package jwt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// A key set is looked at up to maxJWKS bytes and maxKeys keys.
const (
	maxJWKS = 1 << 20
	maxKeys = 1000
)

// CheckJWKS judges a published key set: one JSON object whose keys, if there are any, are public, can be told apart by kid,
// and hold what their kty and alg say. Keys of a kty that is not registered are passed over (RFC 7517 section 5). Keys for
// encryption are legal if use says so (OpenID Connect Discovery 1.0 section 3). RFC 7517 sections 4 and 5, RFC 7518 section
// 6, RFC 8037 section 2.
func CheckJWKS(jwks []byte) []Problem {
	keys, out := keySet(jwks)
	if out != nil {
		return out
	}
	for _, pointer := range duplicates(string(jwks)) {
		out = append(out, Problem{"jwks " + unquoted(pointer), "one member of this name", "a second one"})
	}
	seen := map[string]bool{}
	for i, raw := range keys {
		where := fmt.Sprintf("jwks /keys/%d", i)
		if kind := kindOf(raw); kind != "an object" {
			out = append(out, Problem{where, "a JSON object", kind})
			continue
		}
		k := jwk{where: where, members: members(raw)}
		out = append(out, k.check()...)
		if kid := k.text("kid"); kid != "" {
			if seen[kid] {
				out = append(out, Problem{where + "/kid", "a kid of its own", "a kid of an earlier key: " + quote(kid)})
			}
			seen[kid] = true
		}
	}
	return out
}

// keySet takes a key set apart.
func keySet(jwks []byte) ([]json.RawMessage, []Problem) {
	if len(jwks) > maxJWKS {
		return nil, problem("jwks", fmt.Sprintf("at most %d bytes", maxJWKS), plural(len(jwks), "byte"))
	}
	if fault := objectFault(jwks); fault != "" {
		return nil, problem("jwks", "a JSON object", fault)
	}
	list, ok := member(string(jwks), "keys")
	if !ok {
		return nil, problem("jwks /keys", "an array of keys", "no such member")
	}
	var keys []json.RawMessage
	if kindOf(list) != "an array" || json.Unmarshal(list, &keys) != nil {
		return nil, problem("jwks /keys", "an array of keys", describe(list))
	}
	if len(keys) > maxKeys {
		return nil, problem("jwks /keys", fmt.Sprintf("at most %d keys", maxKeys), plural(len(keys), "key"))
	}
	return keys, nil
}

// jwk is one key under judgement.
type jwk struct {
	where   string
	members map[string]json.RawMessage
}

// text is a member that is a string, "" otherwise.
func (k jwk) text(name string) string {
	s, _ := text(k.members[name])
	return s
}

func (k jwk) problem(name, expected, seen string) []Problem {
	return problem(k.where+"/"+name, expected, seen)
}

// seen describes a member.
func (k jwk) seen(name string) string {
	if raw, ok := k.members[name]; ok {
		return describe(raw)
	}
	return "no such member"
}

// secretMembers are those of private and symmetric keys: RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC 9964 section 3.
var secretMembers = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}

func (k jwk) check() []Problem {
	var out []Problem
	for _, name := range secretMembers {
		if _, ok := k.members[name]; ok {
			out = append(out, k.problem(name, "a public key, without this member", "a member of a secret key")...)
		}
	}
	for _, name := range []string{"kty", "kid"} {
		if k.text(name) == "" {
			out = append(out, k.problem(name, "a string that is not empty", k.seen(name))...)
		}
	}
	if _, ok := k.members["use"]; ok && k.text("use") != "sig" && k.text("use") != "enc" {
		out = append(out, k.problem("use", `"sig" or "enc", where present`, k.seen("use"))...)
	}
	out = append(out, k.algorithm()...)
	switch k.text("kty") {
	case "EC":
		out = append(out, k.point()...)
	case "RSA":
		out = append(out, k.modulus()...)
	case "OKP":
		out = append(out, k.octetPair()...)
	case "oct":
		out = append(out, k.problem("kty", "the type of a public key", `the string "oct", a secret key`)...)
	}
	return out
}

// algorithm judges that alg, where present and registered, takes a key of this kty and crv for this use.
func (k jwk) algorithm() []Problem {
	if _, ok := k.members["alg"]; !ok {
		return nil
	}
	alg, kty, crv := k.text("alg"), k.text("kty"), k.text("crv")
	if a, ok := signatureAlgorithms[alg]; ok {
		if a.kty != kty || a.crv != nil && !slices.Contains(a.crv, crv) {
			want := strings.TrimSpace(a.kty + " " + strings.Join(a.crv, " or "))
			return k.problem("alg", "an algorithm for this key; "+alg+" takes "+want, quote(kty+" "+crv))
		}
		if k.text("use") == "enc" {
			return k.problem("alg", `an algorithm for encryption, as "use" says`, quote(alg))
		}
		return nil
	}
	if m, ok := keyManagements[alg]; ok {
		if !slices.Contains(m.kty, kty) {
			return k.problem("alg", "an algorithm for this key; "+alg+" takes "+strings.Join(m.kty, " or "), quote(kty))
		}
		if k.text("use") == "sig" {
			return k.problem("alg", `an algorithm for signatures, as "use" says`, quote(alg))
		}
		return nil
	}
	if alg == "" {
		return k.problem("alg", "the name of an algorithm, where present", k.seen("alg"))
	}
	return nil
}

// octets decodes a member; the problems say why it cannot.
func (k jwk) octets(name string) ([]byte, []Problem) {
	raw, ok := k.members[name]
	if !ok {
		return nil, k.problem(name, "base64url without padding", "no such member")
	}
	value, ok := text(raw)
	if !ok {
		return nil, k.problem(name, "base64url without padding", kindOf(raw))
	}
	octets, err := base64.RawURLEncoding.Strict().DecodeString(value)
	if err != nil || strings.IndexFunc(value, foreign) >= 0 {
		return nil, k.problem(name, "base64url without padding", "a string that is not")
	}
	return octets, nil
}

// sized judges the length of a member.
func (k jwk) sized(name string, size int) ([]byte, []Problem) {
	octets, out := k.octets(name)
	if out == nil && len(octets) != size {
		out = k.problem(name, fmt.Sprintf("%d bytes for %s", size, k.text("crv")), plural(len(octets), "byte"))
	}
	return octets, out
}

// curves gives the length of a coordinate in bytes, and the curve where this package can tell its points.
var curves = map[string]struct {
	size  int
	curve elliptic.Curve
}{
	"P-256":     {32, elliptic.P256()},
	"P-384":     {48, elliptic.P384()},
	"P-521":     {66, elliptic.P521()},
	"secp256k1": {32, nil},
}

// point judges an elliptic curve key, RFC 7518 section 6.2.1.
func (k jwk) point() []Problem {
	c, ok := curves[k.text("crv")]
	if !ok {
		return k.problem("crv", "a registered curve", k.seen("crv"))
	}
	x, out := k.sized("x", c.size)
	y, more := k.sized("y", c.size)
	if out = append(out, more...); out != nil || c.curve == nil {
		return out
	}
	if _, err := ecdsa.ParseUncompressedPublicKey(c.curve, slices.Concat([]byte{4}, x, y)); err != nil {
		return problem(k.where, "a point on "+k.text("crv"), "a point that is not on the curve")
	}
	return nil
}

// modulus judges an RSA key: RFC 7518 sections 3.3 and 6.3.1.
func (k jwk) modulus() []Problem {
	n, out := k.octets("n")
	e, more := k.octets("e")
	if out = append(out, more...); out != nil {
		return out
	}
	if bits := new(big.Int).SetBytes(n).BitLen(); bits < 2048 {
		out = append(out, k.problem("n", "at least 2048 bits", plural(bits, "bit"))...)
	}
	if len(n) > 0 && n[0] == 0 {
		out = append(out, k.problem("n", "no leading zero byte", "one")...)
	}
	if exponent := new(big.Int).SetBytes(e); exponent.Cmp(big.NewInt(3)) < 0 || exponent.Bit(0) == 0 {
		out = append(out, k.problem("e", "an odd exponent of at least 3", "another one")...)
	}
	return out
}

// octetPairs gives the length of x in bytes, RFC 8037 section 2.
var octetPairs = map[string]int{"Ed25519": 32, "Ed448": 57, "X25519": 32, "X448": 56}

func (k jwk) octetPair() []Problem {
	size, ok := octetPairs[k.text("crv")]
	if !ok {
		return k.problem("crv", "a registered curve", k.seen("crv"))
	}
	_, out := k.sized("x", size)
	return out
}
