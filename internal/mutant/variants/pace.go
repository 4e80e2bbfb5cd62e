package variants

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// PaceScale is how many times faster than a real deployment the variants of pace are in Variants.
const PaceScale = 3

// Paced are deployments that take their time, scale times faster than the real ones.
func Paced(scale int) []mutant.Variant {
	short := func(d time.Duration) time.Duration { return d / time.Duration(scale) }
	interval := short(400 * time.Millisecond)
	variants := []mutant.Variant{
		{Name: "creates-paced", About: mutant.Time, Slow: true, Description: "serves one create at a time, 2.5 a second", Source: observed, Layer: paced(interval)},
		{
			Name: "writes-paced", About: mutant.Time, Slow: true, Description: "serves one create, update, rotation or deletion at a time, 2.5 a second", Source: observed,
			Layer: paced(interval, mutant.Create, mutant.Update, mutant.Rotate, mutant.Remove),
		},
		{
			Name: "deletions-slow", About: mutant.Time, Slow: true, Description: "takes 8 to 10 seconds for every deletion", Source: observed,
			Layer: taking(short(8*time.Second), short(10*time.Second), mutant.Remove),
		},
		{
			Name: "deletions-slow-later", About: mutant.Time, Slow: true, Description: "answers a deletion at once and carries it out after 10 seconds, unmarked", Source: observed,
			Layer: deletingLater(short(10 * time.Second)),
		},
		{
			Name: "slow-responses", Slow: true, Description: "takes one to two seconds for every response", Source: observed,
			Layer: taking(short(time.Second), short(2*time.Second)),
		},
		{
			Name: "slow-and-paced", About: mutant.Time, Slow: true, Description: "serves 2.5 creates a second, and takes one second for every response", Source: observed,
			Layer: mutant.Chain(taking(short(time.Second), short(time.Second)), paced(interval)),
		},
	}
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		for _, after := range []string{"", "1"} {
			name, words := fmt.Sprintf("paced-by-%d", status), "without Retry-After"
			if after != "" && scale > 1 {
				after = "0"
			}
			if after != "" {
				name, words = name+"-retry-after", "with Retry-After"
			}
			variants = append(variants, mutant.Variant{
				Name: name, About: mutant.Time, Slow: true, Description: fmt.Sprintf("serves 2.5 creates a second and answers the others %d, %s", status, words), Source: observed,
				Layer: turningAway(interval, status, after),
			})
		}
	}
	return variants
}

// taking delays the responses by times between least and most.
func taking(least, most time.Duration, operations ...mutant.Operation) *mutant.Layer {
	return mutant.Memory(func() *mutant.Layer {
		var answers mutant.Counter
		return mutant.OnResponse(func(r *http.Request, _ *mutant.Response) {
			pause := least + (most-least)*time.Duration(answers.Next()%5)/4
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
			}
		}, operations...)
	})
}

// turningAway serves one create in an interval, after a burst of four, and answers the others with a status that asks for a
// retry. Without after it has no Retry-After.
func turningAway(interval time.Duration, status int, after string) *mutant.Layer {
	const burst = 4
	return mutant.Memory(func() *mutant.Layer {
		var mu sync.Mutex
		var filled time.Time // when the bucket is full again
		admitted := func() bool {
			mu.Lock()
			defer mu.Unlock()
			now := time.Now()
			if filled.Before(now) {
				filled = now
			}
			if filled.Sub(now) > (burst-1)*interval {
				return false
			}
			filled = filled.Add(interval)
			return true
		}
		return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if mutant.OperationOf(r) != mutant.Create || admitted() {
					next.ServeHTTP(w, r)
					return
				}
				_ = mutant.BodyOf(r)
				a := &mutant.Response{Fields: http.Header{}}
				if after != "" {
					a.Fields.Set("Retry-After", after)
				}
				a.Fail(status, "server_error")
				a.Fields.Set("Content-Length", strconv.Itoa(len(a.Body)))
				a.Send(w)
			})
		}}
	})
}
