package outcome

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/formats"
)

// Outputs is the directory that reports go to; without a name nothing is written.
type Outputs struct {
	Dir string
	// recording is set if recording.har goes there too.
	Recording bool
}

const recordingFile = "recording.har"

// Files are the names of what write writes.
func (o Outputs) Files() []string {
	names := formats.Files()
	if o.Recording {
		names = append(names, recordingFile)
	}
	return names
}

// Prepare makes sure, before anything is sent, that reports can be written, and takes away those of an earlier run,
// so that none of them can pass for this one's.
func (o Outputs) Prepare(source string) error {
	if o.Dir == "" {
		return nil
	}
	refuse := func(err error) error {
		return app.Wrong("%s: %s cannot be written: %s; name a directory that can", source, app.Shown(o.Dir), app.Cause(err))
	}
	if err := os.MkdirAll(o.Dir, 0o777); err != nil {
		return refuse(err)
	}
	file, err := os.CreateTemp(o.Dir, ".conformance-*")
	if err != nil {
		return refuse(err)
	}
	if err := errors.Join(file.Close(), os.Remove(file.Name())); err != nil {
		return refuse(err)
	}
	for _, name := range o.Files() {
		if err := os.Remove(filepath.Join(o.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return refuse(err)
		}
	}
	return nil
}

// Write writes every report, whatever becomes of the others. Each error names all the files that have one cause.
func (o Outputs) Write(result *engine.Result) (errs []error) {
	if o.Dir == "" {
		return nil
	}
	var causes []string
	failed := map[string][]string{}
	for _, name := range o.Files() {
		write := result.WriteRecording
		if format, ok := formats.OfFile(name); ok {
			write = func(w io.Writer) error { return format.Render(w, result.Report, report.Options{}) }
		}
		if err := o.writeOne(name, write, result); err != nil {
			why := app.RootCause(err)
			if failed[why] == nil {
				causes = append(causes, why)
			}
			failed[why] = append(failed[why], name)
		}
	}
	for _, why := range causes {
		errs = append(errs, fmt.Errorf("writing %s to %s: %s", strings.Join(failed[why], ", "), app.Shown(o.Dir), why))
	}
	return errs
}

func (o Outputs) writeOne(name string, write func(io.Writer) error, result *engine.Result) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return WriteFile(filepath.Join(o.Dir, name), result.Secrets, b.Bytes())
}

// WriteFile writes a whole file or none, through the filter. What the filter changed is searched once more.
func WriteFile(path string, secrets *redact.Registry, data []byte) error {
	data, label := secrets.Filter(data)
	if label != "" {
		return fmt.Errorf("it would have held a secret (%s) and was not kept; please report this", label)
	}
	file, err := createBeside(path)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// createBeside makes a new file in the directory of another, with the permissions that the other is to have: those that the
// umask of the process leaves. A recording is for its owner alone, because it holds all that was said.
func createBeside(path string) (*os.File, error) {
	mode := fs.FileMode(0o666)
	if filepath.Base(path) == recordingFile {
		mode = 0o600
	}
	name := filepath.Join(filepath.Dir(path), ".conformance-"+rand.Text())
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}
