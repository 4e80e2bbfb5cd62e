// Package measure tells in tests what a process takes of memory. No program has it: only tests may import it.
package measure

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Run runs a command to its end, and returns what it printed and the most that it had in memory at once, in bytes. The peak is 0
// on systems without /proc. What the command's exit code says is left to the caller.
func Run(t testing.TB, command *exec.Cmd) (text string, peak int64) {
	t.Helper()
	var printed strings.Builder
	command.Stdout, command.Stderr = &printed, &printed
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	over, most := make(chan struct{}), make(chan int64)
	go func() { most <- watch(command.Process.Pid, over) }()
	_ = command.Wait() // the exit code tells
	close(over)
	return printed.String(), <-most
}

// watch reads the figure of a process again and again: it is gone when the process is.
func watch(pid int, over <-chan struct{}) (most int64) {
	const pause = 10 * time.Millisecond
	for {
		most = max(most, residentPeak(pid))
		select {
		case <-over:
			return most
		case <-time.After(pause):
		}
	}
}

// residentPeak is the most that a process had in memory so far, in bytes; 0 if that cannot be known. The figure of wait(2) is
// not used: it begins with the memory of the process that started this one.
func residentPeak(pid int) int64 {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kilobytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
