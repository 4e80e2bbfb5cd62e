package app

import "testing"

// A fleet reads its file once, however many targets it has.
func TestConfigIsReadOnce(t *testing.T) {
	t.Parallel()
	a := &App{Parsed: &ParsedConfig{Path: "gone.yaml", Writable: true}}
	if _, writable, err := a.ReadConfig("--config", "gone.yaml"); err != nil || !writable {
		t.Errorf("%t, %v", writable, err)
	}
	if _, _, err := a.ReadConfig("--config", "other.yaml"); err == nil {
		t.Error("another file is the one that was read")
	}
}
