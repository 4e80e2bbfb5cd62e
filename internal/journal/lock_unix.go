//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

const (
	// locks says that files can be had alone.
	locks = true
	// replaces says that a file that is open can be replaced by another.
	replaces = true
)

// lock takes the file, shared or alone, without waiting. The system gives it back when the process ends, however it
// ends. Where a file system knows no locks there are none.
func lock(file *os.File, alone bool) error {
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	if err := syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrBusy
	}
	return nil
}

// truncate empties a file that was opened for appending.
func truncate(file *os.File, _ string) error { return file.Truncate(0) }

// discard takes a file away and closes it.
func discard(file *os.File, path string) {
	_ = os.Remove(path)
	_ = file.Close()
}
