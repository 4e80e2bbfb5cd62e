package reference

import "net/http"

const (
	configurationPath    = "/.well-known/openid-configuration"
	resourceMetadataPath = "/.well-known/openid-protected-resource"
	keysPath             = "/oauth2/v2/jwks"
	userinfoPath         = "/oauth2/v2/userinfo"
)

// configuration is that of OpenID Connect Discovery 1.0 section 3. The authorization and token endpoints are named
// because the contract declares them; this server has none, and answers 404 there.
func (s *Server) configuration(c call) (answer, error) {
	return answer{status: http.StatusOK, body: map[string]any{
		"issuer":                                c.base,
		"authorization_endpoint":                c.base + "/oauth2/v2/authorization",
		"token_endpoint":                        c.base + "/oauth2/v2/token",
		"userinfo_endpoint":                     c.base + userinfoPath,
		"jwks_uri":                              c.base + keysPath,
		"scopes_supported":                      []string{"openid"},
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{s.keys.method.Alg()},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
		"code_challenge_methods_supported":      []string{"S256"},
		"claims_supported":                      []string{"iss", "sub", "aud", "exp", "iat", "nbf", "jti"},
	}}, nil
}

// resourceMetadata is that of RFC 9728 section 2.
func (s *Server) resourceMetadata(c call) (answer, error) {
	return answer{status: http.StatusOK, body: map[string]any{
		"resource":                 c.base,
		"authorization_servers":    []string{c.base},
		"scopes_supported":         []string{"openid"},
		"bearer_methods_supported": []string{"header"},
	}}, nil
}

// publishedKeys is a JWK Set (RFC 7517 section 5). The encryption key is the server's own secret and not in it.
func (s *Server) publishedKeys(call) (answer, error) {
	return answer{status: http.StatusOK, body: map[string]any{"keys": []publicKey{s.keys.public}}}, nil
}

// userinfo reveals the claims of the presented token, which a client cannot read if it is encrypted.
func (s *Server) userinfo(c call) (answer, error) {
	body := map[string]any{"sub": c.caller.id}
	for _, name := range []string{"iss", "sub", "iat", "nbf", "exp", "jti"} {
		if value, ok := c.caller.token.claims[name]; ok {
			body[name] = value
		}
	}
	return answer{status: http.StatusOK, body: body, secret: true}, nil
}
