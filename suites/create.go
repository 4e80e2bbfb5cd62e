package suites

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// minimalCreate sends the least that the contract allows, and reads the list back.
func minimalCreate() probe.Probe {
	return probe.Probe{Name: "create.minimal", First: true, Run: func(ctx context.Context, s *probe.Session) {
		createAndList(ctx, s, fixtures.Minimal(s.Name("minimal")))
	}}
}

// describedCreate sends a description and tags.
func describedCreate() probe.Probe {
	return probe.Probe{Name: "create.described", Run: func(ctx context.Context, s *probe.Session) {
		createAndList(ctx, s, fixtures.Fill("good/described.json", fixtures.Values{Name: s.Name("described")}))
	}}
}

// groupedCreate asks for every group that the operator named.
func groupedCreate() probe.Probe {
	return probe.Probe{Name: "create.grouped", Run: func(ctx context.Context, s *probe.Session) {
		groups := s.Target().Groups
		if len(groups) == 0 {
			s.GiveUp("the operator named no group")
			return
		}
		createAndList(ctx, s, fixtures.Fill("good/grouped.json", fixtures.Values{Name: s.Name("grouped"), Groups: groups}))
	}}
}

func createAndList(ctx context.Context, s *probe.Session, body []byte) {
	created := s.Create(ctx, "create", body)
	if !created.Success() || created.AccountID() == "" {
		s.GiveUp("the create got %d and no account, so that there is nothing to look for in the list", created.Status())
		return
	}
	s.ListWith(ctx, "list", created.AccountID())
}

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

// sent is the value that a request of ours held at a JSON pointer.
func sent(e *exchange.Exchange, pointer string) any {
	var document any
	if err := json.Unmarshal(e.Request.Body, &document); err != nil {
		inconclusive("%s was sent with a body that is not JSON", e.ID)
	}
	value, ok := exchange.Lookup(document, pointer)
	if !ok {
		inconclusive("%s was sent without %s", e.ID, pointer)
	}
	return value
}
