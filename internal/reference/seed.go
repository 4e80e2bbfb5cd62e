package reference

import (
	"time"

	"github.com/sa-conformance/conformance/internal/reference/uuid"
)

// exampleGroup is the group of the example request of the contract, which every organization has, so that the example works
// as it stands.
const exampleGroup = "0aaba80d-67ef-4799-b6d9-59f37e2ce2ad"

// seed is what the server holds before anybody calls it.
type seed struct {
	organization, other                  string
	groups                               []string // of organization; they grant nothing
	operator, restricted, expired, early account
}

func newSeed(now time.Time) seed {
	s := seed{organization: uuid.New(), other: uuid.New(), groups: []string{uuid.New(), uuid.New()}}
	born := now.UTC().Add(-24 * time.Hour)
	newborn := func(name string) account {
		return account{
			id: uuid.NewOrdered(born), organization: s.organization, seed: true,
			content: content{name: name}, created: born, generation: 1,
		}
	}
	s.operator, s.restricted, s.expired = newborn("operator"), newborn("seed-restricted"), newborn("seed-expired")
	s.early = newborn("seed-early")
	s.operator.administrator, s.early.administrator = true, true
	s.restricted.createdBy, s.expired.createdBy = s.operator.id, s.operator.id
	return s
}

func (s seed) accounts() []account { return []account{s.operator, s.restricted, s.expired, s.early} }

// Credentials returns the same values on every call. Their tokens are issued by the first call, and live 90 days
// whatever the configuration says. The restricted and the expired account are service accounts of Organization and
// so in its list; the operator and the one whose token is not yet valid are users and are not.
func (s *Server) Credentials() Credentials {
	s.seedOnce.Do(func() {
		s.credentials = Credentials{
			Organization:      s.seed.organization,
			OtherOrganization: s.seed.other,
			Groups:            s.seed.groups,
			Token:             s.issue(s.seed.operator, s.now(), defaultLifetime),
			RestrictedToken:   s.issue(s.seed.restricted, s.now(), defaultLifetime),
			ExpiredToken:      s.issue(s.seed.expired, s.now().Add(-2*time.Hour), time.Hour),
			NotYetValidToken:  s.issue(s.seed.early, s.now().Add(24*time.Hour), defaultLifetime),
		}
	})
	c := s.credentials
	c.Groups = append([]string(nil), c.Groups...)
	return c
}

// issue gives a seed account its token; "" should signing fail, or the account be gone.
func (s *Server) issue(a account, from time.Time, lifetime time.Duration) string {
	issuer := "http://reference.invalid" + s.config.Prefix
	if u := s.base.Load(); u != nil {
		issuer = *u
	}
	t, err := s.mint(a.id, issuer, from, lifetime, Hooks{})
	if err != nil {
		return ""
	}
	if _, err := s.store.replaceToken(a, t); err != nil {
		return ""
	}
	return t.value
}
