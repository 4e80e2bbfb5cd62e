package mutant

import (
	"net/http"

	"github.com/sa-conformance/conformance/internal/reference"
)

// page makes a response the HTML page of a gateway.
func page(_ *http.Request, a *answer) {
	a.header = http.Header{"Content-Type": {"text/html"}}
	a.body = []byte("<html><head><title>" + http.StatusText(a.status) + "</title></head><body><hr>nginx</body></html>\n")
}

// gatewayVariants answer now and then with a status of the gateway in front.
func gatewayVariants() []Variant {
	const hiccup = "RFC 9110 section 15.6: one failure of a gateway is no property of the service"
	return []Variant{
		{Name: "unavailable-without-time", Description: "answers every tenth request with 503 and without Retry-After", Source: "RFC 9110 section 15.6.4", Layer: gatewayFails(http.StatusServiceUnavailable, func(n int) bool { return n%10 == 0 })},
		{Name: "one-bad-gateway", Description: "answers one create of the run with 502 and the page of its gateway", Source: hiccup, Layer: gatewayFails(http.StatusBadGateway, func(n int) bool { return n == 20 }, create)},
		{Name: "bad-gateway-at-times", Description: "answers every hundred and fiftieth request with 502 and the page of its gateway", Source: hiccup, Layer: gatewayFails(http.StatusBadGateway, func(n int) bool { return n%150 == 0 })},
		{Name: "one-gateway-timeout", Description: "answers one create with 504 after it was done", Source: hiccup, Layer: gatewayTimeout(33)},
		{Name: "bad-gateway-in-a-burst", Description: "answers the first create that meets others with 502, after it was done", Source: hiccup, Layer: firstOfManyFails()},
		{Name: "one-failed-update", Description: "answers the first update, rotation and deletion with 500, and does the next", Source: hiccup, Layer: firstFails()},
		{Name: "write-409-at-times", Description: "refuses every fifth write with 409, whatever it is, as a lock over the accounts does", Source: "contract sections 3 and 6", Layer: conflicting(5)},
		{Name: "create-409-at-once", Description: "refuses one of several creates at once with 409", Source: "contract section 6", Layer: barrier(stem, func(a arrival) {
			if a.of == crowd {
				a.delete()
				a.fail(http.StatusConflict, "conflict")
			}
		})},
	}
}

// gatewayFails answers some requests with a page, and does not pass them on.
func gatewayFails(status int, when func(n int) bool, operations ...operation) *Layer {
	return memory(func() *Layer {
		var requests counter
		serve := func(_ reference.Credentials, next http.Handler, r *http.Request) *answer {
			if !when(requests.next()) {
				return ask(next, r)
			}
			_ = bodyOf(r)
			a := &answer{status: status}
			page(r, a)
			return a
		}
		if len(operations) == 0 {
			operations = []operation{create, list, update, rotate, remove, userinfo, openid, jwks, protected, anythingElse}
		}
		return around(serve, operations...)
	})
}

// conflicting refuses one of every few writes, and does nothing about it.
func conflicting(every int) *Layer {
	return memory(func() *Layer {
		var writes counter
		return around(func(_ reference.Credentials, next http.Handler, r *http.Request) *answer {
			if writes.next()%every != 0 {
				return ask(next, r)
			}
			_ = bodyOf(r)
			a := &answer{header: http.Header{}}
			a.fail(http.StatusConflict, "conflict")
			return a
		}, create, update, rotate, remove)
	})
}

// gatewayTimeout answers the nth create with 504, after the server underneath has done it.
func gatewayTimeout(nth int) *Layer {
	return memory(func() *Layer {
		var creates counter
		return onAnswer(func(r *http.Request, a *answer) {
			if creates.next() == nth {
				a.status = http.StatusGatewayTimeout
				page(r, a)
			}
		}, create)
	})
}

// firstFails answers the first request of some operations with 500.
func firstFails() *Layer {
	first := func(o operation) *Layer {
		return gatewayFails(http.StatusInternalServerError, func(n int) bool { return n == 1 }, o)
	}
	return Chain(first(update), first(rotate), first(remove))
}

// firstOfManyFails answers one create with 502 where several are under way, once in its life.
func firstOfManyFails() *Layer {
	return memory(func() *Layer {
		var failures counter
		return barrier(stem, func(a arrival) {
			if a.of == 2 && failures.next() == 1 {
				a.status = http.StatusBadGateway
				page(nil, a.answer)
			}
		})
	})
}
