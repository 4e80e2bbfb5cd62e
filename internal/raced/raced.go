// Package raced tells tests what to try under the race detector, where a run costs eight times as much. Without the detector,
// as in make cover, everything is tried.
package raced

import (
	"hash/fnv"
	"testing"
	"time"
)

// parts is into how many parts costly tests and tables of costly cases are cut under the detector. Another part is tried
// every day.
const parts = 12

// Tried reports whether a case of a table of costly cases is tried now.
func Tried(name string) bool {
	return !Enabled || Part(name, parts) == time.Now().YearDay()%parts
}

// Rotate skips a costly test under the detector, but on its day.
func Rotate(t *testing.T) {
	t.Helper()
	if !Tried(t.Name()) {
		t.Skip("costly under the race detector, where it is tried every twelfth day; without the detector it is tried each time")
	}
}

// Part deals names out to parts, from 0 to n-1.
func Part(name string, n uint32) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return int(h.Sum32() % n)
}
