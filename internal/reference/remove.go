package reference

import "net/http"

// remove deletes the account and revokes its token, at once. The response has no body.
func (s *Server) remove(c call) (answer, error) {
	if err := c.administer(); err != nil {
		return answer{}, err
	}
	if err := s.store.remove(c.organization, c.account); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK}, nil
}
