package tokens

import (
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// TokenLife treats living tokens otherwise than promised.
func TokenLife() []*mutant.Defect {
	const useless = "the account cannot be used"
	const stuck = "an account cannot renew its own token, so that somebody powerful has to hold it"
	operator := func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		return mutant.Ask(next, mutant.WithBearer(u.Request, u.Known.Token))
	}
	status := func(code int, text string) func(mutant.TokenUse, http.Handler) *mutant.Response {
		return func(mutant.TokenUse, http.Handler) *mutant.Response {
			a := &mutant.Response{Fields: http.Header{}}
			a.Fail(code, text)
			return a
		}
	}
	claimed := func(change func(u mutant.TokenUse) string) *mutant.Layer {
		return InsteadOf(mutant.Userinfo, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
			a := mutant.Ask(next, u.Request)
			a.Edit(func(document any) any { return mutant.Edited(document, "/sub", mutant.Always(change(u))) })
			return a
		})
	}
	return mutant.InFamily("token life",
		mutant.Defective("token-never-known", "never knows the tokens that it hands out", useless,
			refusingUse(func(mutant.TokenUse) bool { return true }), "life.list.authenticates"),
		mutant.Defective("token-known-late", "knows a new token after a quarter of a minute", "whatever uses a token that it was given a moment ago fails",
			refusingUse(func(u mutant.TokenUse) bool { return u.Age < 15*time.Second }), "life.list.authenticates"),
		mutant.Defective("token-unknown-to-userinfo", "does not know a new token at userinfo", "clients cannot find out who they are",
			refusingUse(func(u mutant.TokenUse) bool { return u.Operation == mutant.Userinfo }), "life.userinfo.authenticates"),
		mutant.Defective("userinfo-forbidden", "forbids userinfo to service accounts", "clients cannot find out who they are",
			InsteadOf(mutant.Userinfo, status(http.StatusForbidden, "forbidden")), "life.userinfo.authenticates"),
		mutant.Defective("userinfo-sub-organization", "gives the organization's id as the sub of userinfo", "services take all accounts for one",
			claimed(func(u mutant.TokenUse) string { return u.Known.Organization }), "life.userinfo.subject"),
		mutant.Defective("userinfo-sub-truncated", "gives the account's id without its first dash as the sub of userinfo", "services do not find the account",
			claimed(func(u mutant.TokenUse) string { return u.Account[:8] + u.Account[9:] }), "life.userinfo.subject"),
		mutant.Defective("userinfo-sub-missing", "answers userinfo without sub", "clients cannot find out who they are",
			InsteadOf(mutant.Userinfo, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
				a := mutant.Ask(next, u.Request)
				a.Edit(func(document any) any { return mutant.Edited(document, "/sub", mutant.Always(mutant.Gone())) })
				return a
			}), "life.userinfo.subject"),
		mutant.Defective("powerless-unauthorized", "answers a create of an account without groups with 401", "clients renew a token that is good, over and over",
			InsteadOf(mutant.Create, mutant.Unauthorized), "life.create.refused"),
		mutant.Defective("list-of-others", "shows every account to an account without groups", "any token tells who else there is",
			InsteadOf(mutant.List, operator), "life.list.confined"),
		mutant.Defective("list-without-itself", "shows an account without groups an empty list", "an account cannot find its own expiry",
			InsteadOf(mutant.List, func(_ mutant.TokenUse, _ http.Handler) *mutant.Response {
				a := &mutant.Response{Status: http.StatusOK, Fields: http.Header{"Content-Type": {"application/json"}}}
				a.Set([]any{})
				return a
			}), "life.list.confined"),
		mutant.Defective("list-with-own-token", "shows an account its token in the list", "logs of responses hold tokens",
			InsteadOf(mutant.List, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
				a := mutant.Ask(next, u.Request)
				a.Edit(func(document any) any {
					items, _ := document.([]any)
					for _, item := range items {
						mutant.Edited(item, "/status/accessToken", mutant.Always(u.Token))
					}
					return document
				})
				return a
			}), "life.list.token-absent"),
		mutant.Defective("rotate-own-forbidden", "forbids an account to rotate itself", stuck,
			InsteadOf(mutant.Rotate, status(http.StatusForbidden, "forbidden")), "life.rotate.own"),
		mutant.Defective("rotate-own-unauthorized", "does not know an account's own token when it is to be rotated", stuck,
			InsteadOf(mutant.Rotate, mutant.Unauthorized), "life.rotate.own"),
		mutant.Defective("rotate-same-token", "answers a rotation with the token that the account had", "a token that leaked stays good after it was rotated",
			sticky(1), "life.rotate.differs"),
		mutant.Defective("rotate-same-token-later", "answers the second rotation of an account with the token of the first", "a token that leaked stays good after it was rotated",
			sticky(2), "life.rotate.differs"),
		mutant.Defective("rotate-new-token-unknown", "does not know the tokens that rotations hand out", "an account is dead after its first rotation",
			refusingUse(func(u mutant.TokenUse) bool { return u.Turn > 0 }), "life.rotate.new-works"),
		mutant.Defective("rotate-second-token-unknown", "does not know the token of an account's second rotation", "an account is dead after three months",
			refusingUse(func(u mutant.TokenUse) bool { return u.Turn > 1 }), "life.rotate.new-works"),
	)
}

// sticky answers with the nth token of an account ever after.
func sticky(n int) *mutant.Layer {
	return mutant.Disguised(func() func(account, token string) string {
		var mu sync.Mutex
		shown := map[string][]string{}
		return func(account, token string) string {
			mu.Lock()
			defer mu.Unlock()
			if had := shown[account]; len(had) >= n {
				return had[n-1]
			}
			shown[account] = append(shown[account], token)
			return token
		}
	})
}

// refusingUse refuses living tokens for some of their uses.
func refusingUse(when func(u mutant.TokenUse) bool) *mutant.Layer {
	return mutant.OnTokens(func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		if u.Revoked == "" && when(u) {
			return mutant.Unauthorized(u, next)
		}
		return nil
	})
}

// InsteadOf answers an operation with a living token in another way.
func InsteadOf(op mutant.Operation, serve func(u mutant.TokenUse, next http.Handler) *mutant.Response) *mutant.Layer {
	return mutant.OnTokens(func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		if u.Revoked == "" && u.Operation == op {
			return serve(u, next)
		}
		return nil
	})
}
