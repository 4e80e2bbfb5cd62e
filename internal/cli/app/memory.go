package app

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// memoryLimit is what the garbage collector aims at, in bytes. Below it nothing is collected, and few runs reach it.
	memoryLimit = 52 << 20
	// roomyLimit bounds, in bytes, what the aim grows to if more than memoryLimit is in use.
	roomyLimit = 144 << 20
	// growth is by how many percent the heap of a proof grows between two collections: a fifth of it went into collecting
	// what hundreds of short runs leave.
	growth = 400
	// never collects nothing below the limit.
	never = -1
)

// BoundMemory sets the limit if the environment (GOMEMLIMIT) sets none. After each collection the limit follows what is in
// use: a limit just above that would make the collector run all the time, and take half of the processors.
func BoundMemory() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memoryLimit)
		collect(never)
		followUse(limitFor)
	}
}

// fleetLimit is what the garbage collector aims at for a fleet, in bytes: a dozen runs side by side are in use at once. windowGrowth is
// by how many percent the heap of a process that waits between runs grows between two collections.
const (
	fleetLimit   = 320 << 20
	windowGrowth = 150
)

// BoundFleet is BoundMemory for a fleet. Below the limit nothing is collected: that took a tenth of the processors' time.
func BoundFleet() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(fleetLimit)
		collect(never)
		followUse(limitForFleet)
	}
}

// BoundWindow is BoundMemory for the interface, which waits for its user most of the time.
func BoundWindow() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(fleetLimit)
		collect(windowGrowth)
	}
}

// followUse sets the limit after each collection by what is in use then. Each time it makes another object that the next
// collection finds unreachable.
func followUse(limit func(used int64) int64) {
	runtime.SetFinalizer(&struct{ _ [16]byte }{}, func(any) {
		debug.SetMemoryLimit(limit(inUse()))
		followUse(limit)
	})
}

// limitForFleet is fleetLimit, and at least an eighth more than what is in use.
func limitForFleet(used int64) int64 { return max(fleetLimit, used+used/8) }

// limitFor is half as much again as what is in use, within memoryLimit and roomyLimit, and at least an eighth more.
func limitFor(used int64) int64 {
	return max(memoryLimit, min(used+used/2, roomyLimit), used+used/8)
}

// inUse is what the heap holds after a collection and what else the process needs, in bytes.
func inUse() (used int64) {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/metadata/mspan/inuse:bytes"},
		{Name: "/memory/classes/metadata/other:bytes"},
		{Name: "/memory/classes/heap/unused:bytes"},
	}
	metrics.Read(samples)
	for _, s := range samples {
		if s.Value.Kind() == metrics.KindUint64 {
			used += int64(min(s.Value.Uint64(), math.MaxInt64))
		}
	}
	return used
}

// CollectSeldom lets the heap of a proof grow further between collections.
func CollectSeldom() { collect(growth) }

// collect sets by how many percent the heap may grow where the environment (GOGC) does not say.
func collect(percent int) {
	const usual = 100
	if before := debug.SetGCPercent(percent); before != usual {
		debug.SetGCPercent(before)
	}
}
