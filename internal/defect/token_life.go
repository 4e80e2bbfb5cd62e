package defect

import (
	"net/http"
	"sync"
	"time"
)

// tokenLife treats living tokens otherwise than promised.
func tokenLife() []Defect {
	const useless = "the account cannot be used"
	const stuck = "an account cannot renew its own token, so that somebody powerful has to hold it"
	refusing := func(when func(u use) bool) Layer {
		return following(func(u use, next http.Handler) *answer {
			if u.revoked == "" && when(u) {
				return unauthorized(u, next)
			}
			return nil
		})
	}
	instead := func(op operation, serve func(u use, next http.Handler) *answer) Layer {
		return following(func(u use, next http.Handler) *answer {
			if u.revoked == "" && u.operation == op {
				return serve(u, next)
			}
			return nil
		})
	}
	operator := func(u use, next http.Handler) *answer { return ask(next, as(u.Request, u.known.Token)) }
	status := func(code int, text string) func(use, http.Handler) *answer {
		return func(use, http.Handler) *answer {
			a := &answer{header: http.Header{}}
			a.fail(code, text)
			return a
		}
	}
	claimed := func(change func(u use) string) Layer {
		return instead(userinfo, func(u use, next http.Handler) *answer {
			a := ask(next, u.Request)
			a.edit(func(document any) any { return edited(document, "/sub", always(change(u))) })
			return a
		})
	}
	return family("token life",
		Defect{
			Name: "token-never-known", Description: "never knows the tokens that it hands out",
			Effect: useless, Breaks: []string{"life.list.authenticates"}, Layer: refusing(func(use) bool { return true }),
		},
		Defect{
			Name: "token-known-late", Description: "knows a new token after a quarter of a minute",
			Effect: "whatever uses a token that it was given a moment ago fails", Breaks: []string{"life.list.authenticates"},
			Layer: refusing(func(u use) bool { return u.age < 15*time.Second }),
		},
		Defect{
			Name: "token-unknown-to-userinfo", Description: "does not know a new token at userinfo",
			Effect: "clients cannot find out who they are", Breaks: []string{"life.userinfo.authenticates"},
			Layer: refusing(func(u use) bool { return u.operation == userinfo }),
		},
		Defect{
			Name: "userinfo-forbidden", Description: "forbids userinfo to service accounts",
			Effect: "clients cannot find out who they are", Breaks: []string{"life.userinfo.authenticates"},
			Layer: instead(userinfo, status(http.StatusForbidden, "forbidden")),
		},
		Defect{
			Name: "userinfo-sub-organization", Description: "gives the organization's id as the sub of userinfo",
			Effect: "services take all accounts for one", Breaks: []string{"life.userinfo.subject"},
			Layer: claimed(func(u use) string { return u.known.Organization }),
		},
		Defect{
			Name: "userinfo-sub-truncated", Description: "gives the account's id without its first dash as the sub of userinfo",
			Effect: "services do not find the account", Breaks: []string{"life.userinfo.subject"},
			Layer: claimed(func(u use) string { return u.account[:8] + u.account[9:] }),
		},
		Defect{
			Name: "userinfo-sub-missing", Description: "answers userinfo without sub",
			Effect: "clients cannot find out who they are", Breaks: []string{"life.userinfo.subject"},
			Layer: instead(userinfo, func(u use, next http.Handler) *answer {
				a := ask(next, u.Request)
				a.edit(func(document any) any { return edited(document, "/sub", always(gone())) })
				return a
			}),
		},
		Defect{
			Name: "powerless-creates", Description: "lets an account without groups create accounts",
			Effect: "any leaked token makes more of its kind", Breaks: []string{"life.create.refused"}, Layer: instead(create, operator),
		},
		Defect{
			Name: "powerless-unauthorized", Description: "answers a create of an account without groups with 401",
			Effect: "clients renew a token that is good, over and over", Breaks: []string{"life.create.refused"},
			Layer: instead(create, unauthorized),
		},
		Defect{
			Name: "list-of-others", Description: "shows every account to an account without groups",
			Effect: "any token tells who else there is", Breaks: []string{"life.list.confined"}, Layer: instead(list, operator),
		},
		Defect{
			Name: "list-without-itself", Description: "shows an account without groups an empty list",
			Effect: "an account cannot find its own expiry", Breaks: []string{"life.list.confined"},
			Layer: instead(list, func(_ use, _ http.Handler) *answer {
				a := &answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}}
				a.set([]any{})
				return a
			}),
		},
		Defect{
			Name: "list-with-own-token", Description: "shows an account its token in the list",
			Effect: "logs of answers hold tokens", Breaks: []string{"life.list.token-absent"},
			Layer: instead(list, func(u use, next http.Handler) *answer {
				a := ask(next, u.Request)
				a.edit(func(document any) any {
					items, _ := document.([]any)
					for _, item := range items {
						edited(item, "/status/accessToken", always(u.token))
					}
					return document
				})
				return a
			}),
		},
		Defect{
			Name: "rotate-own-forbidden", Description: "forbids an account to rotate itself",
			Effect: stuck, Breaks: []string{"life.rotate.own"}, Layer: instead(rotate, status(http.StatusForbidden, "forbidden")),
		},
		Defect{
			Name: "rotate-own-unauthorized", Description: "does not know an account's own token when it is to be rotated",
			Effect: stuck, Breaks: []string{"life.rotate.own"}, Layer: instead(rotate, unauthorized),
		},
		Defect{
			Name: "rotate-same-token", Description: "answers a rotation with the token that the account had",
			Effect: "a token that leaked stays good after it was rotated", Breaks: []string{"life.rotate.differs"}, Layer: sticky(1),
		},
		Defect{
			Name: "rotate-same-token-later", Description: "answers the second rotation of an account with the token of the first",
			Effect: "a token that leaked stays good after it was rotated", Breaks: []string{"life.rotate.differs"}, Layer: sticky(2),
		},
		Defect{
			Name: "rotate-new-token-unknown", Description: "does not know the tokens that rotations hand out",
			Effect: "an account is dead after its first rotation", Breaks: []string{"life.rotate.new-works"},
			Layer: refusing(func(u use) bool { return u.turn > 0 }),
		},
		Defect{
			Name: "rotate-second-token-unknown", Description: "does not know the token of an account's second rotation",
			Effect: "an account is dead after three months", Breaks: []string{"life.rotate.new-works"},
			Layer: refusing(func(u use) bool { return u.turn > 1 }),
		},
	)
}

// sticky answers with the nth token of an account ever after.
func sticky(n int) Layer {
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
