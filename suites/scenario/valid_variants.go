package scenario

import (
	"context"
	"strings"
	"sync"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/probe"
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

// VariedCreates sends every legal variant and reads the list until all accounts are in it.
func VariedCreates() probe.Probe {
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
