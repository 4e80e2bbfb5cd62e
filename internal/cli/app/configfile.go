package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/config"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/paths"
)

const (
	ConfigName = "conformance.yaml"
	maxConfig  = 1 << 20
)

// configured is what the configuration file said.
type configured struct {
	// filed maps the flags that the file set to the place where it did.
	Filed map[string]string
	// named maps "token" and its fellows to the variables that the file names in the place of the usual ones.
	Named      map[string]namedVariable
	NotOffered []engine.NotOffered
}

// namedVariable is a variable that holds a secret, and where the file names it.
type namedVariable struct{ Variable, Where string }

// BindFile sets every flag from the configuration file that was given neither by itself nor by its variable.
func (a *App) BindFile(cmd *cobra.Command) error {
	a.configured = configured{Filed: map[string]string{}, Named: map[string]namedVariable{}}
	if cmd.Flags().Lookup("target-name") == nil {
		return nil
	}
	path, err := a.configPath(cmd)
	if path == "" || err != nil {
		return err
	}
	file, writable, err := a.ReadConfig(a.Source("config"), path)
	if err != nil {
		return err
	}
	b := &Binding{App: a, cmd: cmd, Path: path, Known: a.OfRun()}
	target, err := b.target(file)
	if err != nil {
		return err
	}
	if err := b.Check(file); err != nil {
		return err
	}
	settings := slices.Concat(file.Run, target.Settings) // what a target says of itself comes last, and stays
	for _, s := range settings {
		if s.Flag == "token-command" && writable {
			return Wrong("%s:%d: this command would be run, and others can write to the file; run: chmod go-w %s", path, s.Line, path)
		}
		if err := b.set(s); err != nil {
			return err
		}
	}
	for name, variable := range target.Variables {
		a.Named[name] = namedVariable{variable.Text, fmt.Sprintf("%s:%d (%s)", path, variable.Line, name)}
	}
	for _, n := range slices.Concat(target.NotOffered, file.NotOffered) {
		a.NotOffered = append(a.NotOffered, engine.NotOffered{Pattern: n.Pattern, Reason: n.Reason})
	}
	if a.Verbose {
		named := "no target of it"
		if target.Text != "" {
			named = "target " + target.Text
		}
		a.PrintErr("conformance: configuration of %s, %s\n", path, named)
	}
	return nil
}

// configPath is the file that was asked for, or the usual one if it is there; "" for none.
func (a *App) configPath(cmd *cobra.Command) (string, error) {
	asked := cmd.Flags().Lookup("config")
	if asked.Changed || asked.Value.String() != "" {
		return asked.Value.String(), nil
	}
	info, err := os.Stat(ConfigName)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !info.Mode().IsRegular():
		return "", nil
	case err != nil:
		return "", Wrong("%s cannot be read: %s; --config \"\" leaves it out", ConfigName, Cause(err))
	}
	return ConfigName, nil
}

// ParsedConfig is a configuration file that was read, which many targets share.
type ParsedConfig struct {
	Path     string
	File     *config.File
	Writable bool
}

// ReadConfig also tells whether others can write to the file.
func (a *App) ReadConfig(source, path string) (file *config.File, writable bool, err error) {
	if a.Parsed != nil && a.Parsed.Path == path {
		return a.Parsed.File, a.Parsed.Writable, nil
	}
	defer a.Reads()()
	open, err := os.Open(path)
	if err != nil {
		return nil, false, Wrong("%s: %s cannot be read: %s; conformance init writes one", source, Shown(path), Cause(err))
	}
	defer func() { _ = open.Close() }()
	info, err := open.Stat()
	if err == nil {
		writable = info.Mode().IsRegular() && info.Mode().Perm()&0o022 != 0 && runtime.GOOS != "windows"
	}
	data, err := io.ReadAll(io.LimitReader(open, maxConfig+1))
	switch {
	case err != nil:
		return nil, false, Wrong("%s: %s cannot be read: %s", source, Shown(path), Cause(err))
	case len(data) > maxConfig:
		return nil, false, Wrong("%s: %s is longer than %d bytes", source, Shown(path), maxConfig)
	}
	file, err = config.Parse(data)
	var fault *config.Error
	switch {
	case errors.As(err, &fault):
		return nil, false, Wrong("%s:%d: %s", path, fault.Line, fault.Text)
	case err != nil:
		return nil, false, Wrong("%s: %v", path, err)
	}
	return file, writable, nil
}

// Binding brings settings to flags.
type Binding struct {
	App   *App
	cmd   *cobra.Command
	Path  string
	Known *pflag.FlagSet // the flags of run
}

// target chooses the target that was named, else the default, unless an address was given: a file's credentials never go
// to another address than the file's.
func (b *Binding) target(file *config.File) (config.Target, error) {
	address, name := b.origin("target"), b.origin("target-name")
	flag := b.cmd.Flags().Lookup("target-name").Value.String()
	reference := b.cmd.Flags().Lookup("reference")
	switch {
	case reference != nil && reference.Value.String() == "true" && name == Nowhere:
		return config.Target{}, nil
	case reference != nil && reference.Value.String() == "true":
		return config.Target{}, Wrong("%s and %s contradict each other; give one of them", b.App.Source("reference"), b.App.Source("target-name"))
	case name != Nowhere && address != Nowhere && !(address == InFlag && name == InVariable):
		return config.Target{}, Wrong("%s and %s both say what to judge; give one of them", b.App.Source("target-name"), b.App.Source("target"))
	case address != Nowhere:
		return config.Target{}, nil
	case name != Nowhere:
		target, ok := file.Target(flag)
		if !ok {
			return target, Wrong("%s: there is no target %s in %s; there are: %s", b.App.Source("target-name"), Shown(flag), b.Path, names(file))
		}
		return target, nil
	case file.Default.Text != "":
		target, _ := file.Target(file.Default.Text)
		return target, nil
	case len(file.Targets) == 1:
		return file.Targets[0], nil
	case len(file.Targets) > 1:
		return config.Target{}, Wrong("%s has several targets and no default; add --target-name NAME (%s)", b.Path, names(file))
	}
	return config.Target{}, nil
}

func (b *Binding) origin(flag string) Layer {
	f := b.cmd.Flags().Lookup(flag)
	if f.Changed {
		return InFlag
	}
	return b.App.Origin(flag, f.Value.String())
}

func names(file *config.File) string {
	var all []string
	for _, t := range file.Targets {
		all = append(all, t.Text)
	}
	return strings.Join(all, ", ")
}

// Check refuses settings of the whole file that run has no flag for, or that belong to a target.
func (b *Binding) Check(file *config.File) error {
	all := slices.Clone(file.Run)
	for _, t := range file.Targets {
		for _, s := range t.Settings {
			if !s.OfTarget {
				all = append(all, s)
			}
		}
	}
	for _, s := range all {
		if s.Flag == ProductionFlag {
			return Wrong("%s:%d: run: %s has no place in a file, which is read without a thought; give it as a flag or in its variable",
				b.Path, s.Line, ProductionFlag)
		}
		if !RunKey(b.Known, s.Flag) {
			return Wrong("%s:%d: run: unknown key %s; conformance run --help lists the flags; settings of a target belong to its entry under targets",
				b.Path, s.Line, Shown(s.Flag))
		}
	}
	return nil
}

// RunKey tells whether a flag may stand in a section "run" of the configuration file.
func RunKey(known *pflag.FlagSet, name string) bool {
	target := append(AboutTarget(), "target", "target-name", "reference", "config", "help", ProductionFlag)
	return known.Lookup(name) != nil && !slices.Contains(target, name)
}

// set sets a flag, if the command has it and nobody else did.
func (b *Binding) set(s config.Setting) error {
	f := flagOf(b.cmd.Flags(), s.Flag)
	if f == nil || f.Changed || b.App.variables[f.Name] != "" {
		return nil
	}
	where := fmt.Sprintf("%s:%d (%s)", b.Path, s.Line, s.Flag)
	values := slices.Clone(s.Values)
	kind, _ := pflag.UnquoteUsage(f)
	if s.Path || kind == "FILE" || kind == "DIR" {
		for i, v := range values {
			if v != "-" && !(s.Flag == "journal" && v == engine.NoJournal) {
				values[i] = paths.Here().Beside(b.Path, v)
			}
		}
	}
	b.App.Filed[f.Name] = where
	if many, ok := f.Value.(pflag.SliceValue); ok {
		return many.Replace(values)
	}
	if s.List {
		return Wrong("%s takes one value, and no list", where)
	}
	if err := f.Value.Set(values[0]); err != nil {
		return Wrong("%s: %s %s", where, Shown(values[0]), expectation(f))
	}
	return nil
}
