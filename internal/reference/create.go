package reference

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/reference/uuid"
)

// create makes a service account. This is one of the two responses that ever show its token.
func (s *Server) create(c call) (answer, error) {
	if err := c.administer(); err != nil {
		return answer{}, err
	}
	wanted, err := s.readContent(c)
	if err != nil {
		return answer{}, err
	}
	now := s.now()
	a := account{
		id: uuid.NewOrdered(now), organization: c.organization, content: wanted,
		created: now, createdBy: c.caller.id, generation: 1,
	}
	if a.token, err = s.mint(a.id, c.base, now, s.config.Lifetime, s.config.Hooks); err != nil {
		return answer{}, err
	}
	s.store.add(a)
	body := a.reveal()
	body.Metadata.ProvisioningStatus, body.Metadata.HealthStatus = "pending", "unknown"
	location := s.config.Prefix + "/api/v1/organizations/" + a.organization + "/serviceaccounts/" + a.id
	return answer{status: http.StatusCreated, body: body, secret: true, header: map[string]string{"Location": location}}, nil
}
