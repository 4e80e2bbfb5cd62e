package model

import (
	"net/http"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// An account that a list lacked and that a list shows soon after may be on its way out, as other conversations see it. The one that
// deleted it and waited may expect it to be gone.
func TestDeletedAccountsShownAgain(t *testing.T) {
	for name, c := range map[string]struct {
		after       time.Duration
		probe, step string
		wrong       int
	}{
		"at once":                            {100 * time.Millisecond, "aftermath", "list", 0},
		"at once, where others waited":       {100 * time.Millisecond, "others", "dead-settled", 0},
		"at once, where it was waited for":   {100 * time.Millisecond, "mine", "dead-settled", 1},
		"later":                              {time.Minute, "aftermath", "list", 1},
		"later, where others waited as well": {time.Minute, "others", "dead-settled", 1},
	} {
		s := &said{}
		item := shown("a", "b", "", "")
		s.add(operationCreate, http.MethodPost, "", sent("a", "b", ""), 201, item, 0)
		s.list(time.Minute, item)
		s.add(operationDelete, http.MethodDelete, "/"+id, "", 200, "", time.Minute)
		s.all[len(s.all)-1].Probe = "mine"
		s.list(time.Minute)
		s.list(c.after, item)
		last := s.all[len(s.all)-1]
		last.Probe, last.Step = c.probe, c.step
		m := Follow(exchange.Facts{Organization: organization}, s.all)
		if found := m.Contradictions(Back); len(found) != c.wrong {
			t.Errorf("%s: %d contradictions, want %d", name, len(found), c.wrong)
		}
	}
}
