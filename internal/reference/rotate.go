package reference

import "net/http"

// rotate gives the account a new token, and revokes the old one in the same moment. A body is not looked at.
func (s *Server) rotate(c call) (answer, error) {
	if err := c.own(); err != nil {
		return answer{}, err
	}
	before, err := s.store.find(c.organization, c.account)
	if err != nil {
		return answer{}, err
	}
	t, err := s.mint(before.id, c.base, s.now(), s.config.Lifetime, s.config.Hooks)
	if err != nil {
		return answer{}, err
	}
	a, err := s.store.replaceToken(before, t)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: a.reveal(), secret: true}, nil
}
