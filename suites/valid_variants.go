package suites

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// variant is one legal way to ask for an account.
type variant struct {
	step, fixture string
	// name makes the account's name of the run's own; nil for the usual one.
	name func(s *probe.Session, label string) string
	// change alters the request.
	change func(*probe.Request)
	// grouped variants need a group.
	grouped bool
}

// validVariants lists the legal ways, each of which becomes one create.
func validVariants() []variant {
	contentType := func(value string) func(*probe.Request) {
		return func(r *probe.Request) { r.Header.Set("Content-Type", value) }
	}
	return []variant{
		{step: "name-shortest", fixture: "marked", name: func(*probe.Session, string) string { return "q" }},
		{step: "name-longest", fixture: "minimal", name: func(s *probe.Session, label string) string { return s.NameOf(label, 63) }},
		{step: "name-characters", fixture: "minimal", name: func(s *probe.Session, label string) string { return s.Name(label) + "-A.b_c-9" }},
		{step: "description-empty", fixture: "description-empty"},
		{step: "description-long", fixture: "description-long"},
		{step: "description-unicode", fixture: "description-unicode"},
		{step: "tags-empty", fixture: "tags-empty"},
		{step: "tags-several", fixture: "tags-several"},
		{step: "groups-one", fixture: "groups-one", grouped: true},
		{step: "groups-duplicated", fixture: "groups-duplicated", grouped: true},
		{step: "unknown-members", fixture: "unknown-members"},
		{step: "read-only-members", fixture: "read-only-members"},
		{step: "white-space", fixture: "white-space"},
		{step: "charset", fixture: "minimal", change: contentType("application/json; charset=utf-8")},
		{step: "media-type-case", fixture: "minimal", change: contentType("Application/JSON")},
		{step: "bearer-case", fixture: "minimal", change: func(r *probe.Request) {
			r.As.Authorization = []string{"bearer " + strings.TrimPrefix(r.As.Authorization[0], "Bearer ")}
		}},
		{step: "chunked", fixture: "minimal", change: func(r *probe.Request) { r.Chunked = true }},
		{step: "query", fixture: "minimal", change: func(r *probe.Request) { r.Path += "?meaning=none&meaning=nothing" }},
		{step: "unknown-group", fixture: "unknown-group"},
		{step: "empty-group", fixture: "empty-group"},
		{step: "reserved-tag", fixture: "reserved-tag"},
	}
}

// variedCreates sends every legal variant and reads the list until all accounts are in it.
func variedCreates() probe.Probe {
	return probe.Probe{Name: "create.varied", Run: func(ctx context.Context, s *probe.Session) {
		var wg sync.WaitGroup
		ids := make(chan string, len(validVariants()))
		places := make(chan struct{}, 4)
		for _, v := range validVariants() {
			if v.grouped && len(s.Target().Groups) == 0 {
				continue
			}
			places <- struct{}{}
			wg.Go(func() {
				defer func() { <-places }()
				if id := s.Send(ctx, v.step, v.request(s)).AccountID(); id != "" {
					ids <- id
				}
			})
		}
		wg.Wait()
		close(ids)
		var known []string
		for id := range ids {
			known = append(known, id)
		}
		s.ListWith(ctx, "list", known...)
	}}
}

func (v variant) request(s *probe.Session) probe.Request {
	values := fixtures.Values{Mark: s.Mark()}
	if v.grouped {
		values.Groups = s.Target().Groups[:1]
	}
	if v.name != nil {
		values.Name = v.name(s, v.step)
	} else {
		values.Name = s.Name(v.step)
	}
	r := s.CreateRequest(fixtures.Fill("good/"+v.fixture+".json", values))
	if v.change != nil {
		v.change(&r)
	}
	return r
}

func varying(s *check.Suite) {
	accepted := BeSuccess() // which success it is to be is create.status.created's matter
	s.Section("Legal variety of the request", variedCreates(), func() {
		for _, step := range []string{"description-long", "groups-duplicated", "chunked", "query"} { // which may be refused
			s.Should("create.accepts."+step, func(ev *exchange.Evidence) { Expect(ev.At(step)).To(accepted) })
		}
		for _, step := range []string{
			"name-longest", "name-characters", "description-empty", "description-unicode", "tags-empty", "tags-several", "groups-one",
			"unknown-members", "read-only-members", "white-space", "charset", "media-type-case", "bearer-case",
		} {
			s.Must("create.accepts."+step, func(ev *exchange.Evidence) { Expect(ev.At(step)).To(accepted) })
		}
		s.Must("create.accepts.name-shortest", func(ev *exchange.Evidence) {
			// A name that short may be taken already, and names may be unique.
			Expect(ev.At("name-shortest")).To(BeSuccess(http.StatusConflict))
		})
		s.Must("create.answers.unknown-group", func(ev *exchange.Evidence) {
			Expect(ev.At("unknown-group")).To(BeCreatedOrRefused())
		})
		s.Must("create.answers.empty-group", func(ev *exchange.Evidence) {
			Expect(ev.At("empty-group")).To(BeCreatedOrRefused())
		})
		s.Must("create.answers.reserved-tag", func(ev *exchange.Evidence) {
			Expect(ev.At("reserved-tag")).To(BeCreatedOrRefused())
		})
		s.Must("create.keeps.name", func(ev *exchange.Evidence) { Expect(varied(ev)).To(Each(EchoName())) })
		s.Must("create.keeps.description", func(ev *exchange.Evidence) { Expect(varied(ev)).To(Each(EchoDescription())) })
		s.Must("create.keeps.tags", func(ev *exchange.Evidence) {
			reserved := func(e *exchange.Exchange) bool { return e.Step == "reserved-tag" } // may be dropped
			Expect(slices.DeleteFunc(varied(ev), reserved)).To(Each(EchoTags()))
		})
		s.Must("create.keeps.groups", func(ev *exchange.Evidence) {
			if e := ev.At("groups-duplicated"); e.Status()/100 == 4 {
				ev.Observe("does not apply: a group that is named twice is refused")
				return
			}
			Expect(account(ev, "groups-duplicated")).To(HaveMember("/spec/groupIDs", BeSameSet(ev.Facts().Groups[0])))
		})
		s.Must("create.keeps.no-groups", func(ev *exchange.Evidence) {
			Expect(account(ev, "name-longest")).To(HaveMember("/spec/groupIDs", BeSameSet()))
		})
		readOnlyChecks(s)
		s.Must("create.listed.agrees", func(ev *exchange.Evidence) {
			Expect(varied(ev)).To(Each(BeListedAsAnswered(ev.At("list"))))
		})
	})
}

// readOnlyChecks look at an account whose request named an id, times and a token of its own.
func readOnlyChecks(s *check.Suite) {
	taken := func(pointer string) func(*exchange.Evidence) {
		return func(ev *exchange.Evidence) {
			e := account(ev, "read-only-members")
			Expect(e).To(MayHaveMember(pointer, BeOtherThan(sent(e, pointer))))
		}
	}
	s.Must("create.ignores.id", taken("/metadata/id"))
	s.Must("create.ignores.organization", taken("/metadata/organizationId"))
	s.Must("create.ignores.creation-time", taken("/metadata/creationTime"))
	s.Must("create.ignores.created-by", taken("/metadata/createdBy"))
	s.Must("create.ignores.expiry", taken("/status/expiry"))
	s.Must("create.ignores.token", taken("/status/accessToken"))
}

// varied are the responses of the varied creates that yielded an account.
func varied(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return e.Operation == probe.CreateOperation && e.Success() && e.AccountID() != ""
	})
	if len(found) == 0 {
		inconclusive("none of the varied creates yielded an account")
	}
	return found
}
