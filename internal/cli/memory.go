package cli

import (
	"math"
	"runtime/debug"
)

const (
	// memoryLimit is what the collector of garbage aims at, in bytes. The process stays below 150 MB whatever a target sends.
	memoryLimit = 52 << 20
	// growth is by how many percent the heap of a proof grows between two collections: a fifth of it went into collecting
	// what hundreds of short runs leave.
	growth = 400
	// never collects nothing below the limit, which few runs reach.
	never = -1
)

// boundMemory sets the limit where the environment (GOMEMLIMIT) sets none.
func boundMemory() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memoryLimit)
		collect(never)
	}
}

// collectSeldom lets the heap of a proof grow further between collections.
func collectSeldom() { collect(growth) }

// collect sets by how many percent the heap may grow where the environment (GOGC) does not say.
func collect(percent int) {
	const usual = 100
	if before := debug.SetGCPercent(percent); before != usual {
		debug.SetGCPercent(before)
	}
}
