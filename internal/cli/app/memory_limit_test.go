package app

import "testing"

// The limit of the garbage collector keeps a distance from what is in use, and grows no further than it has to.
func TestLimitFor(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for _, test := range []struct{ used, limit int64 }{
		{0, 52 * mb}, {30 * mb, 52 * mb}, {40 * mb, 60 * mb}, {80 * mb, 120 * mb}, {100 * mb, 144 * mb}, {160 * mb, 180 * mb},
	} {
		if got := limitFor(test.used); got != test.limit {
			t.Errorf("%d MB in use: %d MB, want %d", test.used/mb, got/mb, test.limit/mb)
		}
	}
	for _, test := range []struct{ used, limit int64 }{{0, 320 * mb}, {200 * mb, 320 * mb}, {320 * mb, 360 * mb}} {
		if got := limitForFleet(test.used); got != test.limit {
			t.Errorf("a fleet, %d MB in use: %d MB, want %d", test.used/mb, got/mb, test.limit/mb)
		}
	}
}
