package reference

import "net/http"

// authenticate returns the account whose current token was presented. The token must be, byte for byte, the one that was
// issued, which leaves no room for another encoding of it, for a forgery, or for one that was revoked. That this server
// signed it need not be verified again; P-521 takes milliseconds for it.
func (s *Server) authenticate(r *http.Request) (account, error) {
	presented, err := bearer(r.Header)
	if err != nil {
		return account{}, err
	}
	if r.URL.Query().Has("access_token") { // RFC 6750 section 3.1: more than one way to send a token
		return account{}, refusal{status: http.StatusBadRequest, description: "a token is sent in the header alone"}
	}
	a, ok := s.store.holder(presented)
	if !ok || s.now().Before(a.token.starts) || !s.now().Before(a.token.expires) {
		return account{}, badToken("the token is unknown, not yet valid, expired or revoked")
	}
	return a, nil
}
