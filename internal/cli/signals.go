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
