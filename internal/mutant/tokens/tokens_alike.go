package tokens

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// TokensAlike hand out a token, or a part of one, that another account has.
func TokensAlike() []*mutant.Defect {
	const family = "tokens of several accounts"
	const effect = "one account acts in the name of another"
	const pointer = "/status/accessToken"
	repeating := func(n int64) *mutant.Layer {
		return mutant.PerServer(func() *mutant.Layer {
			var made atomic.Int64
			var mu sync.Mutex
			var last any
			return mutant.OnCreated(func(v mutant.View) {
				mu.Lock()
				defer mu.Unlock()
				if made.Add(1)%n == 0 && last != nil {
					mutant.Edited(v.Account, pointer, mutant.Always(last))
				}
				last = mutant.Lookup(v.Account, pointer)
			})
		})
	}
	d := func(name, what string, l *mutant.Layer, breaks ...string) *mutant.Defect {
		return mutant.WithFamily(family, mutant.Defective("token-"+name, what, effect, l, breaks...))
	}
	return []*mutant.Defect{
		d("repeated-in-five", "answers one create in five with the token of the one before", repeating(5), "create.token.distinct"),
		d("repeated-in-twenty", "answers one create in twenty with the token of the one before", repeating(20), "create.token.distinct"),
		d("of-tags", "answers every create with tags with the same token", mutant.PerServer(func() *mutant.Layer {
			var once sync.Once
			var first any
			return mutant.OnCreated(func(v mutant.View) {
				if mutant.Lookup(v.Account, "/metadata/tags") != nil {
					once.Do(func() { first = mutant.Lookup(v.Account, pointer) })
					mutant.Edited(v.Account, pointer, mutant.Always(first))
				}
			})
		}), "create.token.distinct"),
		d("missing", "answers a create without a token", mutant.OnMember(pointer, mutant.Always(mutant.Gone()), mutant.Create), "create.token.present"),
		d("empty", "answers a create with an empty token", mutant.OnMember(pointer, mutant.Always(""), mutant.Create), "create.token.present"),
		d("misspelt", "answers a create with access_token in place of accessToken", mutant.OnCreated(func(v mutant.View) {
			mutant.Edited(v.Account, "/status/access_token", mutant.Always(mutant.Lookup(v.Account, pointer)))
			mutant.Edited(v.Account, pointer, mutant.Always(mutant.Gone()))
		}), "create.token.present"),
		mutant.WithFamily(family, mutant.Defective("token-id-of-second", "derives jti from the second of the issuing", "a list of revoked tokens revokes others too",
			&mutant.Layer{Configure: func(c *reference.Config) {
				c.Hooks.Claims = func(claims map[string]any) { claims["jti"] = fmt.Sprint(claims["iat"]) }
			}}, "token.id.unique")),
	}
}
