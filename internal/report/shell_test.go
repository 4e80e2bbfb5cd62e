package report

import (
	"bytes"
	"testing"
)

func TestRun(t *testing.T) {
	for _, n := range []int{1, 2, 63, 64, 65, 127, 128, 129, 191, 192, 1000, 4095, 4096, 4097} {
		for _, rest := range []string{"", "y", "yx", "yxxxx"} {
			if got := run(append(bytes.Repeat([]byte("x"), n), rest...)); got != n {
				t.Errorf("run(%d times x, then %q) = %d", n, rest, got)
			}
		}
	}
}
