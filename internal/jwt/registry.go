package jwt

// signatureAlgorithm is a "JSON Web Signature algorithm" of the IANA registry.
type signatureAlgorithm struct {
	// lengths of the signature in bytes; the only one is a minimum where the key sets the length.
	lengths []int
	minimum bool
	// kty is the type of key that it takes, and crv its curves.
	kty string
	crv []string
}

// signatureAlgorithms holds RFC 7518 section 3.1 without none, RFC 8037 section 3.1, RFC 8812 section 3.2, RFC 9864
// section 2 and RFC 9964.
var signatureAlgorithms = map[string]signatureAlgorithm{
	"HS256":     {lengths: []int{32}, kty: "oct"},
	"HS384":     {lengths: []int{48}, kty: "oct"},
	"HS512":     {lengths: []int{64}, kty: "oct"},
	"RS256":     {lengths: []int{256}, minimum: true, kty: "RSA"},
	"RS384":     {lengths: []int{256}, minimum: true, kty: "RSA"},
	"RS512":     {lengths: []int{256}, minimum: true, kty: "RSA"},
	"PS256":     {lengths: []int{256}, minimum: true, kty: "RSA"},
	"PS384":     {lengths: []int{256}, minimum: true, kty: "RSA"},
	"PS512":     {lengths: []int{256}, minimum: true, kty: "RSA"},
	"ES256":     {lengths: []int{64}, kty: "EC", crv: []string{"P-256"}},
	"ES384":     {lengths: []int{96}, kty: "EC", crv: []string{"P-384"}},
	"ES512":     {lengths: []int{132}, kty: "EC", crv: []string{"P-521"}},
	"ES256K":    {lengths: []int{64}, kty: "EC", crv: []string{"secp256k1"}},
	"EdDSA":     {lengths: []int{64, 114}, kty: "OKP", crv: []string{"Ed25519", "Ed448"}},
	"Ed25519":   {lengths: []int{64}, kty: "OKP", crv: []string{"Ed25519"}},
	"Ed448":     {lengths: []int{114}, kty: "OKP", crv: []string{"Ed448"}},
	"ML-DSA-44": {lengths: []int{2420}, kty: "AKP"},
	"ML-DSA-65": {lengths: []int{3309}, kty: "AKP"},
	"ML-DSA-87": {lengths: []int{4627}, kty: "AKP"},
}

// contentEncryption gives lengths in bytes, RFC 7518 section 5.1.
type contentEncryption struct{ key, iv, tag int }

var contentEncryptions = map[string]contentEncryption{
	"A128CBC-HS256": {32, 16, 16},
	"A192CBC-HS384": {48, 16, 24},
	"A256CBC-HS512": {64, 16, 32},
	"A128GCM":       {16, 12, 16},
	"A192GCM":       {24, 12, 16},
	"A256GCM":       {32, 12, 16},
}

// keyManagement is a way to hand over the content encryption key, RFC 7518 section 4.1.
type keyManagement struct {
	// wrapping says what the encrypted key looks like.
	wrapping wrapping
	// parameters are the header parameters that the algorithm needs.
	parameters []string
	// kty is the type of key that it takes.
	kty []string
}

type wrapping int

const (
	direct wrapping = iota // the encrypted key is empty
	sealed                 // as long as the content encryption key (AES GCM)
	padded                 // eight bytes longer than it (AES key wrap, RFC 3394)
	rsaed                  // as long as the modulus
)

var keyManagements = map[string]keyManagement{
	"RSA1_5":             {wrapping: rsaed, kty: []string{"RSA"}},
	"RSA-OAEP":           {wrapping: rsaed, kty: []string{"RSA"}},
	"RSA-OAEP-256":       {wrapping: rsaed, kty: []string{"RSA"}},
	"RSA-OAEP-384":       {wrapping: rsaed, kty: []string{"RSA"}},
	"RSA-OAEP-512":       {wrapping: rsaed, kty: []string{"RSA"}},
	"A128KW":             {wrapping: padded, kty: []string{"oct"}},
	"A192KW":             {wrapping: padded, kty: []string{"oct"}},
	"A256KW":             {wrapping: padded, kty: []string{"oct"}},
	"dir":                {wrapping: direct, kty: []string{"oct"}},
	"ECDH-ES":            {wrapping: direct, parameters: []string{"epk"}, kty: []string{"EC", "OKP"}},
	"ECDH-ES+A128KW":     {wrapping: padded, parameters: []string{"epk"}, kty: []string{"EC", "OKP"}},
	"ECDH-ES+A192KW":     {wrapping: padded, parameters: []string{"epk"}, kty: []string{"EC", "OKP"}},
	"ECDH-ES+A256KW":     {wrapping: padded, parameters: []string{"epk"}, kty: []string{"EC", "OKP"}},
	"A128GCMKW":          {wrapping: sealed, parameters: []string{"iv", "tag"}, kty: []string{"oct"}},
	"A192GCMKW":          {wrapping: sealed, parameters: []string{"iv", "tag"}, kty: []string{"oct"}},
	"A256GCMKW":          {wrapping: sealed, parameters: []string{"iv", "tag"}, kty: []string{"oct"}},
	"PBES2-HS256+A128KW": {wrapping: padded, parameters: []string{"p2s", "p2c"}, kty: []string{"oct"}},
	"PBES2-HS384+A192KW": {wrapping: padded, parameters: []string{"p2s", "p2c"}, kty: []string{"oct"}},
	"PBES2-HS512+A256KW": {wrapping: padded, parameters: []string{"p2s", "p2c"}, kty: []string{"oct"}},
}
