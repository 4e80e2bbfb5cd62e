package cli

import (
	"math"
	"runtime/debug"
)

// memoryLimit is what the collector of garbage aims at, in bytes. The process stays below 150 MB whatever a target sends.
const memoryLimit = 72 << 20

// boundMemory sets the limit where the environment (GOMEMLIMIT) sets none.
func boundMemory() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memoryLimit)
	}
}
