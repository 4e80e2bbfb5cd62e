package journal

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

const (
	// locks says that files can be had alone.
	locks = true
	// replaces says that a file that is open can be replaced by another. Windows refuses that.
	replaces = false
)

// lock takes the file, shared or alone, without waiting. The system gives it back when the process ends, however it ends. What is
// locked is one byte far behind the content: Windows lets nobody else write to what is locked.
func lock(file *os.File, alone bool) error {
	handle, how := windows.Handle(file.Fd()), uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if alone {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	far := func() *windows.Overlapped { return &windows.Overlapped{OffsetHigh: 1 << 30} }
	_ = windows.UnlockFileEx(handle, 0, 1, 0, far()) // a lock that is held already is in the way of another kind
	err := windows.LockFileEx(handle, how, 0, 1, 0, far())
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return ErrBusy
	}
	return nil
}

// truncate empties a file that was opened for appending, which Windows does not let that handle do.
func truncate(_ *os.File, path string) error { return os.Truncate(path, 0) }

// discard closes a file and takes it away, unless another process has it open: then Windows keeps it.
func discard(file *os.File, path string) {
	_ = file.Close()
	_ = os.Remove(path)
}
