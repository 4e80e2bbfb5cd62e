package suites

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

func creating(s *check.Suite) {
	s.Section("Creating a service account", minimalCreate(), func() {
		s.Must("create.status.created", func(ev *exchange.Evidence) {
			Expect(ev.At("create")).To(HaveStatus(http.StatusCreated))
		})
		s.Must("create.media-type.json", func(ev *exchange.Evidence) {
			Expect(successful(ev, "create")).To(HaveMediaType("application/json"))
		})
		s.Must("create.body.schema", func(ev *exchange.Evidence) {
			Expect(successful(ev, "create")).To(MatchContract(s.Contract, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat))
		})
		metadataChecks(s)
		statusChecks(s)
	})
	s.Section("Creating a service account", describedCreate(), func() {
		s.Must("create.status.described", func(ev *exchange.Evidence) {
			Expect(ev.At("create")).To(HaveStatus(http.StatusCreated))
		})
		s.Must("create.metadata.description", func(ev *exchange.Evidence) {
			e := account(ev, "create")
			Expect(e).To(HaveMember("/metadata/description", BeExactly(sent(e, "/metadata/description"))))
		})
		s.Must("create.metadata.tags", func(ev *exchange.Evidence) {
			e := account(ev, "create")
			Expect(e).To(HaveMember("/metadata/tags", HoldTags(sent(e, "/metadata/tags"))))
		})
	})
	s.Section("Creating a service account", groupedCreate(), func() {
		s.Must("create.status.grouped", func(ev *exchange.Evidence) {
			Expect(ev.At("create")).To(HaveStatus(http.StatusCreated))
		})
		s.Must("create.spec.groups", func(ev *exchange.Evidence) {
			Expect(account(ev, "create")).To(HaveMember("/spec/groupIDs", BeSameSet(ev.Facts().Groups...)))
		})
		s.Must("create.spec.groups-listed", func(ev *exchange.Evidence) {
			list, at := listed(ev, "list")
			Expect(list).To(HaveMember(at+"/spec/groupIDs", BeSameSet(ev.Facts().Groups...)))
		})
	})
	s.Section("Creating a service account", everything(), func() {
		s.Must("create.id.fresh", func(ev *exchange.Evidence) {
			Expect(naming(ev)).To(NameNoEarlierAccount())
		})
		s.Must("create.id.distinct", func(ev *exchange.Evidence) {
			Expect(creates(ev)).To(DifferIn("/metadata/id"))
		})
		s.Must("create.token.distinct", func(ev *exchange.Evidence) {
			Expect(creates(ev)).To(DifferIn("/status/accessToken"))
		})
	})
}

func metadataChecks(s *check.Suite) {
	s.Must("create.metadata.members", func(ev *exchange.Evidence) {
		e := account(ev, "create")
		for _, member := range []string{"name", "id", "creationTime", "provisioningStatus", "healthStatus", "organizationId"} {
			Expect(e).To(HaveMember("/metadata/"+member, BeText()))
		}
	})
	s.Must("create.metadata.id", func(ev *exchange.Evidence) {
		Expect(account(ev, "create")).To(HaveMember("/metadata/id", BeUUID()))
	})
	s.Must("create.metadata.organization", func(ev *exchange.Evidence) {
		e := account(ev, "create")
		Expect(e).To(HaveMember("/metadata/organizationId", All(BeUUID(), BeSameID(ev.Facts().Organization))))
	})
	s.Must("create.metadata.name", func(ev *exchange.Evidence) {
		e := account(ev, "create")
		Expect(e).To(HaveMember("/metadata/name", BeExactly(sent(e, "/metadata/name"))))
	})
	s.Must("create.metadata.creation-time", func(ev *exchange.Evidence) {
		Expect(account(ev, "create")).To(HaveMember("/metadata/creationTime", BeRFC3339()))
	})
	s.Must("create.metadata.creation-time-near", func(ev *exchange.Evidence) {
		e := account(ev, "create")
		moment(e, "/metadata/creationTime")
		Expect(e).To(HaveMember("/metadata/creationTime", BeNear(e, ClockTolerance)))
	})
	s.Must("create.metadata.provisioning-status", func(ev *exchange.Evidence) {
		values := s.Contract.Enum("resourceProvisioningStatus", "")
		Expect(account(ev, "create")).To(HaveMember("/metadata/provisioningStatus", BeOneOf(values...)))
	})
	s.Must("create.metadata.health-status", func(ev *exchange.Evidence) {
		values := s.Contract.Enum("resourceHealthStatus", "")
		Expect(account(ev, "create")).To(HaveMember("/metadata/healthStatus", BeOneOf(values...)))
	})
}

func statusChecks(s *check.Suite) {
	s.Must("create.expiry.rfc3339", func(ev *exchange.Evidence) {
		Expect(account(ev, "create")).To(HaveMember("/status/expiry", BeRFC3339()))
	})
	s.Must("create.expiry.after-creation", func(ev *exchange.Evidence) {
		e := account(ev, "create")
		Expect(e).To(HaveMember("/status/expiry", BeLaterThan(moment(e, "/metadata/creationTime"), "metadata.creationTime")))
	})
	s.Must("create.expiry.future", func(ev *exchange.Evidence) {
		e := account(ev, "create")
		moment(e, "/status/expiry")
		Expect(e).To(HaveMember("/status/expiry", BeLaterThan(TargetClock(e), "the time of the response")))
	})
	s.Must("create.token.present", func(ev *exchange.Evidence) {
		Expect(account(ev, "create")).To(HaveMember("/status/accessToken", BeNonEmptyText()))
	})
}
