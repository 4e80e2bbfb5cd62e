package mutant

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/sa-conformance/conformance/internal/reference"
)

// tokensAlike hand out a token, or a part of one, that another account has.
func tokensAlike() []*Defect {
	const family = "tokens of several accounts"
	const effect = "one account acts in the name of another"
	const pointer = "/status/accessToken"
	repeating := func(n int64) *Layer {
		return perServer(func() *Layer {
			var made atomic.Int64
			var mu sync.Mutex
			var last any
			return onCreated(func(v view) {
				mu.Lock()
				defer mu.Unlock()
				if made.Add(1)%n == 0 && last != nil {
					edited(v.account, pointer, always(last))
				}
				last = lookup(v.account, pointer)
			})
		})
	}
	d := func(name, what string, l *Layer, breaks ...string) *Defect {
		return of(family, defective("token-"+name, what, effect, l, breaks...))
	}
	return []*Defect{
		d("repeated-in-five", "answers one create in five with the token of the one before", repeating(5), "create.token.distinct"),
		d("repeated-in-twenty", "answers one create in twenty with the token of the one before", repeating(20), "create.token.distinct"),
		d("of-tags", "answers every create with tags with the same token", perServer(func() *Layer {
			var once sync.Once
			var first any
			return onCreated(func(v view) {
				if lookup(v.account, "/metadata/tags") != nil {
					once.Do(func() { first = lookup(v.account, pointer) })
					edited(v.account, pointer, always(first))
				}
			})
		}), "create.token.distinct"),
		d("missing", "answers a create without a token", onMember(pointer, always(gone()), create), "create.token.present"),
		d("empty", "answers a create with an empty token", onMember(pointer, always(""), create), "create.token.present"),
		d("misspelt", "answers a create with access_token in place of accessToken", onCreated(func(v view) {
			edited(v.account, "/status/access_token", always(lookup(v.account, pointer)))
			edited(v.account, pointer, always(gone()))
		}), "create.token.present"),
		of(family, defective("token-id-of-second", "derives jti from the second of the issuing", "a list of revoked tokens revokes others too",
			&Layer{Configure: func(c *reference.Config) {
				c.Hooks.Claims = func(claims map[string]any) { claims["jti"] = fmt.Sprint(claims["iat"]) }
			}}, "token.id.unique")),
	}
}
