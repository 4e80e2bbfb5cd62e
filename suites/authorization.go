package suites

import (
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func authorizing(s *check.Suite) {
	s.Section("Authorizing", scenario.RestrictedCreate(), func() {
		s.Must("authz.restricted.refused", func(ev *exchange.Evidence) {
			tried := ev.Every("restricted")
			mayCreate(tried)
			Expect(tried).To(EachAnswered(HaveStatus(http.StatusForbidden, http.StatusNotFound, http.StatusBadRequest, http.StatusUnprocessableEntity)))
		})
		s.Must("authz.restricted.error-body", func(ev *exchange.Evidence) {
			if e := forbidden(ev); e != nil {
				Expect(e).To(HaveErrorBody(s.Contract))
			}
		})
		s.Must("authz.restricted.error-code", func(ev *exchange.Evidence) {
			if e := forbidden(ev); e != nil {
				Expect(e).To(HaveFittingErrorCode())
			}
		})
		s.Must("authz.restricted-broken-body.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("broken-body")).To(HaveStatus(append(evidence.Unreadable(), http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound)...))
		})
	})
	s.Section("Authorizing", scenario.StrangeOrganizations(), func() { organizationChecks(s) })
	s.Section("Authorizing", scenario.TrickyPaths(), func() {
		s.Must("authz.path-tricks.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("path-")).To(Each(HaveStatusBetween(300, 499)))
		})
	})
	s.Section("Authorizing", scenario.Everything(), func() {
		s.Must("authz.refused.nothing-created", func(ev *exchange.Evidence) {
			mayCreate(ev.Where(func(e *exchange.Exchange) bool { return e.Probe == scenario.RestrictedProbe }))
			Expect(evidence.FinalList(ev)).To(ListNoAccountNamed(evidence.Labelled(ev, scenario.UnauthorizedLabel)))
		})
	})
}

func organizationChecks(s *check.Suite) {
	closed := HaveStatus(http.StatusForbidden, http.StatusNotFound)
	s.Must("authz.other-organization.refused", func(ev *exchange.Evidence) {
		Expect(ev.At("other-organization")).To(closed)
	})
	s.Must("authz.unknown-organization.refused", func(ev *exchange.Evidence) {
		Expect(ev.At("unknown-organization")).To(closed)
	})
	s.Must("authz.malformed-organization.refused", func(ev *exchange.Evidence) {
		Expect(ev.Every("malformed-")).To(Each(BeClientError()))
		Expect(ev.Every("form-")).To(Each(HaveStatusBetween(200, 499)))
	})
	s.Should("authz.uuid-forms.refused", func(ev *exchange.Evidence) {
		Expect(ev.Every("form-")).To(Each(BeClientError()))
	})
	s.Must("authz.uppercase-organization.answered", func(ev *exchange.Evidence) {
		e := ev.At("upper-case")
		if e.Success() {
			Expect(e).To(HaveStatus(http.StatusCreated))
			Expect(e).To(HaveMember("/metadata/organizationId", BeSameID(ev.Facts().Organization)))
			return
		}
		Expect(e).To(BeClientError())
	})
	s.Must("authz.error.body", func(ev *exchange.Evidence) {
		Expect(shutOut(ev)).To(Each(HaveErrorBody(s.Contract)))
	})
	s.Must("authz.error.code", func(ev *exchange.Evidence) {
		Expect(shutOut(ev)).To(Each(HaveFittingErrorCode()))
	})
}

// mayCreate ends a check as inconclusive if an account without groups, which the run took because no restricted credential
// was supplied, may create: no document says what its default role is.
func mayCreate(tried []*exchange.Exchange) {
	for _, e := range tried {
		if e.Success() && e.Identity == probe.DefaultRestricted {
			evidence.Inconclusive("%s got %d: an account without groups may create here; supply a credential that may not (--restricted-token-file)", e.ID, e.Status())
		}
	}
}

// forbidden is the 403 to the restricted credential. It is nil, and observed, if the target answered 404, or refused the groups
// first.
func forbidden(ev *exchange.Evidence) *exchange.Exchange {
	tried := ev.Every("restricted")
	mayCreate(tried)
	for _, e := range tried {
		if e.Answered() && e.Status() == http.StatusForbidden {
			return e
		}
	}
	if e := ev.At("restricted"); e.Status()/100 != 4 {
		evidence.Inconclusive("%s got %d, so that there is no 403 to look at", e.ID, e.Status())
	}
	ev.Observe("does not apply: nothing got 403")
	return nil
}

// shutOut are the 4xx answers to creates in other, unknown and malformed organizations.
func shutOut(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		named := strings.HasSuffix(e.Step, "-organization") || strings.HasPrefix(e.Step, "malformed-")
		return named && e.Answered() && e.Status()/100 == 4
	})
	if len(found) == 0 {
		evidence.Inconclusive("nothing got 4xx")
	}
	return found
}
