package registry

import "testing"

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
