package suites

import (
	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

// wholeAnswers looks at the responses of every create of a run, so that a fault of some of them is not missed.
func wholeAnswers(s *check.Suite) {
	s.Section("Answer to a good request", scenario.MinimalCreate(), func() {
		optionalChecks(s)
		s.Must("create.spec.present", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "create")).To(HaveMember("/spec/groupIDs", BeSameSet()))
		})
	})
	s.Section("Answer to a good request", scenario.Everything(), func() {
		s.Must("create.body.one-text", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(Each(BeCleanJSON("empty", "syntax", "trailing-data")))
		})
		s.Must("create.body.utf-8", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(Each(BeCleanJSON("utf-8", "byte-order-mark")))
		})
		s.Must("create.body.unique-names", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(Each(NameMembersOnce(s.Contract)))
		})
		s.Should("create.body.interoperable", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(Each(MatchContract(s.Contract, spec.AspectInterop)))
		})
		s.Must("create.body.length", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(Each(HaveSoundLength()))
		})
		s.Must("create.every.schema", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(Each(MatchContract(s.Contract, spec.AspectMediaType, spec.AspectSchema, spec.AspectFormat)))
		})
		s.Must("create.every.id", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(Each(HaveMember("/metadata/id", BeUUID())))
		})
		s.Must("create.every.organization", func(ev *exchange.Evidence) {
			Expect(evidence.Creates(ev)).To(Each(HaveMember("/metadata/organizationId", BeSameID(ev.Facts().Organization))))
		})
		s.Must("create.every.creation-time", func(ev *exchange.Evidence) {
			for _, e := range evidence.Creates(ev) {
				Expect(e).To(HaveMember("/metadata/creationTime", BeNear(e, ClockTolerance)))
			}
		})
		s.Must("create.every.expiry", func(ev *exchange.Evidence) {
			for _, e := range evidence.Creates(ev) {
				Expect(e).To(HaveMember("/status/expiry", BeLaterThan(TargetClock(e), "the time of the response")))
			}
		})
	})
}

// optionalChecks look at members that may be absent.
func optionalChecks(s *check.Suite) {
	optional := func(pointer string, m types.GomegaMatcher) func(*exchange.Evidence) {
		return func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "create")).To(MayHaveMember(pointer, m))
		}
	}
	s.Must("create.metadata.created-by", optional("/metadata/createdBy", BeText()))
	s.Must("create.metadata.modified-by", optional("/metadata/modifiedBy", BeText()))
	s.Must("create.metadata.modified-time", optional("/metadata/modifiedTime", BeRFC3339()))
	s.Must("create.metadata.deletion-time", optional("/metadata/deletionTime", BeRFC3339()))
	detail := func(pointer, schema string) func(*exchange.Evidence) {
		return func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "create")).To(MayHaveMember(pointer, BeDetail(s.Contract.Enum(schema, "reason")...)))
		}
	}
	s.Must("create.metadata.detail-members", func(ev *exchange.Evidence) {
		e := evidence.Account(ev, "create")
		for _, detail := range []string{"/metadata/provisioningStatusDetail", "/metadata/healthStatusDetail"} {
			if _, shown := e.Member(detail); shown {
				Expect(e).To(HaveMember(detail+"/reason", BeText()))
				Expect(e).To(HaveMember(detail+"/message", BeText()))
			}
		}
	})
	s.Must("create.metadata.provisioning-detail", detail("/metadata/provisioningStatusDetail", "resourceProvisioningStatusDetail"))
	s.Must("create.metadata.health-detail", detail("/metadata/healthStatusDetail", "resourceHealthStatusDetail"))
}
