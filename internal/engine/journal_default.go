package engine

import (
	"os"
	"path/filepath"
)

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
