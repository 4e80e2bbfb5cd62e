package variants

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/states"
	"github.com/sa-conformance/conformance/internal/reference"
)

// timingVariants differ in when things happen.
func timingVariants() []mutant.Variant {
	const slow = "RFC 9110 section 15.6.5: no time is promised"
	return []mutant.Variant{
		{Name: "slow-answers", Slow: true, Description: "takes 300 ms for every tenth answer", Source: slow, Layer: slowly(10, 300*time.Millisecond)},
		{Name: "slow-writes", Slow: true, Description: "takes 60 ms for every write", Source: slow, Layer: slowly(1, 60*time.Millisecond, mutant.Create, mutant.Update, mutant.Rotate, mutant.Remove)},
		{Name: "paced-writes", About: mutant.Time, Description: "makes one account at a time, one every 15 ms", Source: observed, Layer: paced(15 * time.Millisecond)},
		{Name: "list-half-a-second-behind", About: mutant.Time, Description: "lists what was there half a second ago", Source: observed, Layer: states.CachedLists(500 * time.Millisecond)},
		{Name: "reads-behind", About: mutant.Time, Description: "lists what was there 50 ms ago", Source: observed, Layer: states.CachedLists(50 * time.Millisecond)},
		{Name: "deletion-in-the-list", About: mutant.Time, Description: "lists an account as deprovisioning for a second after its deletion", Source: observed, Layer: leavingSlowly(time.Second)},
		{Name: "deletion-later", About: mutant.Time, Description: "carries a deletion out after 300 ms, token and all", Source: observed, Layer: deletingLater(300 * time.Millisecond)},
		{Name: "token-unknown-at-first", About: mutant.Time, Description: "refuses a new token for 80 ms", Source: observed, Layer: unknownAtFirst(80 * time.Millisecond)},
		{Name: "rate-limited", About: mutant.Time, Description: "answers every tenth request with 429, to be repeated at once", Source: "RFC 6585 section 4", Layer: limiting(http.StatusTooManyRequests, 10, "0")},
		{Name: "rate-limited-for-a-second", About: mutant.Time, Description: "answers every sixtieth request with 429, to be repeated in a second", Source: "RFC 6585 section 4", Layer: limiting(http.StatusTooManyRequests, 60, "1")},
		{Name: "unavailable-at-times", About: mutant.Time, Description: "answers every tenth request with 503, to be repeated at once", Source: "RFC 9110 section 15.6.4", Layer: limiting(http.StatusServiceUnavailable, 10, "0")},
	}
}

func slowly(every int, pause time.Duration, operations ...mutant.Operation) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var answers mutant.Counter
		return mutant.OnResponse(func(*http.Request, *mutant.Response) {
			if answers.Next()%every == 0 {
				time.Sleep(pause)
			}
		}, operations...)
	})
}

// paced serves requests one at a time, each after a pause. Without operations it does so with creates.
func paced(pause time.Duration, operations ...mutant.Operation) *mutant.Layer {
	if len(operations) == 0 {
		operations = []mutant.Operation{mutant.Create}
	}
	return mutant.Memory(func() *mutant.Layer {
		var one sync.Mutex
		return mutant.OnRequest(func(_ reference.Credentials, r *http.Request) *http.Request {
			one.Lock()
			defer one.Unlock()
			time.Sleep(pause)
			return r
		}, operations...)
	})
}

// leavingSlowly keeps a deleted account in the operator's list for a while.
func leavingSlowly(pause time.Duration) *mutant.Layer {
	type leaver struct {
		account map[string]any
		until   time.Time
	}
	return mutant.Memory(func() *mutant.Layer {
		var leaving mutant.Store[leaver]
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			if mutant.OperationOf(r) == mutant.Remove {
				old := mutant.Stored(next, known, r)
				a := mutant.Ask(next, r)
				if a.Status == http.StatusOK {
					mutant.Edited(old, "/metadata/provisioningStatus", mutant.Always("deprovisioning"))
					mutant.Edited(old, "/metadata/deletionTime", mutant.Always(time.Now().UTC().Format(time.RFC3339)))
					leaving.Put(mutant.AccountOf(r), leaver{old, time.Now().Add(pause)})
				}
				return a
			}
			a := mutant.Ask(next, r)
			if a.Status == http.StatusOK && mutant.BearerOf(r) == known.Token {
				a.Edit(func(document any) any {
					accounts, _ := document.([]any)
					for _, l := range leaving.All() { // one may have left since the list was taken
						there := slices.ContainsFunc(accounts, func(a any) bool {
							return mutant.Lookup(a, "/metadata/id") == mutant.Lookup(l.account, "/metadata/id")
						})
						if !there && time.Now().Before(l.until) {
							accounts = append(accounts, l.account)
						}
					}
					return accounts
				})
			}
			return a
		}, mutant.Remove, mutant.List)
	})
}

// deletingLater answers a deletion at once and carries it out after a while.
func deletingLater(pause time.Duration) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var asked mutant.Store[bool]
		return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
			if mutant.BearerOf(r) != known.Token || mutant.Stored(next, known, r) == nil {
				return mutant.Ask(next, r)
			}
			if _, again := asked.Get(r.URL.Path); again {
				return &mutant.Response{Status: http.StatusOK, Fields: http.Header{}}
			}
			asked.Put(r.URL.Path, true)
			later := r.Clone(mutant.ContextOf(r))
			time.AfterFunc(pause, func() { mutant.Forward(next, known, later, http.MethodDelete, later.URL.Path, nil) })
			return &mutant.Response{Status: http.StatusOK, Fields: http.Header{}}
		}, mutant.Remove)
	})
}

// unknownAtFirst refuses the tokens of create and rotate for a while.
func unknownAtFirst(pause time.Duration) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var issued mutant.Store[time.Time]
		return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if at, ok := issued.Get(mutant.BearerOf(r)); ok && time.Since(at) < pause {
					r = mutant.ReplaceBearer(r, "not.known.yet")
				}
				a := mutant.Ask(next, r)
				if token := a.TextOf("/status/accessToken"); token != "" {
					issued.Put(token, time.Now())
				}
				a.Send(w)
			})
		}}
	})
}

// limiting answers some requests with a status and the number of seconds to wait.
func limiting(status, every int, seconds string) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var requests mutant.Counter
		return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if requests.Next()%every != 0 {
					next.ServeHTTP(w, r)
					return
				}
				_ = mutant.BodyOf(r)
				a := &mutant.Response{Fields: http.Header{"Retry-After": {seconds}}}
				a.Fail(status, "server_error")
				a.Fields.Set("Content-Length", strconv.Itoa(len(a.Body)))
				a.Send(w)
			})
		}}
	})
}
