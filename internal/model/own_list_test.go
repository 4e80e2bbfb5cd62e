package model

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Rights may reach accounts later (contract section 6), so that one sees itself alone and another one all. A part of the
// accounts is none of both.
func TestListsOfAccounts(t *testing.T) {
	ids := []string{id, strings.Replace(id, "ee45", "ee46", 1), strings.Replace(id, "ee45", "ee47", 1)}
	for name, c := range map[string]struct {
		second []int
		wrong  int
	}{"alone": {[]int{1}, 0}, "all": {[]int{0, 1, 2}, 0}, "a part": {[]int{0, 1}, 1}} {
		s := &said{}
		var items []string
		for _, other := range ids {
			item := strings.Replace(shown("a", "b", "", ""), id, other, 1)
			items = append(items, item)
			s.add(operationCreate, http.MethodPost, "", sent("a", "b", ""), 201, strings.Replace(item, `"status":{`, `"status":{"accessToken":"a-token-of-`+other+`",`, 1), 0)
		}
		list := func(account int, shown ...int) {
			var some []string
			for _, i := range shown {
				some = append(some, items[i])
			}
			s.list(time.Minute, some...)
			last := s.all[len(s.all)-1]
			last.Identity, last.Request.Header = "account", http.Header{"Authorization": {"Bearer a-token-of-" + ids[account]}}
		}
		list(0, 0)
		list(1, c.second...)
		m := Follow(exchange.Facts{Organization: organization}, s.all)
		if found := m.Contradictions(OwnList); len(found) != c.wrong {
			t.Errorf("%s: %d contradictions, want %d", name, len(found), c.wrong)
		}
	}
}
