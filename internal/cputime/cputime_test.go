package cputime

import "testing"

// The time that is used grows with the work that is done.
func TestUsed(t *testing.T) {
	before, sum := Used(), 0
	for round := 0; Used() <= before; round++ {
		if round == 10_000 {
			t.Fatalf("%s after much work, as before", Used())
		}
		for i := range 1_000_000 {
			sum += i ^ round
		}
	}
	_ = sum
}
