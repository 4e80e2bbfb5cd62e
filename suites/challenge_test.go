package suites

import (
	"errors"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
)

// A challenge stands in the names of accounts, where everybody reads it.
func TestAChallengeIsNoCredential(t *testing.T) {
	cfg := engine.Config{
		Target: "https://x.example", Organization: "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", Token: "a-token",
		RestrictedToken: "abcdef0123", Challenge: "abcdef0123", Plain: true, Journal: engine.NoJournal,
	}
	var wrong *engine.ConfigError
	if _, err := engine.Connect(t.Context(), cfg); !errors.As(err, &wrong) {
		t.Errorf("%v", err)
	}
}
