package cli

import "testing"

// No command reads the catalogue before it knows that it needs it: every command pays for that.
func TestCommandsAreMadeCheaply(t *testing.T) {
	if n := testing.AllocsPerRun(1, func() { (&app{}).root() }); n > 20_000 {
		t.Errorf("making the commands allocates %.0f objects", n)
	}
}

// A fleet reads its file once, however many targets it has.
func TestConfigIsReadOnce(t *testing.T) {
	t.Parallel()
	a := &app{parsed: &parsedConfig{path: "gone.yaml", writable: true}}
	if _, writable, err := a.readConfig("--config", "gone.yaml"); err != nil || !writable {
		t.Errorf("%t, %v", writable, err)
	}
	if _, _, err := a.readConfig("--config", "other.yaml"); err == nil {
		t.Error("another file is the one that was read")
	}
}
