package cli

import (
	"testing"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

// No command reads the catalogue before it knows that it needs it: every command pays for that.
func TestCommandsAreMadeCheaply(t *testing.T) {
	if n := testing.AllocsPerRun(1, func() { root(&app.App{}) }); n > 20_000 {
		t.Errorf("making the commands allocates %.0f objects", n)
	}
}
