package suites

import (
	"context"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/probe"
)

// aftermath looks at the list when all conversations are over. It first creates a witness and reads the list until the
// witness is in it, so that what refused creates may have made would be there too.
func aftermath() probe.Probe {
	return probe.Probe{
		Name: "aftermath",
		Run:  func(context.Context, *probe.Session) {},
		Finally: func(ctx context.Context, s *probe.Session) {
			witness := s.Create(ctx, "witness", fixtures.Minimal(s.Name("witness")))
			if !witness.Success() || witness.AccountID() == "" {
				s.GiveUp("the create was answered with %d and no account, so that there is nothing to wait for in the list", witness.Status())
				return
			}
			s.ListWith(ctx, "list", witness.AccountID())
		},
	}
}
