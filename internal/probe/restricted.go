package probe

import (
	"context"
	"encoding/json"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Setup is the name under which the run records what it sends for its own needs.
const Setup = "setup"

// DefaultRestricted names the credential of an account without groups, which stands in for one that nobody supplied.
const DefaultRestricted = "account without groups"

// Restricted is a good credential that may not create: the operator's, or the token of an account without groups that
// the run makes once. It is false if there is neither.
func (s *Session) Restricted(ctx context.Context) (Identity, bool) {
	r := s.run
	r.restrictedOnce.Do(func() {
		if r.target.Restricted != "" {
			r.restricted = &Identity{Name: "restricted", Authorization: []string{"Bearer " + r.target.Restricted}}
			return
		}
		setup := &Session{run: r, probe: Setup}
		body, _ := json.Marshal(map[string]any{ // strings and slices always marshal
			"metadata": map[string]any{"name": setup.Name("restricted")},
			"spec":     map[string]any{"groupIDs": []string{}},
		})
		created := setup.Create(ctx, "restricted", body)
		token := created.AccessToken()
		if !created.Success() || token == "" {
			return
		}
		identity := Bearer(DefaultRestricted, token)
		request := setup.ListRequest()
		request.As = identity
		setup.Await(ctx, "restricted-known", request, func(e *exchange.Exchange) bool { return e.Status() != 401 })
		r.restricted = &identity
	})
	if r.restricted == nil {
		s.GiveUp("there is no restricted credential: none was supplied, and an account without groups could not be created")
		return Identity{}, false
	}
	return *r.restricted, true
}
