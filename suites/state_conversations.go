package suites

import (
	"context"
	"fmt"
	"time"

	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/probe"
)

// stateProbes are conversations made of the tables of internal/explore. The model judges them, as it judges all others.
func stateProbes() []probe.Probe {
	all := []probe.Probe{strangersProbe(), malformedProbe()}
	creates, updates := explore.Creates(), explore.Updates()
	for i, create := range creates {
		var own []explore.Operation
		for n := i; n < len(updates); n += len(creates) {
			own = append(own, updates[n])
		}
		all = append(all, contentProbe(i+1, create, own))
	}
	return all
}

// contentProbe leads one account through updates and two rotations.
func contentProbe(number int, create explore.Operation, all []explore.Operation) probe.Probe {
	return probe.Probe{Name: fmt.Sprintf("state.content-%d", number), Steps: 12, Run: func(ctx context.Context, s *probe.Session) {
		w := explore.NewWorld(s)
		if !begun(ctx, s, w, create) {
			return
		}
		updates := all // each run has its own
		take := func(n int) {
			for ; n > 0 && len(updates) > 0; n-- {
				w.Do(ctx, fmt.Sprintf("update-%d-", len(updates)), updates[0])
				updates = updates[1:]
			}
		}
		w.Settle(ctx, "list-created")
		take(2)
		w.Settle(ctx, "list-updated")
		rotation := explore.Operation{Kind: explore.Rotate}
		w.Do(ctx, "", rotation)
		take(1)
		w.Settle(ctx, "list-rotated")
		w.Do(ctx, "second-", rotation)
		take(len(updates))
		sideBySide(func() { w.Settle(ctx, "list-end") }, func() { w.Works(ctx, "token-end", 0) })
	}}
}

// begun makes the accounts that a conversation needs, the first one under the number 0.
func begun(ctx context.Context, s *probe.Session, w *explore.World, creates ...explore.Operation) bool {
	for i := range creates {
		creates[i].Account = i
	}
	w.All(ctx, "", creates)
	for i := range creates {
		if id, _ := w.Account(i); id == "" {
			s.GiveUp("an account that the conversation is about could not be created")
			return false
		}
	}
	return true
}

// strangersProbe lets all who may not do it list, update, rotate and delete, with tokens that are none, and at the end of the
// run with tokens that are dead.
func strangersProbe() probe.Probe {
	type state struct {
		world   *explore.World
		refused time.Time
	}
	return probe.Probe{
		Name: "state.strangers", Steps: 9,
		Run: func(ctx context.Context, s *probe.Session) {
			w := explore.NewWorld(s)
			plain := explore.Operation{Kind: explore.Create, Description: "plain", Tags: "one"}
			if !begun(ctx, s, w, plain, explore.Operation{Kind: explore.Create}, explore.Operation{Kind: explore.Create}) {
				return
			}
			sideBySide(
				func() { w.Settle(ctx, "list-before") }, func() { w.Works(ctx, "token-1", 1) }, func() { w.Works(ctx, "token-2", 2) },
			)
			w.All(ctx, "", explore.Refusals())
			sideBySide(func() { w.Settle(ctx, "list-after") }, func() { w.Works(ctx, "token-after", 1) })
			_, deletedToken := w.Account(2)
			rotated, deleted := false, false
			sideBySide(
				func() {
					w.Do(ctx, "", explore.Operation{Kind: explore.Rotate, Account: 1})
					rotated = w.Refused(ctx, "old-refused", w.Rotated(1), false)
				},
				func() {
					w.Do(ctx, "", explore.Operation{Kind: explore.Delete, Account: 2})
					deleted = w.Refused(ctx, "deleted-refused", deletedToken, true)
				},
			)
			w.Settle(ctx, "list-gone")
			if rotated && deleted {
				s.State = &state{w, time.Now()}
			}
		},
		Finally: func(ctx context.Context, s *probe.Session) {
			if st, ok := s.State.(*state); ok {
				rest(ctx, time.Until(st.refused.Add(s.Settle())))
				st.world.All(ctx, "dead-", explore.Dead())
				st.world.Settle(ctx, "dead-settled")
			}
		},
	}
}

// malformedProbe sends updates that the schema forbids, and looks whether one of them changed something.
func malformedProbe() probe.Probe {
	return probe.Probe{Name: "state.malformed", Steps: 5, Run: func(ctx context.Context, s *probe.Session) {
		w := explore.NewWorld(s)
		if !begun(ctx, s, w, explore.Operation{Kind: explore.Create, Description: "plain", Tags: "several", Groups: "all"}) {
			return
		}
		w.Settle(ctx, "list-before")
		w.All(ctx, "", explore.Malformed())
		w.Settle(ctx, "list-after")
	}}
}
