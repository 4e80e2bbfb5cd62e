package tokens

import (
	"net/http"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// TokenDeath lets tokens live on that were rotated away, or whose account was deleted.
func TokenDeath() []*mutant.Defect {
	const leaked = "a token that leaked cannot be taken back"
	const undead = "nobody can rely on a token being dead once it was found dead"
	on := func(operations ...mutant.Operation) func(mutant.TokenUse) bool {
		return func(u mutant.TokenUse) bool { return slices.Contains(operations, u.Operation) }
	}
	forever := func(mutant.TokenUse) bool { return true }
	tenSeconds := func(u mutant.TokenUse) bool { return u.Lost < 10*time.Second }
	halfAMinute := func(u mutant.TokenUse) bool { return u.Lost < 30*time.Second }
	relapse := func(u mutant.TokenUse) bool { return u.Refusal > 20*time.Millisecond }
	everySecond := func(u mutant.TokenUse) bool { return u.Uses%2 == 1 }
	return mutant.InFamily("token death",
		mutant.Defective("rotated-works", "goes on accepting a token that was rotated away", leaked,
			livesOn(mutant.Rotate, forever), "life.rotate.old-refused"),
		mutant.Defective("rotated-works-ten-seconds", "accepts a token for ten seconds after it was rotated away", leaked,
			livesOn(mutant.Rotate, tenSeconds), "life.rotate.old-refused"),
		mutant.Defective("rotated-works-on-list", "goes on accepting a rotated-away token on the list", leaked,
			livesOn(mutant.Rotate, on(mutant.List)), "life.rotate.old-refused"),
		mutant.Defective("rotated-works-on-userinfo", "goes on accepting a rotated-away token at userinfo", "services that ask userinfo let a leaked token in",
			livesOn(mutant.Rotate, on(mutant.Userinfo)), "life.rotate.old-refused"),
		mutant.Defective("rotated-rotates", "lets a rotated-away token rotate again", "who stole a token takes the account over",
			livesOn(mutant.Rotate, on(mutant.Rotate)), "life.rotate.old-refused"),
		mutant.Defective("rotated-forbidden-to-create", "answers a create with a rotated-away token with 403", "clients do not learn that their token is dead",
			livesOn(mutant.Rotate, on(mutant.Create)), "life.rotate.old-refused"),
		mutant.Defective("rotated-first-works", "goes on accepting an account's first token", leaked,
			livesOn(mutant.Rotate, func(u mutant.TokenUse) bool { return u.Turn == 0 }), "life.rotate.old-refused"),
		mutant.Defective("rotated-second-works", "goes on accepting a token that was rotated away by itself", leaked,
			livesOn(mutant.Rotate, func(u mutant.TokenUse) bool { return u.Turn == 1 }), "life.rotate.old-refused"),
		mutant.Defective("rotated-relapses", "refuses a rotated-away token for twenty milliseconds, and then accepts it again on the list", undead,
			livesOn(mutant.Rotate, func(u mutant.TokenUse) bool { return u.Operation == mutant.List && relapse(u) }), "life.rotate.old-stays-refused"),
		mutant.Defective("rotated-every-second", "accepts every second use of a rotated-away token, as one of two replicas does", undead,
			livesOn(mutant.Rotate, everySecond), "life.rotate.old-stays-refused"),
		mutant.Defective("deleted-works", "goes on accepting the token of a deleted account", leaked,
			livesOn(mutant.Remove, forever), "life.delete.refused"),
		mutant.Defective("deleted-works-half-a-minute", "accepts the token of an account for half a minute after its deletion", leaked,
			livesOn(mutant.Remove, halfAMinute), "life.delete.refused"),
		mutant.Defective("deleted-works-on-list", "goes on accepting the token of a deleted account on the list", leaked,
			livesOn(mutant.Remove, on(mutant.List)), "life.delete.refused"),
		mutant.Defective("deleted-works-on-userinfo", "goes on accepting the token of a deleted account at userinfo", "services that ask userinfo let nobody's token in",
			livesOn(mutant.Remove, on(mutant.Userinfo)), "life.delete.everywhere"),
		mutant.Defective("deleted-forbidden", "answers the token of a deleted account with 403 where it writes", "clients do not learn that their token is dead",
			livesOn(mutant.Remove, on(mutant.Create, mutant.Update, mutant.Rotate, mutant.Remove)), "life.delete.everywhere"),
		mutant.Defective("deleted-creates", "lets the token of a deleted account create accounts", "a deleted account comes back under another name",
			mutant.OnDead(mutant.Remove, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
				if u.Operation != mutant.Create {
					return nil
				}
				return mutant.Ask(next, mutant.WithBearer(u.Request, u.Known.Token))
			}), "life.delete.everywhere"),
		mutant.Defective("deleted-relapses", "refuses the token of a deleted account for twenty milliseconds, and then accepts it again", undead,
			livesOn(mutant.Remove, relapse), "life.delete.stays-refused"),
		mutant.Defective("deleted-every-second", "accepts every second use of a deleted account's token, as one of two replicas does", undead,
			livesOn(mutant.Remove, everySecond), "life.delete.stays-refused"),
		mutant.Defective("deleted-unrotated-works", "takes back the token of a deleted account only if it was rotated before", leaked,
			livesOn(mutant.Remove, func(u mutant.TokenUse) bool { return u.Turn == 0 }), "life.delete.refused"),
	)
}

// livesOn lets a dead token live on for some of its uses.
func livesOn(by mutant.Operation, when func(u mutant.TokenUse) bool) *mutant.Layer {
	return mutant.OnDead(by, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		if when(u) {
			return mutant.Alive(u, next)
		}
		return nil
	})
}
