package reference

import "net/http"

// list shows the operator every service account of the organization, and a service account itself alone.
func (s *Server) list(c call) (answer, error) {
	if err := c.enter(); err != nil {
		return answer{}, err
	}
	visible := []serviceAccount{}
	for _, a := range s.store.list(c.organization) {
		if c.caller.administrator || c.caller.id == a.id {
			visible = append(visible, a.read())
		}
	}
	return answer{status: http.StatusOK, body: visible}, nil
}
