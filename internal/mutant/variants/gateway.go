package variants

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/states"
	"github.com/sa-conformance/conformance/internal/reference"
)

// gatewayVariants answer now and then with a status of the gateway in front.
func gatewayVariants() []mutant.Variant {
	const hiccup = "RFC 9110 section 15.6: one failure of a gateway is no property of the service"
	return []mutant.Variant{
		{Name: "unavailable-without-time", About: mutant.Time, Description: "answers every tenth request with 503 and without Retry-After", Source: "RFC 9110 section 15.6.4", Layer: gatewayFails(http.StatusServiceUnavailable, func(n int) bool { return n%10 == 0 })},
		{Name: "one-bad-gateway", About: mutant.Time, Description: "answers one create of the run with 502 and the page of its gateway", Source: hiccup, Layer: gatewayFails(http.StatusBadGateway, func(n int) bool { return n == 20 }, mutant.Create)},
		{Name: "bad-gateway-at-times", About: mutant.Time, Description: "answers every hundred and fiftieth request with 502 and the page of its gateway", Source: hiccup, Layer: gatewayFails(http.StatusBadGateway, func(n int) bool { return n%150 == 0 })},
		{Name: "one-gateway-timeout", About: mutant.Time, Description: "answers one create with 504 after it was done", Source: hiccup, Layer: gatewayTimeout(33)},
		{Name: "bad-gateway-in-a-burst", About: mutant.Time, Description: "answers the first create that meets others with 502, after it was done", Source: hiccup, Layer: firstOfManyFails()},
		{Name: "one-failed-update", About: mutant.Time, Description: "answers the first update, rotation and deletion with 500, and does the next", Source: hiccup, Layer: firstFails()},
		{Name: "write-409-at-times", About: mutant.Times, Description: "refuses every fifth write with 409, whatever it is, as a lock over the accounts does", Source: "contract sections 3 and 6", Layer: conflicting(5)},
		{Name: "create-409-at-once", About: mutant.Time, Description: "refuses one of several creates at once with 409", Source: "contract section 6", Layer: mutant.Barrier(states.Stem, func(a mutant.Arrival) {
			if a.Of == states.CrowdSize {
				a.Delete()
				a.Fail(http.StatusConflict, "conflict")
			}
		})},
	}
}

// gatewayFails answers some requests with a page, and does not pass them on.
func gatewayFails(status int, when func(n int) bool, operations ...mutant.Operation) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var requests mutant.Counter
		serve := func(_ reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			if !when(requests.Next()) {
				return mutant.Ask(next, r)
			}
			_ = mutant.BodyOf(r)
			a := &mutant.Response{Status: status}
			mutant.HTMLPage(r, a)
			return a
		}
		if len(operations) == 0 {
			operations = []mutant.Operation{mutant.Create, mutant.List, mutant.Update, mutant.Rotate, mutant.Remove, mutant.Userinfo, mutant.Openid, mutant.Jwks, mutant.Protected, mutant.AnythingElse}
		}
		return mutant.Around(serve, operations...)
	})
}

// conflicting refuses one of every few writes, and does nothing about it.
func conflicting(every int) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var writes mutant.Counter
		return mutant.Around(func(_ reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			if writes.Next()%every != 0 {
				return mutant.Ask(next, r)
			}
			_ = mutant.BodyOf(r)
			a := &mutant.Response{Fields: http.Header{}}
			a.Fail(http.StatusConflict, "conflict")
			return a
		}, mutant.Create, mutant.Update, mutant.Rotate, mutant.Remove)
	})
}

// gatewayTimeout answers the nth create with 504, after the server underneath has done it.
func gatewayTimeout(nth int) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var creates mutant.Counter
		return mutant.OnResponse(func(r *http.Request, a *mutant.Response) {
			if creates.Next() == nth {
				a.Status = http.StatusGatewayTimeout
				mutant.HTMLPage(r, a)
			}
		}, mutant.Create)
	})
}

// firstFails answers the first request of some operations with 500.
func firstFails() *mutant.Layer {
	first := func(o mutant.Operation) *mutant.Layer {
		return gatewayFails(http.StatusInternalServerError, func(n int) bool { return n == 1 }, o)
	}
	return mutant.Chain(first(mutant.Update), first(mutant.Rotate), first(mutant.Remove))
}

// firstOfManyFails answers one create with 502 where several are under way, once in its life.
func firstOfManyFails() *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var failures mutant.Counter
		return mutant.Barrier(states.Stem, func(a mutant.Arrival) {
			if a.Of == 2 && failures.Next() == 1 {
				a.Status = http.StatusBadGateway
				mutant.HTMLPage(nil, a.Response)
			}
		})
	})
}
