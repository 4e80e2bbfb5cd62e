package scenario

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/probe"
)

// StateProbes are conversations made of the tables of internal/explore. The model judges them, as it judges all others.
func StateProbes() []probe.Probe {
	return []probe.Probe{StrangersProbe(), ContentProbe()}
}

const contentProbeName = "state.content"

// ContentProbe leads several accounts through updates side by side and two rotations, with lists between them.
func ContentProbe() probe.Probe {
	return probe.Probe{Name: contentProbeName, Steps: 12, Run: func(ctx context.Context, s *probe.Session) {
		w := explore.NewWorld(s)
		creates, updates := explore.Creates(), explore.Updates()
		if !Begun(ctx, s, w, creates...) {
			return
		}
		last, twin := len(creates)-1, len(creates)
		var rotations []explore.Operation
		for _, n := range []int{0, 1, 4} {
			rotations = append(rotations, explore.Operation{Kind: explore.Rotate, Account: n})
		}
		rotations[0].As = "account" // which has groups
		second := []explore.Operation{{Kind: explore.Rotate, Account: 0}, {Kind: explore.Rotate, Account: 1, Header: "with a body"}}
		round := 0
		update := func() {
			from, to := len(updates)*round/rounds, len(updates)*(round+1)/rounds
			for i := from; i < to; i++ {
				if updates[i].Account = i % len(creates); updates[i].Account == last {
					updates[i].Name = "same" // as its twin
				}
			}
			round++
			w.All(ctx, fmt.Sprintf("round-%d-", round), updates[from:to])
		}
		SideBySide(func() { w.Settle(ctx, "list-created") }, func() { w.Do(ctx, "twin-", explore.Twin()) })
		w.All(ctx, "", rotations)
		w.Settle(ctx, "list-rotated")
		update()
		update()
		w.Settle(ctx, "list-updated")
		SideBySide(
			func() { w.All(ctx, "second-", second) },
			func() { rotateAtOnce(ctx, s, w, 2) },
			func() { w.AtOnce(ctx, "met-", explore.Met(last-1)...) },
		)
		w.Settle(ctx, "list-rotated-again")
		update()
		SideBySide(
			update,
			func() {
				w.Do(ctx, "twin-", explore.Operation{Kind: explore.Update, Account: twin, Name: "same", Description: "formula"})
			},
			func() {
				w.Do(ctx, "twin-", explore.Operation{Kind: explore.Rotate, As: "account", Account: last, Holder: twin})
			},
		)
		SideBySide(
			func() { w.Settle(ctx, "list-end") }, func() { w.Works(ctx, "works-end", 0) }, func() { w.Works(ctx, "works-twin-end", twin) },
		)
		s.State = w
	}, Finally: func(ctx context.Context, s *probe.Session) {
		if w, ok := s.State.(*explore.World); ok { // of two accounts that have one name one goes
			twin := explore.Twin().Account
			w.Do(ctx, "", explore.Operation{Kind: explore.Rotate, Account: twin - 1})
			w.Do(ctx, "", explore.Operation{Kind: explore.Delete, Account: twin - 1})
			w.Works(ctx, "works-twin", twin)
		}
	}}
}

// rounds is how often the accounts of contentProbe are updated, once in each round.
const rounds = 4

// Begun makes the accounts that a conversation needs, the first one under the number 0.
func Begun(ctx context.Context, s *probe.Session, w *explore.World, creates ...explore.Operation) bool {
	for i := range creates {
		creates[i].Account = i
	}
	naming := func(o explore.Operation) bool { return o.Body != "" } // such a body names another account, which must exist first
	w.All(ctx, "", slices.DeleteFunc(slices.Clone(creates), naming))
	w.All(ctx, "", slices.DeleteFunc(slices.Clone(creates), func(o explore.Operation) bool { return !naming(o) }))
	var again []explore.Operation
	for i := range creates {
		if id, _ := w.Account(i); id == "" { // a target may refuse some characters, or a name that is taken
			again = append(again, explore.Operation{Kind: explore.Create, Account: i, Description: "plain"})
		}
	}
	w.All(ctx, "plainly-", again)
	for i := range creates {
		if id, _ := w.Account(i); id == "" {
			s.GiveUp("an account that the conversation is about could not be created")
			return false
		}
	}
	return true
}

// lived updates the account 0, which keeps its content, and rotates it, both twice: what is wrong may be so only after that.
func lived(ctx context.Context, w *explore.World) {
	for _, prefix := range []string{"", "second-"} {
		w.Do(ctx, prefix, explore.Operation{Kind: explore.Update, Name: "same", Description: "same", Tags: "same", Groups: "same"})
		w.Do(ctx, prefix, explore.Operation{Kind: explore.Rotate}) // whose token no update may have ended
	}
}

// StrangersProbe sends what changes nothing: lists, updates, rotations and deletions of all who may not do it, with tokens that are
// none, and at the end of the run with tokens that are dead; and updates that the schema forbids.
func StrangersProbe() probe.Probe {
	type state struct {
		world   *explore.World
		refused time.Time
	}
	return probe.Probe{
		Name: "state.strangers", Steps: 12,
		Run: func(ctx context.Context, s *probe.Session) {
			w := explore.NewWorld(s)
			rich := explore.Operation{Kind: explore.Create, Name: "rich", Description: "rich", Tags: "several", Groups: "all"}
			third := rich
			third.Groups = "first"
			if !Begun(ctx, s, w, rich, explore.Operation{Kind: explore.Create, Description: "json", Tags: "one"}, third) {
				return // what is aimed at, and what is deleted, has all kinds of content
			}
			SideBySide(
				func() { lived(ctx, w) }, func() {
					w.Do(ctx, "neighbour-", explore.Operation{Kind: explore.Rotate, As: "account", Account: 2, Holder: 2})
				},
				func() {
					w.Do(ctx, "neighbour-", explore.Operation{Kind: explore.Rotate, As: "account", Account: 1, Holder: 1})
					if w.Rotated(1) == "" { // an account need not be allowed to
						w.Do(ctx, "neighbour-", explore.Operation{Kind: explore.Rotate, Account: 1})
					}
					w.Works(ctx, "works-1", 1)
				},
			)
			w.Settle(ctx, "list-before")
			w.All(ctx, "", slices.Concat(explore.Refusals(), explore.Malformed()))
			SideBySide(func() { w.Settle(ctx, "list-after") }, func() { w.Works(ctx, "works-after", 0) })
			_, deletedToken := w.Account(2)
			rotated, deleted := false, false
			SideBySide(
				func() { rotated = w.Refused(ctx, "old-refused", w.Rotated(1), false) },
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
				Rest(ctx, time.Until(st.refused.Add(s.Settle())))
				for i, o := range explore.Later() {
					st.world.Do(ctx, fmt.Sprintf("later-%d-", i+1), o)
				}
				SideBySide(func() { st.world.All(ctx, "dead-", explore.Dead()) }, func() { st.world.Works(ctx, "works-later", 1) })
				st.world.Settle(ctx, "dead-settled")
			}
		},
	}
}
