package suites

import (
	"context"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

const (
	// malformedLabel begins the label of every name and mark in a create that must be refused, and of no other: a create
	// that may be accepted is labelled otherwise.
	malformedLabel = "malformed-"
	// malformedProbes begins the name of every probe of malformed creates.
	malformedProbes = "create.malformed."

	refusingTitle = "Refusing a malformed create"
)

// wrongCreate is a create that is wrong in one way.
type wrongCreate struct {
	step string
	// label becomes part of the name that body is given.
	label string
	body  func(name string) []byte
	// bent makes the body of attempts that have content of all kinds but for what is wrong; nil if body does.
	bent func(name string, groups []string) []byte
	// mediaType is what stands in Content-Type: nil for application/json, empty for no header.
	mediaType []string
}

// malformedCreate sends a family of attempts, some at a time, none of which depends on another.
func malformedCreate(family string, attempts func() []wrongCreate) probe.Probe {
	return probe.Probe{Name: malformedProbes + family, Run: func(ctx context.Context, s *probe.Session) {
		var requests []attempt
		for _, a := range attempts() {
			requests = append(requests, attempt{a.step, a.request(s)})
		}
		sendAll(ctx, s, requests)
	}}
}

func (a wrongCreate) request(s *probe.Session) probe.Request {
	var request probe.Request
	if a.bent != nil {
		request = s.CreateRequest(a.bent(richName(s, a.label), s.Target().Groups))
	} else {
		request = s.CreateRequest(a.body(s.Name(a.label)))
	}
	switch {
	case a.mediaType == nil:
	case len(a.mediaType) == 0:
		request.Header.Del("Content-Type")
	default:
		request.Header["Content-Type"] = a.mediaType
	}
	return request
}

func refusing(s *check.Suite) {
	refusingMembers(s)
	refusingText(s)
	refusingNames(s)
	refusingMediaTypes(s)
	refusingDuplicates(s)
	s.Section(refusingTitle, everything(), func() {
		s.Must("create.rejects.error-body", func(ev *exchange.Evidence) {
			Expect(refusals(ev)).To(Each(HaveErrorBody(s.Contract)))
		})
		s.Must("create.rejects.error-code", func(ev *exchange.Evidence) {
			Expect(refusals(ev)).To(Each(HaveFittingErrorCode()))
		})
		s.Must("create.rejects.no-echo", func(ev *exchange.Evidence) {
			refused := refusals(ev)
			if !slices.ContainsFunc(refused, func(e *exchange.Exchange) bool { return e.Request.Header.Get("Authorization") != "" }) {
				ev.Observe("does not apply: no request shows the credential that it carried")
			}
			Expect(refused).To(Each(NotEchoCredential()))
		})
		s.Must("create.rejects.nothing-created", func(ev *exchange.Evidence) {
			refusals(ev)
			Expect(finalList(ev)).To(ListNoAccountNamed(labelled(ev, malformedLabel), toldOf(malformedCreates(ev))...))
		})
	})
}

func refusingMembers(s *check.Suite) {
	members := func() []wrongCreate { return append(missingMembers(s.Contract), nullMembers(s.Contract)...) }
	s.Section(refusingTitle, malformedCreate("members", members), func() {
		s.Must("create.rejects.missing-members", func(ev *exchange.Evidence) {
			Expect(ev.Every("missing ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.null-members", func(ev *exchange.Evidence) {
			Expect(ev.Every("null ")).To(Each(beRefused()))
		})
	})
	s.Section(refusingTitle, malformedCreate("types", func() []wrongCreate { return wrongTypes(s.Contract) }), func() {
		s.Must("create.rejects.wrong-types", func(ev *exchange.Evidence) {
			Expect(ev.Every("wrong-type ")).To(Each(beRefused()))
		})
	})
}

// beRefused accepts the statuses with which the contract lets a malformed create be refused.
func beRefused() types.GomegaMatcher { return HaveStatus(400, 413, 415, 422) }

// refusals are the responses with 4xx to the creates of the malformed families; a target that refused nothing has none to
// judge.
func refusals(ev *exchange.Evidence) []*exchange.Exchange {
	var found []*exchange.Exchange
	for _, e := range lastCreates(ev, malformed) {
		if e.Answered() && e.Status()/100 == 4 && HasErrorCode(e.Status()) {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		inconclusive("nothing was refused")
	}
	return found
}

func malformed(e *exchange.Exchange) bool { return strings.HasPrefix(e.Probe, malformedProbes) }

// malformedCreates are all creates of the malformed families, repetitions included. Some of them may be accepted.
func malformedCreates(ev *exchange.Evidence) []*exchange.Exchange {
	return ev.Where(func(e *exchange.Exchange) bool { return e.Operation == probe.CreateOperation && malformed(e) })
}

// fill is the body of a fixture whose name is malformed in some other way than by its name.
func fill(file string) func(string) []byte {
	return func(name string) []byte { return fixtures.Fill(file, fixtures.Values{Name: name, Mark: name}) }
}
