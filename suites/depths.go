package suites

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/scenario"
)

// smoke enters the conversations of the depth smoke: the least create, and one account that is created, updated and rotated, with
// what must be refused beside it. With the preflight and the clean-up it is at most 25 requests, and at most five in a row.
func smoke(s *check.Suite) {
	s.Smoke([]probe.Probe{scenario.MinimalCreate(), {Name: "smoke", Run: func(ctx context.Context, s *probe.Session) {
		w := explore.NewWorld(s)
		creates, changes, end := explore.Smoke()
		w.All(ctx, "", creates)
		if id, _ := w.Account(0); id == "" {
			s.GiveUp("the account that the conversation is about could not be created")
			return
		}
		w.Settle(ctx, "list-created")
		w.All(ctx, "", changes)
		w.Settle(ctx, "list-changed")
		w.All(ctx, "", end)
		scenario.SideBySide(
			func() { w.Refused(ctx, "old-refused", w.Rotated(0), false) },
			func() { w.Works(ctx, "token", 0) },
		)
	}}}, smoked...)
}

// smoked are the requirements that the depth smoke judges beside those of its conversations.
var smoked = []string{
	"create.id.fresh", "create.id.distinct", "create.token.distinct", "create.body.one-text", "create.body.utf-8", "create.body.unique-names",
	"create.body.interoperable", "create.body.length", "create.every.schema", "create.every.id", "create.every.organization",
	"create.every.creation-time", "create.every.expiry", "create.answers.always", "create.answers.no-server-error",
	"list.token.absent", "list.ids.unique", "token.every.agrees", "token.id.unique", "headers.token.absent",
	"errors.media-type.json", "errors.server-error.body", "errors.trace-id.form", "errors.internals.absent", "contract.every.response",
	"state.write.echoed", "state.identity.kept", "state.list.present", "state.list.agrees", "state.expiry.current", "state.rotate.agrees",
	"state.read-only.kept", "state.request.answered", "state.valid.accepted", "state.invalid.refused", "state.credential.refused",
	"state.unknown.refused", "state.neighbour.refused", "state.token.works", "state.token.subject", "state.token.distinct",
	"state.secret.kept", "state.list.unasked",
}

// deep enters the conversations of the depth deep: every cell of the tables of internal/explore, and as many conversations that
// the seed chooses as the budget has room for. The model judges them.
func deep(s *check.Suite) {
	s.Deep(func(how check.Deepening) []probe.Probe {
		over := deadline(how.Time)
		left := how.Requests - requestsOfStandard
		var all []probe.Probe
		for _, c := range explore.Deep() {
			if left -= len(c.Cells) + len(c.Chain) + len(c.Creates); left < 0 {
				return all
			}
			all = append(all, tableProbe(c, over))
		}
		for n := 0; left >= explore.LongestConversation; n++ {
			left -= explore.LongestConversation + explore.LongestConversation/5 // what reads again
			all = append(all, generatedProbe(how.Seed, n, over))
		}
		return all
	})
}

// requestsOfStandard is about how many requests the conversations of the sections send.
const requestsOfStandard = 600

// deadline tells when the time of the further conversations is over: the zero time if it is not bounded. It begins when it is asked
// first.
func deadline(limit time.Duration) func() time.Time {
	return sync.OnceValue(func() time.Time {
		if limit == 0 {
			return time.Time{}
		}
		return time.Now().Add(limit)
	})
}

// tableProbe holds a conversation of the tables.
func tableProbe(c explore.Conversation, over func() time.Time) probe.Probe {
	return probe.Probe{Name: "deep." + c.Name, Steps: len(c.Chain) + len(c.Cells)/8, Run: func(ctx context.Context, s *probe.Session) {
		until := over()
		w := explore.NewWorld(s)
		if !scenario.Begun(ctx, s, w, c.Creates...) {
			return
		}
		w.Settle(ctx, "list-before")
		for i := range c.Creates {
			w.Works(ctx, fmt.Sprintf("works-%d", i), i)
		}
		died := true
		for _, n := range c.Rotate {
			w.Do(ctx, "", explore.Operation{Kind: explore.Rotate, Account: n})
			died = w.Refused(ctx, "old-refused", w.Rotated(n), false) && died
		}
		for _, n := range c.Delete {
			_, token := w.Account(n)
			w.Do(ctx, "", explore.Operation{Kind: explore.Delete, Account: n})
			died = w.Refused(ctx, "deleted-refused", token, true) && died
		}
		prefix := ""
		if len(c.Rotate)+len(c.Delete) > 0 {
			w.Settle(ctx, "list-gone")
			if !died {
				return
			}
			scenario.Rest(ctx, s.Settle())
			prefix = "dead-"
		}
		w.AllUntil(ctx, prefix, c.Cells, until)
		w.Play(ctx, c.Chain, until)
		scenario.SideBySide(func() { w.Settle(ctx, "list-after") }, func() { w.Works(ctx, "works-after", 0) })
		w.Clear(ctx)
	}}
}

// generatedProbe holds a conversation that a seed chooses.
func generatedProbe(seed uint64, n int, over func() time.Time) probe.Probe {
	operations := explore.Generate(seed, n, explore.LongestConversation)
	return probe.Probe{Name: fmt.Sprintf("deep.generated-%d", n+1), Steps: len(operations), Run: func(ctx context.Context, s *probe.Session) {
		w := explore.NewWorld(s)
		w.Play(ctx, operations, over())
		w.Clear(ctx)
	}}
}

// resting says on which conversations the checks of every response rest, so that a run of one profile holds these beside its
// own. It names what such a check needs in order to fail if it should: beyond that it judges whatever else the run holds.
func resting(s *check.Suite) {
	for _, pattern := range []string{
		"state.write.*", "state.identity.*", "state.list.*", "state.expiry.*", "state.rotate.*", "state.read-only.*", "state.valid.*",
		"state.token.*", "state.secret.*",
	} {
		for _, p := range scenario.StateProbes() {
			s.Rest(pattern, p.Name)
		}
	}
	s.Rest("state.list.unasked", "create.varied", scenario.FinalStateProbe)
	s.Rest("token.*", "create.varied")
	s.Rest("create.*.distinct", scenario.TogetherProbe, scenario.AlikeProbe)
	s.Rest("state.invalid.*", scenario.StrangersProbe().Name)
	s.Rest("state.request.*", scenario.StrangersProbe().Name)
	s.Rest("state.deletion.*", scenario.FinalStateProbe)
	s.Rest("*.nothing-created", scenario.FinalStateProbe)
}
