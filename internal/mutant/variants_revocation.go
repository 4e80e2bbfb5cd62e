package mutant

import (
	"net/http"
	"time"
)

// revocationVariants take their time with tokens that lost their power.
func revocationVariants() []Variant {
	return []Variant{
		{Name: "replica-behind", Description: "refuses a dead token on one replica, and on another 200 ms later", Source: observed, Layer: onDead("", func(u use, next http.Handler) *answer {
			if u.uses%2 == 0 && u.lost < 200*time.Millisecond {
				return alive(u, next)
			}
			return nil
		})},
		{Name: "revoked-a-second-later", Description: "caches what it knows of a token for a second", Source: "the contract gives no time in which a token stops working", Layer: onDead(rotate, func(u use, next http.Handler) *answer {
			if u.lost < time.Second {
				return alive(u, next)
			}
			return nil
		})},
	}
}
