package suites

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/probe"
)

// stateProbes are conversations made of the tables of internal/explore. The model judges them, as it judges all others.
func stateProbes() []probe.Probe {
	all := []probe.Probe{strangersProbe(), malformedProbe()}
	return append(all, contentProbe())
}

// contentProbe leads several accounts through updates side by side, with a list after each, and two rotations.
func contentProbe() probe.Probe {
	return probe.Probe{Name: "state.content", Steps: 12, Run: func(ctx context.Context, s *probe.Session) {
		w := explore.NewWorld(s)
		creates, updates := explore.Creates(), explore.Updates()
		if !begun(ctx, s, w, creates...) {
			return
		}
		rotations := make([]explore.Operation, len(creates))
		for i := range rotations {
			rotations[i] = explore.Operation{Kind: explore.Rotate, Account: i}
		}
		round := 0
		update := func() {
			from, to := len(updates)*round/rounds, len(updates)*(round+1)/rounds
			for i := range updates[from:to] {
				updates[from+i].Account = i % len(creates)
			}
			round++
			for part := range slices.Chunk(updates[from:to], len(creates)) {
				w.All(ctx, fmt.Sprintf("round-%d-", round), part)
			}
			w.Settle(ctx, fmt.Sprintf("list-%d", round))
		}
		w.Settle(ctx, "list-created")
		update()
		update()
		w.All(ctx, "", rotations)
		update()
		w.All(ctx, "second-", rotations[:3])
		update()
		w.Works(ctx, "works-end", 0)
	}}
}

// rounds is how often the accounts of contentProbe are updated: once each, as long as there are as many accounts as a round has
// updates.
const rounds = 4

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
			rich := explore.Operation{Kind: explore.Create, Name: "rich", Description: "rich", Tags: "several", Groups: "all"}
			if !begun(ctx, s, w, plain, explore.Operation{Kind: explore.Create}, rich) { // what is deleted has all kinds of content
				return
			}
			sideBySide(
				func() { w.Settle(ctx, "list-before") }, func() { w.Works(ctx, "works-1", 1) }, func() { w.Works(ctx, "works-2", 2) },
			)
			w.All(ctx, "", explore.Refusals())
			sideBySide(func() { w.Settle(ctx, "list-after") }, func() { w.Works(ctx, "works-after", 1) })
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
