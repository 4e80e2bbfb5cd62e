package model

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// A rotation may be answered with a token for an account that no other response names. Its refusal is nobody's fault.
func TestTokenOfAnAccountThatNobodyNamed(t *testing.T) {
	const other, text = "5f0c3a11-9b1e-4c55-8a77-0000000000a0", "a-token-of-another-account"
	s := &said{}
	s.add(operationCreate, http.MethodPost, "", sent("a", "b", ""), 201, shown("a", "b", "", ""), 0)
	rotated := strings.Replace(shown("a", "b", "", ""), id, other, 1)
	rotated = strings.Replace(rotated, `"status":{`, `"status":{"accessToken":"`+text+`",`, 1)
	if !json.Valid([]byte(rotated)) {
		t.Fatal(rotated)
	}
	s.add(operationRotate, http.MethodPost, "/"+id+"/rotate", "", 200, rotated, time.Second)
	s.add(operationList, http.MethodGet, "", "", 401, "{}", 5*time.Second)
	last := s.all[len(s.all)-1]
	last.Identity, last.Request.Header = "account", http.Header{"Authorization": {"Bearer " + text}}
	m := Follow(exchange.Facts{Organization: organization}, s.all)
	if found := m.Contradictions(Works); len(found) > 0 {
		t.Errorf("%+v", found[0])
	}
}
