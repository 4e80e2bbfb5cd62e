//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

// locks says that files can be had alone.
const locks = true

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
