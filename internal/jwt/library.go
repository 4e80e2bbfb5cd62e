package jwt

import (
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// refusedAlgorithm is the one opinion that is not held against a token: libraries leave out registered algorithms.
const refusedAlgorithm = "an algorithm that the library does not implement"

// refusedOtherwise stands for errors that a newer library may bring.
const refusedOtherwise = "a token that the library refuses"

// jwtRefusals translates golang-jwt's messages into words that hold no values.
var jwtRefusals = [][2]string{
	{"invalid number of segments", "a number of segments other than three"},
	{"could not base64 decode header", "a header that is not base64url"},
	{"could not JSON decode header", "a header that is not a JSON object"},
	{"could not base64 decode claim", "claims that are not base64url"},
	{"could not JSON decode claim", "claims that are not a JSON object"},
	{"signing method (alg) is unavailable", refusedAlgorithm},
	{"signing method (alg) is unspecified", "a header without an algorithm"},
	{"could not base64 decode signature", "a signature that is not base64url"},
}

// joseRefusals does the same for go-jose.
var joseRefusals = [][2]string{
	{"illegal base64 data", "a segment that is not base64url"},
	{"must have five parts", "a number of segments other than five"},
	{"unexpected key algorithm", refusedAlgorithm},
	{"unexpected content encryption algorithm", refusedAlgorithm},
	{`missing header "alg"`, "a header without an algorithm"},
	{`missing header "enc"`, "a header without a content encryption algorithm"},
}

// jwtOpinion tells why golang-jwt does not read a JWS, "" if it does. It checks no signature.
func jwtOpinion(raw string) string {
	_, _, err := jwt.NewParser().ParseUnverified(raw, jwt.MapClaims{})
	return refusal(err, jwtRefusals)
}

// joseOpinion tells why go-jose does not read a JWE, "" if it does. It decrypts nothing.
func joseOpinion(raw string) string {
	_, err := jose.ParseEncryptedCompact(raw, joseKeyAlgorithms, joseEncryptions)
	return refusal(err, joseRefusals)
}

func refusal(err error, table [][2]string) string {
	if err == nil {
		return ""
	}
	for _, row := range table {
		if strings.Contains(err.Error(), row[0]) {
			return row[1]
		}
	}
	return refusedOtherwise
}

var joseKeyAlgorithms = []jose.KeyAlgorithm{
	jose.RSA1_5, jose.RSA_OAEP, jose.RSA_OAEP_256, jose.A128KW, jose.A192KW, jose.A256KW, jose.DIRECT, jose.ECDH_ES,
	jose.ECDH_ES_A128KW, jose.ECDH_ES_A192KW, jose.ECDH_ES_A256KW, jose.A128GCMKW, jose.A192GCMKW, jose.A256GCMKW,
	jose.PBES2_HS256_A128KW, jose.PBES2_HS384_A192KW, jose.PBES2_HS512_A256KW,
}

var joseEncryptions = []jose.ContentEncryption{
	jose.A128CBC_HS256, jose.A192CBC_HS384, jose.A256CBC_HS512, jose.A128GCM, jose.A192GCM, jose.A256GCM,
}
