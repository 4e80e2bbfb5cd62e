package measure

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

func TestRun(t *testing.T) {
	if os.Getenv("MEASURE_CHILD") != "" {
		block := make([]byte, 64<<20)
		for i := range block {
			block[i] = 1
		}
		runtime.KeepAlive(block)
		return
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), binary, "-test.run", "^TestRun$")
	command.Env = append(os.Environ(), "MEASURE_CHILD=1")
	text, peak := Run(t, command)
	if command.ProcessState.ExitCode() != 0 || text == "" {
		t.Errorf("exit code %d: %s", command.ProcessState.ExitCode(), text)
	}
	if runtime.GOOS == "linux" && peak < 48<<20 {
		t.Errorf("a process with 64 MB took %d bytes", peak)
	}
}
