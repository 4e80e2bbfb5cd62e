//go:build !race

package cli

// raced tells that the race detector is at work.
const raced = false
