package outcome

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	reportmarkdown "github.com/sa-conformance/conformance/internal/report/markdown"
)

// maxSummary is the size up to which GitHub takes the summary of a step.
const maxSummary = 1 << 20

// leastSummary is the room below which a summary is not worth writing.
const leastSummary = 4 << 10

// summarize appends the report to the summary of the step, if this is a step of GitHub Actions. What goes wrong is a
// warning: the verdict does not depend on it.
func summarize(a *app.App, r *report.Report, secrets *redact.Registry) {
	path, _ := a.Lookup("GITHUB_STEP_SUMMARY")
	if path == "" {
		return
	}
	if err := appendSummary(path, r, secrets); err != nil {
		a.Warn("GITHUB_STEP_SUMMARY: %s", app.Cause(err))
	}
}

func appendSummary(path string, r *report.Report, secrets *redact.Registry) (err error) {
	file, err := app.OpenToWrite(path, os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	room := maxSummary - int(min(info.Size(), maxSummary))
	if room < leastSummary {
		return errors.New("the summary is full")
	}
	var b bytes.Buffer
	if err := reportmarkdown.Render(&b, r, report.Options{Limit: room}); err != nil {
		return err
	}
	text, label := secrets.Filter(b.Bytes())
	if label != "" || len(text) > room {
		return fmt.Errorf("the summary would have held a secret (%s), or too much, and was not written", label)
	}
	if _, err = file.Write(text); errors.Is(err, os.ErrDeadlineExceeded) {
		return app.ErrUnread
	}
	return err
}

// annotated reports whether a CI server reads commands off standard output.
func annotated(a *app.App) bool {
	value, _ := a.Lookup("GITHUB_ACTIONS")
	return value == "true"
}

// withoutCommands lets print write what a target may have had a part in, so that no line of it is taken for a command.
func withoutCommands(a *app.App, w io.Writer, print func() error) error {
	if !annotated(a) {
		return print()
	}
	word := rand.Text()
	_, before := fmt.Fprintf(w, "::stop-commands::%s\n", word)
	err := print()
	_, after := fmt.Fprintf(w, "::%s::\n", word)
	return errors.Join(before, err, after)
}
