package check

import (
	"sync"

	"github.com/sa-conformance/conformance/internal/report"
)

// Verdicts gathers results as checks come to them. It is safe for concurrent use.
type Verdicts struct {
	mu      sync.Mutex
	results map[string]report.Result
	broken  error
}

// NewVerdicts makes an empty collection.
func NewVerdicts() *Verdicts { return &Verdicts{results: map[string]report.Result{}} }

// Put enters a verdict; broken is the fault of a check, nil if there was none.
func (v *Verdicts) Put(r report.Result, broken error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.results[r.ID] = r
	if v.broken == nil {
		v.broken = broken
	}
}

// Find returns the verdict on a requirement.
func (v *Verdicts) Find(id string) (report.Result, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, ok := v.results[id]
	return r, ok
}

// Broken is the first fault of a check, nil if there was none.
func (v *Verdicts) Broken() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.broken
}
