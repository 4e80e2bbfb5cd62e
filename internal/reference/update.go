package reference

import "net/http"

// update replaces what a client may write: a member that is left out is removed.
func (s *Server) update(c call) (answer, error) {
	if err := c.administer(); err != nil {
		return answer{}, err
	}
	if _, err := s.store.find(c.organization, c.account); err != nil {
		return answer{}, err
	}
	wanted, err := s.readContent(c)
	if err != nil {
		return answer{}, err
	}
	a, err := s.store.write(c.organization, c.account, wanted, s.now(), c.caller.id)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: a.read()}, nil
}
