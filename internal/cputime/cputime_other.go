//go:build !windows

package cputime

import (
	"syscall"
	"time"
)

// Used is the CPU time that this process has used, in its own code and in the kernel; 0 if the system does not tell.
func Used() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
