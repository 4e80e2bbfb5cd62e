package cli

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// residentPeak is the most that a process had in memory so far, in bytes; 0 if that cannot be known. The figure of wait(2)
// is not used: it begins with the memory of the process that started this one.
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
