//go:build race

package suites

// raced tells that the race detector is at work, under which a run costs eight times as much.
const raced = true
