package mutant

import (
	"net/http"
	"slices"
	"time"
)

// tokenDeath lets tokens live on that were rotated away, or whose account was deleted.
func tokenDeath() []*Defect {
	const leaked = "a token that leaked cannot be taken back"
	const undead = "nobody can rely on a token being dead once it was found dead"
	on := func(operations ...operation) func(use) bool {
		return func(u use) bool { return slices.Contains(operations, u.operation) }
	}
	forever := func(use) bool { return true }
	tenSeconds := func(u use) bool { return u.lost < 10*time.Second }
	halfAMinute := func(u use) bool { return u.lost < 30*time.Second }
	relapse := func(u use) bool { return u.refusal > 20*time.Millisecond }
	everySecond := func(u use) bool { return u.uses%2 == 1 }
	return inFamily("token death",
		defective("rotated-works", "goes on accepting a token that was rotated away", leaked,
			livesOn(rotate, forever), "life.rotate.old-refused"),
		defective("rotated-works-ten-seconds", "accepts a token for ten seconds after it was rotated away", leaked,
			livesOn(rotate, tenSeconds), "life.rotate.old-refused"),
		defective("rotated-works-on-list", "goes on accepting a rotated-away token on the list", leaked,
			livesOn(rotate, on(list)), "life.rotate.old-refused"),
		defective("rotated-works-on-userinfo", "goes on accepting a rotated-away token at userinfo", "services that ask userinfo let a leaked token in",
			livesOn(rotate, on(userinfo)), "life.rotate.old-refused"),
		defective("rotated-rotates", "lets a rotated-away token rotate again", "who stole a token takes the account over",
			livesOn(rotate, on(rotate)), "life.rotate.old-refused"),
		defective("rotated-forbidden-to-create", "answers a create with a rotated-away token with 403", "clients do not learn that their token is dead",
			livesOn(rotate, on(create)), "life.rotate.old-refused"),
		defective("rotated-first-works", "goes on accepting an account's first token", leaked,
			livesOn(rotate, func(u use) bool { return u.turn == 0 }), "life.rotate.old-refused"),
		defective("rotated-second-works", "goes on accepting a token that was rotated away by itself", leaked,
			livesOn(rotate, func(u use) bool { return u.turn == 1 }), "life.rotate.old-refused"),
		defective("rotated-relapses", "refuses a rotated-away token for twenty milliseconds, and then accepts it again on the list", undead,
			livesOn(rotate, func(u use) bool { return u.operation == list && relapse(u) }), "life.rotate.old-stays-refused"),
		defective("rotated-every-second", "accepts every second use of a rotated-away token, as one of two replicas does", undead,
			livesOn(rotate, everySecond), "life.rotate.old-stays-refused"),
		defective("deleted-works", "goes on accepting the token of a deleted account", leaked,
			livesOn(remove, forever), "life.delete.refused"),
		defective("deleted-works-half-a-minute", "accepts the token of an account for half a minute after its deletion", leaked,
			livesOn(remove, halfAMinute), "life.delete.refused"),
		defective("deleted-works-on-list", "goes on accepting the token of a deleted account on the list", leaked,
			livesOn(remove, on(list)), "life.delete.refused"),
		defective("deleted-works-on-userinfo", "goes on accepting the token of a deleted account at userinfo", "services that ask userinfo let nobody's token in",
			livesOn(remove, on(userinfo)), "life.delete.everywhere"),
		defective("deleted-forbidden", "answers the token of a deleted account with 403 where it writes", "clients do not learn that their token is dead",
			livesOn(remove, on(create, update, rotate, remove)), "life.delete.everywhere"),
		defective("deleted-creates", "lets the token of a deleted account create accounts", "a deleted account comes back under another name",
			onDead(remove, func(u use, next http.Handler) *answer {
				if u.operation != create {
					return nil
				}
				return ask(next, as(u.Request, u.known.Token))
			}), "life.delete.everywhere"),
		defective("deleted-relapses", "refuses the token of a deleted account for twenty milliseconds, and then accepts it again", undead,
			livesOn(remove, relapse), "life.delete.stays-refused"),
		defective("deleted-every-second", "accepts every second use of a deleted account's token, as one of two replicas does", undead,
			livesOn(remove, everySecond), "life.delete.stays-refused"),
		defective("deleted-unrotated-works", "takes back the token of a deleted account only if it was rotated before", leaked,
			livesOn(remove, func(u use) bool { return u.turn == 0 }), "life.delete.refused"),
	)
}

// livesOn lets a dead token live on for some of its uses.
func livesOn(by operation, when func(u use) bool) *Layer {
	return onDead(by, func(u use, next http.Handler) *answer {
		if when(u) {
			return alive(u, next)
		}
		return nil
	})
}
