package match

import (
	"encoding/json"
	"testing"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// In JSON the line breaks and tabs of a stack trace are escaped; it is one all the same.
func TestRevealNoInternals(t *testing.T) {
	for description, clean := range map[string]bool{
		"metadata.name is missing":                        true,
		"the name does not match /^[a-z]+$/":              true,
		"x\n\tat org.identity.Accounts.create(A.java:42)": false,
		"x\n    at create (accounts.js:42:7)":             false,
		"goroutine 17 [running]:\nmain.create(0xc0001)":   false,
	} {
		body, _ := json.Marshal(map[string]string{"error": "invalid_request", "error_description": description})
		e := &exchange.Exchange{ID: "x", Response: &exchange.Response{Status: 400, Body: body}}
		if ok, _ := RevealNoInternals().Match(e); ok != clean {
			t.Errorf("%q was accepted: %t", description, ok)
		}
	}
}
