//go:build unix

package outcome

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/event"
)

// A reader of the events that stops reading does not hold up the end of a run, and neither does one that is gone.
func TestEventsNobodyReads(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		patience time.Duration
		gone     bool
		want     error
	}{
		"stopped": {time.Millisecond, false, os.ErrDeadlineExceeded}, "gone": {time.Minute, true, syscall.EPIPE},
	} {
		pipe := filepath.Join(t.TempDir(), name)
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		l, err := OpenEvents(&app.App{}, pipe, &engine.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if test.gone {
			_ = reader.Close()
		}
		l.patience = test.patience
		for range 100 {
			l.log.Handle(event.Event{RunID: strings.Repeat("x", 8<<10)})
		}
		if err := l.Close(); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
		_ = reader.Close()
	}
}
