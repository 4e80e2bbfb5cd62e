package suites

import (
	"bytes"
	"context"
	"fmt"
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
	largeProbe = "create.large"
	largeMark  = "LARGE"
	// largeTries is how often a large body is sent to a target that closes the connection. One that answers early and
	// closes (RFC 9110 section 15.5.14) may be misread, as its response and the reset race each other; asked to say first
	// whether it wants the body, it can answer before there is anything to reset.
	largeTries = 2
)

// largeCreate sends long descriptions, one after the other. What comes of them is removed at once: lists would carry it.
func largeCreate() probe.Probe {
	return probe.Probe{Name: largeProbe, Run: func(ctx context.Context, s *probe.Session) {
		for _, mebibytes := range []int{1, 5} {
			body := fixtures.Fill("good/marked.json", fixtures.Values{Name: s.Name("large"), Mark: largeMark})
			request, step := s.CreateRequest(stretched(body, mebibytes<<20)), fmt.Sprintf("%d MiB", mebibytes)
			e := s.Send(ctx, step, request)
			request.Header.Set("Expect", "100-continue")
			for try := 1; try < largeTries && e.BrokenOff(); try++ {
				e = s.Send(ctx, step, request)
			}
			if id := e.AccountID(); e.Success() && id != "" {
				s.Send(ctx, "delete "+step, s.DeleteRequest(id))
			}
		}
	}}
}

// stretched is a body with a number of bytes in the place of the mark. It is made in one piece, as it is long.
func stretched(body []byte, length int) []byte {
	before, after, _ := bytes.Cut(body, []byte(largeMark))
	long := make([]byte, 0, len(before)+length+len(after))
	long = append(long, before...)
	for chunk := bytes.Repeat([]byte("x"), 64<<10); length > 0; length -= len(chunk) {
		chunk = chunk[:min(len(chunk), length)]
		long = append(long, chunk...)
	}
	return append(long, after...)
}

func answering(s *check.Suite) {
	s.Section("Answering every create", largeCreate(), func() {
		s.Must("create.answers.large-bodies", func(ev *exchange.Evidence) {
			var answered []*exchange.Exchange
			for _, e := range []*exchange.Exchange{ev.Sent("1 MiB"), ev.Sent("5 MiB")} {
				if e.BrokenOff() { // RFC 9110 section 15.5.14 lets a server close the connection
					ev.Observe("the body of %s was not read to its end, and the connection closed", e.Step)
					continue
				}
				answered = append(answered, e)
			}
			if len(answered) == 0 {
				inconclusive("the connection was closed over each large body, which a server may do")
			}
			Expect(answered).To(Each(BeCreatedOrRefused()))
		})
	})
	s.Section("Answering every create", finalState(), func() {}) // for the evidence of everything
	s.Section("Answering every create", everything(), func() {
		s.Must("create.answers.always", func(ev *exchange.Evidence) {
			apart := []string{largeProbe, togetherProbe, alikeProbe} // which have requirements of their own
			others := lastCreates(ev, func(e *exchange.Exchange) bool {
				return !slices.ContainsFunc(apart, func(name string) bool { return strings.HasPrefix(e.Probe, name) })
			})
			Expect(others).To(All(BeDroppedNowhere(), Each(All())))
		})
		s.Must("create.answers.no-server-error", func(ev *exchange.Evidence) {
			Expect(lastCreates(ev, (*exchange.Exchange).Answered)).To(Each(BeNoServerError()))
		})
	})
}

// lastCreates are the last exchanges of all steps that sent a create, of those that satisfy keep.
func lastCreates(ev *exchange.Evidence, keep func(*exchange.Exchange) bool) []*exchange.Exchange {
	places, family := map[string]int{}, []*exchange.Exchange{}
	for _, e := range ev.Where(func(e *exchange.Exchange) bool { return e.Operation == probe.CreateOperation && keep(e) }) {
		if at, again := places[e.Probe+"/"+e.Step]; again {
			family[at] = e
			continue
		}
		places[e.Probe+"/"+e.Step] = len(family)
		family = append(family, e)
	}
	return family
}

// BeDroppedNowhere accepts a family of exchanges in none of which the target broke off. Others without a response count
// neither way.
func BeDroppedNowhere() types.GomegaMatcher {
	return By(func(family []*exchange.Exchange) *Mismatch {
		var found []*exchange.Exchange
		var lines []string
		for _, e := range family {
			if e.BrokenOff() {
				found, lines = append(found, e), append(lines, e.Unanswered())
			}
		}
		if len(found) == 0 {
			return nil
		}
		return &Mismatch{Expected: "a response to every create", Seen: FirstLines(lines), Exchange: found[0].ID}
	})
}
