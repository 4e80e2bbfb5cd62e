package cli

import (
	"math"
	"runtime/debug"
)

const (
	// memoryLimit is what the collector of garbage aims at, in bytes. The process stays below 150 MB whatever a target sends.
	memoryLimit = 52 << 20
	// growth is by how many percent the heap grows between two collections. A run is over after a few, and a fifth of a
	// proof went into collecting what hundreds of short runs leave.
	growth = 400
)

// boundMemory sets the limit where the environment (GOMEMLIMIT) sets none.
func boundMemory() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memoryLimit)
	}
	collectSeldom()
}

// collectSeldom lets the heap grow further between collections where the environment (GOGC) does not say how far.
func collectSeldom() {
	const usual = 100
	if before := debug.SetGCPercent(growth); before != usual {
		debug.SetGCPercent(before)
	}
}
