package suites

import (
	. "github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/internal/match"
)

func listing(s *check.Suite) {
	s.Section("Listing service accounts", minimalCreate(), func() {
		s.Must("list.contains.created", func(ev *exchange.Evidence) {
			Expect(ev.At("list")).To(ListAccount(account(ev, "create").AccountID()))
		})
		s.Must("list.token.absent", func(ev *exchange.Evidence) {
			Expect(ev.At("list")).To(ListNoToken())
		})
	})
}
