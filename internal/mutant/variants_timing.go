package mutant

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// timingVariants differ in when things happen.
func timingVariants() []Variant {
	const slow = "RFC 9110 section 15.6.5: no time is promised"
	return []Variant{
		{Name: "slow-answers", Description: "takes 300 ms for every tenth answer", Source: slow, Layer: slowly(10, 300*time.Millisecond)},
		{Name: "slow-writes", Description: "takes 60 ms for every write", Source: slow, Layer: slowly(1, 60*time.Millisecond, create, update, rotate, remove)},
		{Name: "paced-writes", Description: "makes one account at a time, one every 15 ms", Source: observed, Layer: paced(15 * time.Millisecond)},
		{Name: "list-half-a-second-behind", Description: "lists what was there half a second ago", Source: observed, Layer: cachedLists(500 * time.Millisecond)},
		{Name: "reads-behind", Description: "lists what was there 50 ms ago", Source: observed, Layer: cachedLists(50 * time.Millisecond)},
		{Name: "deletion-in-the-list", Description: "lists an account as deprovisioning for a second after its deletion", Source: observed, Layer: leavingSlowly(time.Second)},
		{Name: "deletion-later", Description: "carries a deletion out after 300 ms, token and all", Source: observed, Layer: deletingLater(300 * time.Millisecond)},
		{Name: "token-unknown-at-first", Description: "refuses a new token for 80 ms", Source: observed, Layer: unknownAtFirst(80 * time.Millisecond)},
		{Name: "rate-limited", Description: "answers every tenth request with 429, to be repeated at once", Source: "RFC 6585 section 4", Layer: limiting(http.StatusTooManyRequests, 10, "0")},
		{Name: "rate-limited-for-a-second", Description: "answers every sixtieth request with 429, to be repeated in a second", Source: "RFC 6585 section 4", Layer: limiting(http.StatusTooManyRequests, 60, "1")},
		{Name: "unavailable-at-times", Description: "answers every tenth request with 503, to be repeated at once", Source: "RFC 9110 section 15.6.4", Layer: limiting(http.StatusServiceUnavailable, 10, "0")},
	}
}

func slowly(every int, pause time.Duration, operations ...operation) *Layer {
	return memory(func() *Layer {
		var answers counter
		return onAnswer(func(*http.Request, *answer) {
			if answers.next()%every == 0 {
				time.Sleep(pause)
			}
		}, operations...)
	})
}

// paced serves requests one at a time, each after a pause. Without operations it does so with creates.
func paced(pause time.Duration, operations ...operation) *Layer {
	if len(operations) == 0 {
		operations = []operation{create}
	}
	return memory(func() *Layer {
		var one sync.Mutex
		return onRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			one.Lock()
			defer one.Unlock()
			time.Sleep(pause)
			return r
		}, operations...)
	})
}

// leavingSlowly keeps a deleted account in the operator's list for a while.
func leavingSlowly(pause time.Duration) *Layer {
	type leaver struct {
		account map[string]any
		until   time.Time
	}
	return memory(func() *Layer {
		var leaving store[leaver]
		return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			if operationOf(r) == remove {
				old := stored(next, known, r)
				a := ask(next, r)
				if a.status == http.StatusOK {
					edited(old, "/metadata/provisioningStatus", always("deprovisioning"))
					edited(old, "/metadata/deletionTime", always(time.Now().UTC().Format(time.RFC3339)))
					leaving.put(accountOf(r), leaver{old, time.Now().Add(pause)})
				}
				return a
			}
			a := ask(next, r)
			if a.status == http.StatusOK && bearerOf(r) == known.Token {
				a.edit(func(document any) any {
					accounts, _ := document.([]any)
					for _, l := range leaving.all() { // one may have left since the list was taken
						there := slices.ContainsFunc(accounts, func(a any) bool {
							return lookup(a, "/metadata/id") == lookup(l.account, "/metadata/id")
						})
						if !there && time.Now().Before(l.until) {
							accounts = append(accounts, l.account)
						}
					}
					return accounts
				})
			}
			return a
		}, remove, list)
	})
}

// deletingLater answers a deletion at once and carries it out after a while.
func deletingLater(pause time.Duration) *Layer {
	return memory(func() *Layer {
		var asked store[bool]
		return around(func(known reference.Credentials, next http.Handler, r *http.Request) *answer {
			if bearerOf(r) != known.Token || stored(next, known, r) == nil {
				return ask(next, r)
			}
			if _, again := asked.get(r.URL.Path); again {
				return &answer{status: http.StatusOK, header: http.Header{}}
			}
			asked.put(r.URL.Path, true)
			later := r.Clone(contextOf(r))
			time.AfterFunc(pause, func() { forward(next, known, later, http.MethodDelete, later.URL.Path, nil) })
			return &answer{status: http.StatusOK, header: http.Header{}}
		}, remove)
	})
}

// unknownAtFirst refuses the tokens of create and rotate for a while.
func unknownAtFirst(pause time.Duration) *Layer {
	return memory(func() *Layer {
		var issued store[time.Time]
		return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if at, ok := issued.get(bearerOf(r)); ok && time.Since(at) < pause {
					r = asBearer(r, "not.known.yet")
				}
				a := ask(next, r)
				if token := a.textOf("/status/accessToken"); token != "" {
					issued.put(token, time.Now())
				}
				a.send(w)
			})
		}}
	})
}

// limiting answers some requests with a status and the number of seconds to wait.
func limiting(status, every int, seconds string) *Layer {
	return memory(func() *Layer {
		var requests counter
		return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if requests.next()%every != 0 {
					next.ServeHTTP(w, r)
					return
				}
				_ = bodyOf(r)
				a := &answer{header: http.Header{"Retry-After": {seconds}}}
				a.fail(status, "server_error")
				a.header.Set("Content-Length", strconv.Itoa(len(a.body)))
				a.send(w)
			})
		}}
	})
}
