package defect

import (
	"net/http"
	"slices"
	"time"
)

// tokenDeath lets tokens live on that were rotated away, or whose account was deleted.
func tokenDeath() []Defect {
	const leaked = "a token that leaked cannot be taken back"
	const undead = "nobody can rely on a token being dead once it was found dead"
	on := func(operations ...operation) func(use) bool {
		return func(u use) bool { return slices.Contains(operations, u.operation) }
	}
	forever := func(use) bool { return true }
	tenSeconds := func(u use) bool { return u.lost < 10*time.Second }
	relapse := func(u use) bool { return u.refusal > 20*time.Millisecond }
	everySecond := func(u use) bool { return u.uses%2 == 1 }
	lives := func(by operation, when func(u use) bool) Layer {
		return onDead(by, func(u use, next http.Handler) *answer {
			if when(u) {
				return alive(u, next)
			}
			return nil
		})
	}
	return family("token death",
		Defect{
			Name: "rotated-works", Description: "goes on accepting a token that was rotated away",
			Effect: leaked, Breaks: []string{"life.rotate.old-refused"}, Layer: lives(rotate, forever),
		},
		Defect{
			Name: "rotated-works-ten-seconds", Description: "accepts a token for ten seconds after it was rotated away",
			Effect: leaked, Breaks: []string{"life.rotate.old-refused"}, Layer: lives(rotate, tenSeconds),
		},
		Defect{
			Name: "rotated-works-on-list", Description: "goes on accepting a rotated-away token on the list",
			Effect: leaked, Breaks: []string{"life.rotate.old-refused"}, Layer: lives(rotate, on(list)),
		},
		Defect{
			Name: "rotated-works-on-userinfo", Description: "goes on accepting a rotated-away token at userinfo",
			Effect: "services that ask userinfo let a leaked token in", Breaks: []string{"life.rotate.old-refused"},
			Layer: lives(rotate, on(userinfo)),
		},
		Defect{
			Name: "rotated-rotates", Description: "lets a rotated-away token rotate again",
			Effect: "who stole a token takes the account over", Breaks: []string{"life.rotate.old-refused"}, Layer: lives(rotate, on(rotate)),
		},
		Defect{
			Name: "rotated-forbidden-to-create", Description: "answers a create with a rotated-away token with 403",
			Effect: "clients do not learn that their token is dead", Breaks: []string{"life.rotate.old-refused"},
			Layer: lives(rotate, on(create)),
		},
		Defect{
			Name: "rotated-first-works", Description: "goes on accepting an account's first token",
			Effect: leaked, Breaks: []string{"life.rotate.old-refused"}, Layer: lives(rotate, func(u use) bool { return u.turn == 0 }),
		},
		Defect{
			Name: "rotated-second-works", Description: "goes on accepting a token that was rotated away by itself",
			Effect: leaked, Breaks: []string{"life.rotate.old-refused"}, Layer: lives(rotate, func(u use) bool { return u.turn == 1 }),
		},
		Defect{
			Name: "rotated-relapses", Description: "refuses a rotated-away token for twenty milliseconds, and then accepts it again on the list",
			Effect: undead, Breaks: []string{"life.rotate.old-stays-refused"}, Layer: lives(rotate, func(u use) bool { return u.operation == list && relapse(u) }),
		},
		Defect{
			Name: "rotated-every-second", Description: "accepts every second use of a rotated-away token, as one of two replicas does",
			Effect: undead, Breaks: []string{"life.rotate.old-stays-refused"}, Layer: lives(rotate, everySecond),
		},
		Defect{
			Name: "deleted-works", Description: "goes on accepting the token of a deleted account",
			Effect: leaked, Breaks: []string{"life.delete.refused"}, Layer: lives(remove, forever),
		},
		Defect{
			Name: "deleted-works-ten-seconds", Description: "accepts the token of an account for ten seconds after its deletion",
			Effect: leaked, Breaks: []string{"life.delete.refused"}, Layer: lives(remove, tenSeconds),
		},
		Defect{
			Name: "deleted-works-on-list", Description: "goes on accepting the token of a deleted account on the list",
			Effect: leaked, Breaks: []string{"life.delete.refused"}, Layer: lives(remove, on(list)),
		},
		Defect{
			Name: "deleted-works-on-userinfo", Description: "goes on accepting the token of a deleted account at userinfo",
			Effect: "services that ask userinfo let nobody's token in", Breaks: []string{"life.delete.everywhere"},
			Layer: lives(remove, on(userinfo)),
		},
		Defect{
			Name: "deleted-forbidden", Description: "answers the token of a deleted account with 403 where it writes",
			Effect: "clients do not learn that their token is dead", Breaks: []string{"life.delete.everywhere"},
			Layer: lives(remove, on(create, update, rotate, remove)),
		},
		Defect{
			Name: "deleted-creates", Description: "lets the token of a deleted account create accounts",
			Effect: "a deleted account comes back under another name", Breaks: []string{"life.delete.everywhere"},
			Layer: onDead(remove, func(u use, next http.Handler) *answer {
				if u.operation != create {
					return nil
				}
				return ask(next, as(u.Request, u.known.Token))
			}),
		},
		Defect{
			Name: "deleted-relapses", Description: "refuses the token of a deleted account for twenty milliseconds, and then accepts it again",
			Effect: undead, Breaks: []string{"life.delete.stays-refused"}, Layer: lives(remove, relapse),
		},
		Defect{
			Name: "deleted-every-second", Description: "accepts every second use of a deleted account's token, as one of two replicas does",
			Effect: undead, Breaks: []string{"life.delete.stays-refused"}, Layer: lives(remove, everySecond),
		},
		Defect{
			Name: "deleted-unrotated-works", Description: "takes back the token of a deleted account only if it was rotated before",
			Effect: leaked, Breaks: []string{"life.delete.refused"}, Layer: lives(remove, func(u use) bool { return u.turn == 0 }),
		},
	)
}
