package mutant

import (
	"net/http"
	"sync"
	"time"
)

// tokenLife treats living tokens otherwise than promised.
func tokenLife() []*Defect {
	const useless = "the account cannot be used"
	const stuck = "an account cannot renew its own token, so that somebody powerful has to hold it"
	operator := func(u use, next http.Handler) *answer { return ask(next, as(u.Request, u.known.Token)) }
	status := func(code int, text string) func(use, http.Handler) *answer {
		return func(use, http.Handler) *answer {
			a := &answer{header: http.Header{}}
			a.fail(code, text)
			return a
		}
	}
	claimed := func(change func(u use) string) *Layer {
		return insteadOf(userinfo, func(u use, next http.Handler) *answer {
			a := ask(next, u.Request)
			a.edit(func(document any) any { return edited(document, "/sub", always(change(u))) })
			return a
		})
	}
	return inFamily("token life",
		defective("token-never-known", "never knows the tokens that it hands out", useless,
			refusingUse(func(use) bool { return true }), "life.list.authenticates"),
		defective("token-known-late", "knows a new token after a quarter of a minute", "whatever uses a token that it was given a moment ago fails",
			refusingUse(func(u use) bool { return u.age < 15*time.Second }), "life.list.authenticates"),
		defective("token-unknown-to-userinfo", "does not know a new token at userinfo", "clients cannot find out who they are",
			refusingUse(func(u use) bool { return u.operation == userinfo }), "life.userinfo.authenticates"),
		defective("userinfo-forbidden", "forbids userinfo to service accounts", "clients cannot find out who they are",
			insteadOf(userinfo, status(http.StatusForbidden, "forbidden")), "life.userinfo.authenticates"),
		defective("userinfo-sub-organization", "gives the organization's id as the sub of userinfo", "services take all accounts for one",
			claimed(func(u use) string { return u.known.Organization }), "life.userinfo.subject"),
		defective("userinfo-sub-truncated", "gives the account's id without its first dash as the sub of userinfo", "services do not find the account",
			claimed(func(u use) string { return u.account[:8] + u.account[9:] }), "life.userinfo.subject"),
		defective("userinfo-sub-missing", "answers userinfo without sub", "clients cannot find out who they are",
			insteadOf(userinfo, func(u use, next http.Handler) *answer {
				a := ask(next, u.Request)
				a.edit(func(document any) any { return edited(document, "/sub", always(gone())) })
				return a
			}), "life.userinfo.subject"),
		defective("powerless-unauthorized", "answers a create of an account without groups with 401", "clients renew a token that is good, over and over",
			insteadOf(create, unauthorized), "life.create.refused"),
		defective("list-of-others", "shows every account to an account without groups", "any token tells who else there is",
			insteadOf(list, operator), "life.list.confined"),
		defective("list-without-itself", "shows an account without groups an empty list", "an account cannot find its own expiry",
			insteadOf(list, func(_ use, _ http.Handler) *answer {
				a := &answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}}
				a.set([]any{})
				return a
			}), "life.list.confined"),
		defective("list-with-own-token", "shows an account its token in the list", "logs of responses hold tokens",
			insteadOf(list, func(u use, next http.Handler) *answer {
				a := ask(next, u.Request)
				a.edit(func(document any) any {
					items, _ := document.([]any)
					for _, item := range items {
						edited(item, "/status/accessToken", always(u.token))
					}
					return document
				})
				return a
			}), "life.list.token-absent"),
		defective("rotate-own-forbidden", "forbids an account to rotate itself", stuck,
			insteadOf(rotate, status(http.StatusForbidden, "forbidden")), "life.rotate.own"),
		defective("rotate-own-unauthorized", "does not know an account's own token when it is to be rotated", stuck,
			insteadOf(rotate, unauthorized), "life.rotate.own"),
		defective("rotate-same-token", "answers a rotation with the token that the account had", "a token that leaked stays good after it was rotated",
			sticky(1), "life.rotate.differs"),
		defective("rotate-same-token-later", "answers the second rotation of an account with the token of the first", "a token that leaked stays good after it was rotated",
			sticky(2), "life.rotate.differs"),
		defective("rotate-new-token-unknown", "does not know the tokens that rotations hand out", "an account is dead after its first rotation",
			refusingUse(func(u use) bool { return u.turn > 0 }), "life.rotate.new-works"),
		defective("rotate-second-token-unknown", "does not know the token of an account's second rotation", "an account is dead after three months",
			refusingUse(func(u use) bool { return u.turn > 1 }), "life.rotate.new-works"),
	)
}

// sticky answers with the nth token of an account ever after.
func sticky(n int) *Layer {
	return dressed(func() func(account, token string) string {
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
func refusingUse(when func(u use) bool) *Layer {
	return following(func(u use, next http.Handler) *answer {
		if u.revoked == "" && when(u) {
			return unauthorized(u, next)
		}
		return nil
	})
}

// insteadOf answers an operation with a living token in another way.
func insteadOf(op operation, serve func(u use, next http.Handler) *answer) *Layer {
	return following(func(u use, next http.Handler) *answer {
		if u.revoked == "" && u.operation == op {
			return serve(u, next)
		}
		return nil
	})
}
