package variants

import (
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
)

// revocationVariants take their time with tokens that lost their power.
func revocationVariants() []mutant.Variant {
	return []mutant.Variant{
		{Name: "replica-behind", About: mutant.Time, Description: "refuses a dead token on one replica, and on another 200 ms later", Source: observed, Layer: mutant.OnDead("", func(u mutant.TokenUse, next http.Handler) *mutant.Response {
			if u.Uses%2 == 0 && u.Lost < 200*time.Millisecond {
				return mutant.Alive(u, next)
			}
			return nil
		})},
		{Name: "revoked-a-second-later", About: mutant.Time, Description: "caches what it knows of a token for a second", Source: "the contract gives no time in which a token stops working", Layer: mutant.OnDead(mutant.Rotate, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
			if u.Lost < time.Second {
				return mutant.Alive(u, next)
			}
			return nil
		})},
	}
}
