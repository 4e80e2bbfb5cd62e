package suites

import (
	"encoding/base64"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// TestClaimsThatHoldTheOperatorsTokenAreJudgedAlike issues tokens whose header and claims hold the token of the run, whole, in part
// and encoded. The verdicts of the recording are those of the run, and the recording holds no secret.
func TestClaimsThatHoldTheOperatorsTokenAreJudgedAlike(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]reference.Kind{"JWS": reference.JWS, "JWE": reference.JWE} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var operator atomic.Value
			spoil := func(members map[string]any) {
				token, _ := operator.Load().(string)
				members["act"], members["note"] = map[string]any{"token": token, "of": []any{token[:len(token)/2]}}, "for "+token+" alone"
				members["b64"] = base64.StdEncoding.EncodeToString([]byte(token))
				members["signature"] = token[strings.LastIndex(token, ".")+1:]
			}
			layer := &mutant.Layer{Configure: func(c *reference.Config) {
				c.Tokens, c.Hooks = kind, reference.Hooks{Claims: spoil, Header: spoil}
			}}
			live, again, recording := judgeBoth(t, layer, func(c *engine.Config) { operator.Store(c.Token) })
			expectSame(t, live, again)
			if clean, left := live.Secrets.Filter(recording); left != "" || string(clean) != string(recording) {
				t.Errorf("the recording holds %q", left)
			}
			if strings.Contains(string(recording), operator.Load().(string)) {
				t.Error("the recording holds the token of the run")
			}
		})
	}
}
