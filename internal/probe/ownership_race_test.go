package probe

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// Whether an account may be changed is asked while lists tell more of it: -race finds what is read without the lock.
func TestStandingIsReadWhileListsTellOfIt(t *testing.T) {
	t.Parallel()
	o := newOwnership("conf-abcde", time.Now)
	o.began = time.Now()
	r := &Run{owners: o}
	ids := make([]string, 500)
	for i := range ids {
		ids[i] = fmt.Sprintf("5f0c3a11-9b1e-4c55-8a77-%012x", i)
		c := &claim{texts: []string{"conf-abcde-one"}}
		c.proving.Do(func() {}) // nothing is sent
		c.looking.Do(func() {})
		o.claims[canonical(ids[i])] = c
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
			o.learn(&listed{id: id, marks: []string{"conf-abcde-one"}})
			o.learn(&listed{id: id, moment: "2020-03-04T05:06:07Z", created: time.Date(2020, 3, 4, 5, 6, 7, 0, time.UTC)})
		}
	})
	wg.Wait()
	if r.guard(t.Context(), false, update(ids[0])) == "" {
		t.Error("an account that is older than the run may be changed")
	}
}
