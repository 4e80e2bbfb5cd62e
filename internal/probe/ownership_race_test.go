package probe

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/tracking"
)

// Whether an account may be changed is asked while lists tell more of it: -race finds what is read without the lock.
func TestStandingIsReadWhileListsTellOfIt(t *testing.T) {
	t.Parallel()
	o := tracking.NewOwnership("conf-abcde", time.Now)
	o.Began = time.Now()
	r := &Run{owners: o}
	ids := make([]string, 500)
	for i := range ids {
		ids[i] = fmt.Sprintf("5f0c3a11-9b1e-4c55-8a77-%012x", i)
		c := &tracking.Claim{Texts: []string{"conf-abcde-one"}}
		c.Proving.Do(func() {}) // nothing is sent
		c.Looking.Do(func() {})
		o.Claims[tracking.Canonical(ids[i])] = c
	}
	update := func(id string) Request {
		return Request{Method: "PUT", Path: "/api/v1/organizations/o/serviceaccounts/" + id}
	}

	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for _, id := range ids {
				r.guard(t.Context(), false, update(id))
			}
		})
	}
	wg.Go(func() {
		for _, id := range ids {
			o.Learn(&tracking.Listed{Id: id, Marks: []string{"conf-abcde-one"}})
			o.Learn(&tracking.Listed{Id: id, Moment: "2020-03-04T05:06:07Z", Created: time.Date(2020, 3, 4, 5, 6, 7, 0, time.UTC)})
		}
	})
	wg.Wait()
	if r.guard(t.Context(), false, update(ids[0])) == "" {
		t.Error("an account that is older than the run may be changed")
	}
}
