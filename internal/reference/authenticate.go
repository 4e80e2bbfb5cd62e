package reference

import "net/http"

// authenticate returns the account whose current token was presented. The token must be, byte for byte, the one that was
// issued, which leaves no room for another encoding of it, for a forgery, or for one that was revoked. That this server
// signed it need not be verified again; P-521 takes milliseconds for it.
func (s *Server) authenticate(h http.Header) (account, error) {
	presented, err := bearer(h)
	if err != nil {
		return account{}, err
	}
	a, ok := s.store.holder(presented)
	if !ok || s.now().Before(a.token.starts) || !s.now().Before(a.token.expires) {
		return account{}, badToken("the token is unknown, not yet valid, expired or revoked")
	}
	return a, nil
}
