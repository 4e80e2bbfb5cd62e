package suites

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func creating(s *check.Suite) {
	s.Section("Creating a service account", scenario.MinimalCreate(), func() {
		s.Must("create.status.created", func(ev *exchange.Evidence) {
			Expect(ev.At("create")).To(HaveStatus(http.StatusCreated))
		})
		s.Must("create.media-type.json", func(ev *exchange.Evidence) {
			Expect(evidence.AccountResponse(ev, "create")).To(HaveMediaType("application/json"))
		})
		s.Must("create.body.schema", func(ev *exchange.Evidence) {
			Expect(evidence.AccountResponse(ev, "create")).To(MatchContract(s.Contract, spec.AspectJSON, spec.AspectSchema, spec.AspectFormat))
		})
		metadataChecks(s)
		statusChecks(s)
	})
	s.Section("Creating a service account", scenario.DescribedCreate(), func() {
		s.Must("create.status.described", func(ev *exchange.Evidence) {
			Expect(ev.At("create")).To(HaveStatus(http.StatusCreated))
		})
		s.Must("create.metadata.description", func(ev *exchange.Evidence) {
			e := evidence.Account(ev, "create")
			Expect(e).To(HaveMember("/metadata/description", BeExactly(evidence.Sent(e, "/metadata/description"))))
		})
		s.Must("create.metadata.tags", func(ev *exchange.Evidence) {
			e := evidence.Account(ev, "create")
			Expect(e).To(HaveMember("/metadata/tags", HoldTags(evidence.Sent(e, "/metadata/tags"))))
		})
	})
	s.Section("Creating a service account", scenario.GroupedCreate(), func() {
		s.Must("create.status.grouped", func(ev *exchange.Evidence) {
			Expect(ev.At("create")).To(HaveStatus(http.StatusCreated))
		})
		s.Must("create.spec.groups", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "create")).To(HaveMember("/spec/groupIDs", BeSameSet(ev.Facts().Groups...)))
		})
		s.Must("create.spec.groups-listed", func(ev *exchange.Evidence) {
			list, at := evidence.Listed(ev, "list")
			Expect(list).To(HaveMember(at+"/spec/groupIDs", BeSameSet(ev.Facts().Groups...)))
		})
	})
	s.Section("Creating a service account", scenario.Everything(), func() {
		s.Must("create.id.fresh", func(ev *exchange.Evidence) {
			Expect(evidence.Naming(ev)).To(evidence.NameNoEarlierAccount())
		})
		s.Must("create.id.distinct", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(DifferIn("/metadata/id"))
		})
		s.Must("create.token.distinct", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(DifferIn("/status/accessToken"))
		})
	})
}

func metadataChecks(s *check.Suite) {
	s.Must("create.metadata.members", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "create")
		for _, member := range []string{"name", "id", "creationTime", "provisioningStatus", "healthStatus", "organizationId"} {
			Expect(e).To(HaveMember("/metadata/"+member, BeText()))
		}
	})
	s.Must("create.metadata.id", func(ev *exchange.Evidence) {
		Expect(evidence.Account(ev, "create")).To(HaveMember("/metadata/id", BeUUID()))
	})
	s.Must("create.metadata.organization", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "create")
		Expect(e).To(HaveMember("/metadata/organizationId", All(BeUUID(), BeSameID(ev.Facts().Organization))))
	})
	s.Must("create.metadata.name", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "create")
		Expect(e).To(HaveMember("/metadata/name", BeExactly(evidence.Sent(e, "/metadata/name"))))
	})
	s.Must("create.metadata.creation-time", func(ev *exchange.Evidence) {
		Expect(evidence.Account(ev, "create")).To(HaveMember("/metadata/creationTime", BeRFC3339()))
	})
	s.Must("create.metadata.creation-time-near", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "create")
		evidence.Moment(e, "/metadata/creationTime")
		Expect(e).To(HaveMember("/metadata/creationTime", BeNear(e, ClockTolerance)))
	})
	s.Must("create.metadata.provisioning-status", func(ev *exchange.Evidence) {
		values := s.Contract.Enum("resourceProvisioningStatus", "")
		Expect(evidence.Account(ev, "create")).To(HaveMember("/metadata/provisioningStatus", BeOneOf(values...)))
	})
	s.Must("create.metadata.health-status", func(ev *exchange.Evidence) {
		values := s.Contract.Enum("resourceHealthStatus", "")
		Expect(evidence.Account(ev, "create")).To(HaveMember("/metadata/healthStatus", BeOneOf(values...)))
	})
}

func statusChecks(s *check.Suite) {
	s.Must("create.expiry.rfc3339", func(ev *exchange.Evidence) {
		Expect(evidence.Account(ev, "create")).To(HaveMember("/status/expiry", BeRFC3339()))
	})
	s.Must("create.expiry.after-creation", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "create")
		Expect(e).To(HaveMember("/status/expiry", BeLaterThan(evidence.Moment(e, "/metadata/creationTime"), "metadata.creationTime")))
	})
	s.Must("create.expiry.future", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "create")
		evidence.Moment(e, "/status/expiry")
		Expect(e).To(HaveMember("/status/expiry", BeLaterThan(TargetClock(e), "the time of the response")))
	})
	s.Must("create.token.present", func(ev *exchange.Evidence) {
		Expect(evidence.Account(ev, "create")).To(HaveMember("/status/accessToken", BeNonEmptyText()))
	})
}
