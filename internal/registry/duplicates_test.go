package registry

import (
	"testing"

	"github.com/sa-conformance/conformance/internal/certificate"
)

// A copy of a certificate under the name of another vendor does not harm the original, if the certifier confirmed whose key it is.
func TestCopyDoesNotHarm(t *testing.T) {
	t.Parallel()
	for _, confirmed := range []bool{true, false} {
		original, copied := reviewed(t, "acme"), reviewed(t, "zeta")
		copied.key, copied.Verification.SHA256, copied.Submission.Vendor = original.key, original.Verification.SHA256, "Zeta"
		copied.Checks[1].State = Noted // nobody confirmed the key
		if !confirmed {
			original.Checks[1].State = Noted
		}
		Compare([]*Review{original, copied}, nil)
		if original.Accepted() != confirmed {
			t.Errorf("the original, with its key confirmed %t, is accepted %t: %+v", confirmed, original.Accepted(), original.failed())
		}
		if copied.Accepted() {
			t.Errorf("the copy is accepted: %+v", copied.Checks)
		}
	}
}

// Two certificates of one vendor for one target cannot be of the same run of its chain.
func TestTwoRunsWithOneNumber(t *testing.T) {
	t.Parallel()
	for _, number := range []int{1, 2} {
		first, second := reviewed(t, "acme"), reviewed(t, "acme-deep")
		second.key, second.Submission.Vendor, second.Verification.SHA256 = first.key, first.Submission.Vendor, "another"
		second.Verification.Claims.Target, second.Verification.Claims.RunID = first.Verification.Claims.Target, "another"
		first.Verification.Runs, second.Verification.Runs = &certificate.Runs{Number: 1}, &certificate.Runs{Number: number}
		Compare([]*Review{second}, []*Review{first})
		if accepted := second.Accepted(); accepted != (number == 2) {
			t.Errorf("number %d: accepted %t: %+v", number, accepted, second.failed())
		}
	}
}
