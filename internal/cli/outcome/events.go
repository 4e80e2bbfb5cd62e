package outcome

import (
	"errors"
	"io"
	"os"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

// standardOutput is the name of a file that stands for standard output.
const standardOutput = "-"

// eventLog writes the events of a run to a file or to standard output. Nil writes none.
type eventLog struct {
	log    *event.Log
	file   *os.File // nil for standard output
	latest latest
	// patience is how long the reader of a pipe may take for the lines that wait at the end.
	patience time.Duration
}

// mostPatience is for whoever reads the events by a pipe and stops.
const mostPatience = 10 * time.Second

// latest keeps the number of the last event and the run that it was of.
type latest struct{ event.Event }

func (l *latest) Handle(e event.Event) { l.Event = e }

// OpenEvents opens the log before anything is sent. If it is standard output, all else goes to standard error.
func OpenEvents(a *app.App, path string, cfg *engine.Config) (*eventLog, error) {
	if path == "" {
		return nil, nil
	}
	l := &eventLog{patience: mostPatience}
	if path == standardOutput {
		a.Streaming = true
		l.log = event.NewLog(a.Out)
	} else {
		defer a.Reads()()
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666) // not for reading: a pipe without a reader must not fill up
		if err != nil {
			return nil, app.Wrong("%s: %s cannot be written: %s; name a file that can, or - for standard output", a.Source("events"), app.Shown(path), app.Cause(err))
		}
		l.file, l.log = file, event.NewLog(file)
	}
	cfg.Events = append(cfg.Events, l.log, &l.latest)
	return l, nil
}

// End writes what the command makes of the run, and closes the log. A log that could not be written is a fault.
func (l *eventLog) End(r *report.Report, secrets *redact.Registry, c Conclusion) Conclusion {
	if l == nil {
		return c
	}
	if l.latest.RunID != "" {
		event.NewStream(l.latest.RunID, time.Now, l.log).Continue(l.latest.Sequence).Emit(event.Event{Kind: event.Concluded, Conclusion: &event.Conclusion{
			Gate: r.Gate.Status, ExitCode: c.Code, Text: report.Printable(secrets.RedactString(c.Text)),
		}})
	}
	if err := l.Close(); err != nil && c.Code != app.ExitBroken {
		return BrokenRun(errors.New("writing the events: " + app.RootCause(err)))
	}
	return c
}

// Close is for a run without a result, too.
func (l *eventLog) Close() error {
	if l == nil {
		return nil
	}
	if l.file != nil {
		_ = l.file.SetWriteDeadline(time.Now().Add(l.patience)) // a regular file has none and needs none
	}
	err := l.log.Close()
	if l.file != nil {
		err = errors.Join(err, l.file.Close())
	}
	return err
}

// shownOn is where reports and the last line go: to standard error if events go to standard output.
func shownOn(a *app.App) (out *app.Gate, plain io.Writer) {
	if a.Streaming {
		return a.Err, a.Stderr
	}
	return a.Out, a.Stdout
}
