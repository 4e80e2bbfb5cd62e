package suites

import (
	"context"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/internal/match"
	"github.com/sa-conformance/conformance/internal/probe"
)

// malformedLabel begins the label of every name and mark in a malformed create.
const malformedLabel = "malformed-"

// malformedCreate sends bodies that the contract does not allow. It then creates a witness and reads the list until the
// witness is in it, so that what the others may have made would be there too.
func malformedCreate() probe.Probe {
	return probe.Probe{Name: "create.malformed", Run: func(ctx context.Context, s *probe.Session) {
		for _, file := range []string{"missing-metadata.json", "missing-name.json", "missing-spec.json", "missing-group-ids.json", "not-json.txt"} {
			step, _, _ := strings.Cut(file, ".")
			label := s.Name(malformedLabel + step)
			s.Create(ctx, step, fixtures.Fill("bad/"+file, fixtures.Values{Name: label, Mark: label}))
		}
		s.Create(ctx, "empty-body", nil)
		s.Create(ctx, "long-name", fixtures.Minimal(s.NameOf(malformedLabel+"long-name", 64)))
		createAndList(ctx, s, fixtures.Minimal(s.Name("witness")))
	}}
}

func refusing(s *check.Suite) {
	refused := HaveStatus(malformed()...)
	s.Section("Refusing a malformed create", malformedCreate(), func() {
		s.Must("create.rejects.not-json", func(ev *exchange.Evidence) {
			Expect(ev.At("not-json")).To(refused)
		})
		s.Must("create.rejects.empty-body", func(ev *exchange.Evidence) {
			Expect(ev.At("empty-body")).To(refused)
		})
		s.Must("create.rejects.missing-members", func(ev *exchange.Evidence) {
			Expect(ev.Every("missing-")).To(Each(refused))
		})
		s.Must("create.rejects.long-name", func(ev *exchange.Evidence) {
			Expect(ev.At("long-name")).To(refused)
		})
		s.Must("create.rejects.error-body", func(ev *exchange.Evidence) {
			Expect(refusals(ev)).To(Each(HaveErrorBody(s.Contract)))
		})
		s.Must("create.rejects.error-code", func(ev *exchange.Evidence) {
			Expect(refusals(ev)).To(Each(HaveFittingErrorCode()))
		})
		s.Must("create.rejects.nothing-created", func(ev *exchange.Evidence) {
			Expect(ev.At("list")).To(ListNoAccountNamed(ev.Facts().Prefix + malformedLabel))
		})
	})
}

// malformed are the statuses with which the contract lets a malformed create be refused.
func malformed() []int { return []int{400, 413, 415, 422} }

// refusals are the answers of a probe with a status of 400 or more; a target that refused nothing has none to judge.
func refusals(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return e.Operation == probe.CreateOperation && e.Answered() && e.Status() >= 400
	})
	if len(found) == 0 {
		lacking("nothing was refused")
	}
	return found
}
