package reference

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

// publishedKey reads the key of the JWKS, from its JSON alone.
func publishedKey(r *rig) (string, *ecdsa.PublicKey) {
	r.Helper()
	a := r.do("GET", keysPath, "", "")
	r.want(a, http.StatusOK)
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal([]byte(a.text), &set); err != nil || len(set.Keys) != 1 {
		r.Fatalf("%v in %s", err, a.text)
	}
	k := set.Keys[0]
	if diff := cmp.Diff(map[string]string{"alg": "ES512", "crv": "P-521", "kid": k["kid"], "kty": "EC", "use": "sig", "x": k["x"], "y": k["y"]}, k); diff != "" {
		r.Error(diff)
	}
	x, errX := base64.RawURLEncoding.Strict().DecodeString(k["x"])
	y, errY := base64.RawURLEncoding.Strict().DecodeString(k["y"])
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P521(), append(append([]byte{4}, x...), y...))
	if err := errors.Join(errX, errY, err); err != nil {
		r.Fatal(err)
	}
	return k["kid"], key
}

func TestSignedTokensVerifyWithThePublishedKey(t *testing.T) {
	r := newRig(t, Config{})
	id, token := r.create(minimal)
	kid, key := publishedKey(r)
	parsed, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithTimeFunc(r.server.now), jwt.WithStrictDecoding())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"alg": "ES512", "kid": kid, "typ": "at+jwt"}, parsed.Header); diff != "" {
		t.Error(diff)
	}
	claims := parsed.Claims.(jwt.MapClaims)
	iat := float64(start.Unix())
	want := jwt.MapClaims{
		"iss": baseURL, "aud": baseURL, "sub": id, "client_id": id, "jti": claims["jti"],
		"iat": iat, "nbf": iat, "exp": iat + 90*24*3600,
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Error(diff)
	}
	if len(parsed.Signature) != 132 {
		t.Errorf("signature of %d bytes", len(parsed.Signature))
	}
}

func TestExpiredTokenIsWellSigned(t *testing.T) {
	r := newRig(t, Config{})
	_, key := publishedKey(r)
	_, err := jwt.Parse(r.creds.ExpiredToken, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithTimeFunc(r.server.now))
	if !errors.Is(err, jwt.ErrTokenExpired) || errors.Is(err, jwt.ErrTokenSignatureInvalid) {
		t.Errorf("err = %v", err)
	}
}

func TestEncryptedTokens(t *testing.T) {
	r := newRig(t, Config{Tokens: JWE})
	id, token := r.create(minimal)
	parts := strings.Split(token, ".")
	var raw [][]byte
	for _, p := range parts {
		b, err := base64.RawURLEncoding.Strict().DecodeString(p)
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, b)
	}
	if len(raw) != 5 || len(raw[1]) != 32 || len(raw[2]) != 12 || len(raw[3]) == 0 || len(raw[4]) != 16 {
		t.Fatalf("segments are wrong in number or length")
	}
	var header map[string]string
	if err := json.Unmarshal(raw[0], &header); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"alg": "A256GCMKW", "enc": "A256GCM", "cty": "JWT", "typ": "at+jwt", "kid": header["kid"], "iv": header["iv"], "tag": header["tag"]}
	if diff := cmp.Diff(want, header); diff != "" || header["kid"] == "" || len(header["iv"]) != 16 || len(header["tag"]) != 22 {
		t.Errorf("header %v: %s", header, diff)
	}
	signed, err := r.server.keys.decrypt(token)
	if err != nil {
		t.Fatal(err)
	}
	_, key := publishedKey(r)
	if _, err := jwt.Parse(signed, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithTimeFunc(r.server.now)); err != nil {
		t.Error(err)
	}
	a := r.do("GET", userinfoPath, token, "")
	r.want(a, http.StatusOK)
	iat := float64(start.Unix())
	revealed := map[string]any{"sub": id, "iss": baseURL, "iat": iat, "nbf": iat, "exp": iat + 90*24*3600, "jti": a.json["jti"]}
	if diff := cmp.Diff(revealed, a.json); diff != "" {
		t.Error(diff)
	}
	if a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control %q", a.header.Get("Cache-Control"))
	}
}

func TestDecryptRefuses(t *testing.T) {
	r, other := newRig(t, Config{Tokens: JWE}), newRig(t, Config{Tokens: JWE})
	_, token := r.create(minimal)
	parts := strings.Split(token, ".")
	with := func(i int, s string) string {
		p := append([]string(nil), parts...)
		p[i] = s
		return strings.Join(p, ".")
	}
	headers := func(change func(map[string]any)) string {
		var h map[string]any
		text, _ := base64.RawURLEncoding.DecodeString(parts[0])
		if err := json.Unmarshal(text, &h); err != nil {
			t.Fatal(err)
		}
		change(h)
		text, _ = json.Marshal(h)
		return with(0, segment(text))
	}
	for name, bad := range map[string]string{
		"four segments":  strings.Join(parts[:4], "."),
		"no base64url":   with(2, "*"),
		"header no JSON": with(0, segment([]byte("x"))),
		"another server": other.creds.Token,
		"another alg":    headers(func(h map[string]any) { h["alg"] = "dir" }),
		"header changed": headers(func(h map[string]any) { h["cty"] = "" }),
		"no iv":          headers(func(h map[string]any) { delete(h, "iv") }),
		"key changed":    with(1, segment(make([]byte, 32))),
		"text changed":   with(3, segment([]byte("x"))),
		"short tag":      with(4, parts[4][:20]),
	} {
		if _, err := r.server.keys.decrypt(bad); err == nil {
			t.Errorf("%s: decrypted", name)
		}
	}
}

func TestHooks(t *testing.T) {
	for _, kind := range []Kind{JWS, JWE} {
		r := newRig(t, Config{Tokens: kind, Lifetime: time.Minute, Hooks: Hooks{
			Claims: func(c map[string]any) { c["exp"] = "soon"; delete(c, "jti") },
			Header: func(h map[string]any) { h["typ"] = "strange" },
			Sign:   func(s string) string { return s + "AA" },
		}})
		id, token := r.create(minimal)
		if !strings.HasSuffix(token, "AA") {
			t.Error("Sign was not called")
		}
		text, err := base64.RawURLEncoding.DecodeString(token[:strings.Index(token, ".")])
		if err != nil || !strings.Contains(string(text), `"typ":"strange"`) {
			t.Errorf("header %s, %v", text, err)
		}
		a := r.do("GET", userinfoPath, token, "")
		r.want(a, http.StatusOK)
		if a.json["exp"] != "soon" || a.json["jti"] != nil || a.json["sub"] != id {
			t.Errorf("userinfo %s", a.text)
		}
		r.clock = start.Add(time.Hour)
		r.want(r.do("GET", userinfoPath, token, ""), http.StatusUnauthorized)
		r.want(r.do("GET", userinfoPath, r.creds.Token, ""), http.StatusOK)
	}
}

func TestHookThatCannotBeSigned(t *testing.T) {
	for _, c := range []Config{
		{Hooks: Hooks{Claims: func(c map[string]any) { c["x"] = func() {} }}},
		{Tokens: JWE, Hooks: Hooks{Header: func(h map[string]any) { h["x"] = func() {} }}},
	} {
		r := newRig(t, c)
		r.want(r.do("POST", r.collection(), r.creds.Token, minimal), http.StatusInternalServerError)
		restricted := r.server.seed.restricted.id
		r.want(r.do("POST", r.collection()+"/"+restricted+"/rotate", r.creds.RestrictedToken, ""), http.StatusInternalServerError)
		r.want(r.do("GET", userinfoPath, r.creds.RestrictedToken, ""), http.StatusOK)
	}
}
