package reference

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sa-conformance/conformance/internal/reference/uuid"
)

// keys live as long as their server.
type keys struct {
	signing      *ecdsa.PrivateKey
	method       *jwt.SigningMethodECDSA
	signingID    string // RFC 7638 thumbprint
	public       publicKey
	encryption   [32]byte // for A256GCMKW
	encryptionID string
}

// publicKey is a JWK (RFC 7517, RFC 7518 section 6.2.1).
type publicKey struct {
	Algorithm string `json:"alg"`
	Curve     string `json:"crv"`
	ID        string `json:"kid"`
	Type      string `json:"kty"`
	Use       string `json:"use"`
	X         string `json:"x"`
	Y         string `json:"y"`
}

func newKeys(a Algorithm) (keys, error) {
	curve, method := elliptic.P521(), jwt.SigningMethodES512
	if a == ES256 {
		curve, method = elliptic.P256(), jwt.SigningMethodES256
	}
	signing, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		return keys{}, err
	}
	point, err := signing.PublicKey.Bytes() // 0x04, then both coordinates in full length
	if err != nil {
		return keys{}, err
	}
	half := len(point) / 2
	p := publicKey{Algorithm: method.Alg(), Curve: curve.Params().Name, Type: "EC", Use: "sig", X: segment(point[1 : half+1]), Y: segment(point[half+1:])}
	p.ID, err = p.thumbprint()
	k := keys{signing: signing, method: method, signingID: p.ID, public: p, encryptionID: uuid.New()}
	rand.Read(k.encryption[:])
	return k, err
}

// thumbprint is that of RFC 7638 section 3: the required members in alphabetical order.
func (p publicKey) thumbprint() (string, error) {
	required, err := json.Marshal(map[string]string{"crv": p.Curve, "kty": p.Type, "x": p.X, "y": p.Y})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(required)
	return segment(sum[:]), nil
}

// segment is base64url without padding (RFC 7515 section 2).
func segment(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
