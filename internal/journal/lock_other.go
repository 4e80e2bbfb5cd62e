//go:build !unix && !windows

package journal

import "os"

const (
	// locks says that files can be had alone.
	locks = false
	// replaces says that a file that is open can be replaced by another.
	replaces = false
)

// lock does nothing: here the operator sees to it that a sweep has the journal alone.
func lock(*os.File, bool) error { return nil }

// truncate empties a file that was opened for appending.
func truncate(file *os.File, _ string) error { return file.Truncate(0) }

// discard closes a file and takes it away.
func discard(file *os.File, path string) {
	_ = file.Close()
	_ = os.Remove(path)
}
