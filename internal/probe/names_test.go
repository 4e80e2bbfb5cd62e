package probe

import (
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/redact"
)

// With the longest challenge names stay within their 63 characters, one for each account, and begin with prefix and label.
func TestNamesWithAChallenge(t *testing.T) {
	r := New(Target{}, Limits{}, "1a2b3c4d-"+strings.Repeat("z", 20), redact.New(), time.Now)
	known := map[string]bool{}
	for _, label := range []string{"a", "unauthenticated-shortened-remove-segment-3", "unauthenticated-shortened-remove-segment-2", "malformed-", "exactly-as-long-as-x-y"} {
		for range 12 {
			name := r.unique(label)
			if len(name)+len("-A.b_c-9") > 63+len("-12") || known[name] || !strings.HasPrefix(name, r.prefix+label[:min(len(label), len("unauthenticated-"))]) && label != "malformed-" {
				t.Errorf("%q (%d)", name, len(name))
			}
			if last := name[len(name)-1]; strings.ContainsRune("-._", rune(last)) && !strings.HasSuffix(label, "-") {
				t.Errorf("%q ends with %q", name, last)
			}
			known[name] = true
		}
	}
}
