package scenario

import (
	"context"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/probe"
)

// MinimalCreate sends the least that the contract allows, and reads the list back.
func MinimalCreate() probe.Probe {
	return probe.Probe{Name: "create.minimal", First: true, Run: func(ctx context.Context, s *probe.Session) {
		createAndList(ctx, s, fixtures.Minimal(s.Name("minimal")))
	}}
}

// DescribedCreate sends a description and tags.
func DescribedCreate() probe.Probe {
	return probe.Probe{Name: "create.described", Run: func(ctx context.Context, s *probe.Session) {
		createAndList(ctx, s, fixtures.Fill("good/described.json", fixtures.Values{Name: s.Name("described")}))
	}}
}

// GroupedCreate asks for every group that the operator named.
func GroupedCreate() probe.Probe {
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
