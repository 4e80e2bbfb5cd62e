package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/sa-conformance/conformance/internal/journal"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
)

// keep opens the journal of a run, if it has one, before anything is sent.
func (c Config) keep(run *probe.Run, id string) (finish func(probe.Leftovers) error, err error) {
	if c.Journal == "" {
		return func(probe.Leftovers) error { return nil }, nil
	}
	file, err := journal.Open(c.Journal)
	if err != nil {
		return nil, unwritable(c.Journal, err)
	}
	recorder, err := file.Begin(journal.Run{
		ID: id, Target: c.Target, Organization: c.Organization, Prefix: run.Facts().Prefix, Disguise: run.Facts().Disguise,
	}, time.Now)
	if err != nil {
		return nil, errors.Join(unwritable(c.Journal, err), file.Close())
	}
	run.Keep(recorder)
	return func(l probe.Leftovers) error {
		err := recorder.Fault()
		if err == nil && (l.Idle || l.Verified && len(l.Remaining) == 0 && l.Unanswered == 0) {
			if err = recorder.Finish(); err == nil {
				_ = file.Tidy() // a journal that is longer than it need be does no harm
			}
		}
		return errors.Join(err, file.Close())
	}, nil
}

func unwritable(path string, err error) error {
	if errors.Is(err, journal.ErrBusy) {
		return newConfigError("a sweep of this target is using the journal %s; wait until it is over", path)
	}
	return newConfigError("the journal %s cannot be written, and nothing was sent: %s; name another with --journal", path, inner(err))
}

// inner is the cause of an error of files, without their names.
func inner(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err.Error()
	}
	return err.Error()
}

// SweepCommand is the command line that removes what a run with this configuration left behind; "" if there is no
// journal to go by.
func (c Config) SweepCommand() string {
	if c.Journal == "" || c.Target == "" {
		return ""
	}
	command := fmt.Sprintf("conformance sweep --target %s --organization %s --journal %s", report.ShellWord(c.Target), report.ShellWord(c.Organization), report.ShellWord(c.Journal))
	if c.Production {
		command += " --i-know-this-is-production"
	}
	return command
}

// NoJournal in the place of the name of a journal stands for none.
const NoJournal = "off"

// DefaultJournal is the journal of those who name none, the same for the command line and for Go users. It is in the
// directory for what programs keep between runs (XDG Base Directory Specification). The lookup finds variables of the
// environment, as os.LookupEnv does. The error is a *ConfigError.
func DefaultJournal(lookup func(name string) (string, bool)) (string, error) {
	state, _ := lookup("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, _ := lookup("HOME")
		if home == "" {
			home, _ = lookup("USERPROFILE")
		}
		if home == "" {
			return "", newConfigError("there is no place for the journal: neither XDG_STATE_HOME nor HOME is set; name a file with --journal (Config.Journal)")
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "conformance", "journal.jsonl"), nil
}

// journalled names the journal: the usual one if none is named, and none for the reference inside the process.
func (c Config) journalled() (Config, error) {
	var err error
	switch {
	case c.Journal == NoJournal:
		c.Journal = ""
	case c.Journal == "" && c.Target != "" && c.inMemory == nil:
		c.Journal, err = DefaultJournal(os.LookupEnv)
	}
	return c, err
}
