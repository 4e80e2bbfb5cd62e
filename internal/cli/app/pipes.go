package app

import (
	"os/signal"
	"syscall"
)

// OutlivePipes makes a write to a closed pipe an error, until restore is called. Otherwise a closed standard error would
// end the process in the middle of a run, and its accounts would stay.
func OutlivePipes() (restore func()) {
	signal.Ignore(syscall.SIGPIPE)
	return func() { signal.Reset(syscall.SIGPIPE) }
}
