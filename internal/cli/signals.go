package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// Signals are those that stop a run in good order: an interrupt, SIGTERM, and SIGHUP, which a closing terminal sends.
// A process that was started to outlive its terminal (nohup) ignores SIGHUP, and goes on doing so.
func Signals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// outlivePipes makes a write to a closed pipe an error, until restore is called. Otherwise a closed standard error would
// end the process in the middle of a run, and its accounts would stay.
func outlivePipes() (restore func()) {
	signal.Ignore(syscall.SIGPIPE)
	return func() { signal.Reset(syscall.SIGPIPE) }
}
