//go:build race

package raced

// Enabled tells that the race detector is at work.
const Enabled = true
