package app

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// isToken tells whether a flag by that name would take a secret.
func isToken(name string) bool {
	return name == "token" || name == "restricted-token" || name == "expired-token" || name == "not-yet-valid-token" ||
		name == "oauth-client-secret"
}

// BindVariables sets every flag that was not given from its variable. An empty variable counts as none, unless a run
// without it would judge something else or do more than was asked: that is refused, as is such a flag.
func (a *App) BindVariables(cmd *cobra.Command) error {
	a.variables = map[string]string{}
	var first error
	first = a.refuseEmpty(cmd)
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name := Variable(setting(f))
		value, ok := a.Lookup(name)
		if f.Changed || f.Name == "help" || !ok || value == "" || first != nil {
			return
		}
		a.variables[f.Name] = name
		if err := f.Value.Set(value); err != nil {
			first = Wrong("%s: %s %s", name, Shown(value), expectation(f))
		}
	})
	return first
}

// Source names where the value of a flag comes from: the flag, its variable, or a line of the configuration file.
func (a *App) Source(flag string) string {
	if where, ok := a.Filed[flag]; ok {
		return where
	}
	if name, ok := a.variables[flag]; ok {
		return name
	}
	return "--" + flag
}

// Elsewhere annotates a flag with the name of the setting that it is, where another command has a flag of the same name
// for something else.
const Elsewhere = "setting"

// setting is the name by which variables and the configuration file know a flag.
func setting(f *pflag.Flag) string {
	if names := f.Annotations[Elsewhere]; len(names) > 0 {
		return names[0]
	}
	return f.Name
}

// flagOf finds the flag of a setting; nil if the command has none.
func flagOf(s *pflag.FlagSet, name string) (found *pflag.Flag) {
	s.VisitAll(func(f *pflag.Flag) {
		if setting(f) == name {
			found = f
		}
	})
	return found
}

func Variable(flag string) string {
	return "CONFORMANCE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// expectation says what a flag wants, for a value that it cannot parse.
func expectation(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		return "is neither true nor false"
	case "duration":
		return "is not a duration; write 10s or 1m30s"
	case "int":
		return "is not a whole number"
	default:
		return "cannot be read as " + f.Value.Type()
	}
}

// FlagError words what pflag found wrong. It echoes no value that may be a token.
func FlagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	help := `; see "` + cmd.CommandPath() + ` --help"`
	switch {
	case errors.As(err, &unknown):
		name, dashes := unknown.GetSpecifiedName(), "--"
		if letters := unknown.GetSpecifiedShortnames(); letters != "" {
			word, _, _ := strings.Cut(letters, "=")
			if !isToken(word) {
				return Wrong("unknown flag -%s%s", name, help)
			}
			name, dashes = word, "-"
		}
		if isToken(name) {
			return Wrong("%s%s does not exist, because arguments can be read by others (change the token if it was a "+
				"real one); put it into %s or into a file named by --%s-file", dashes, name, Variable(name), name)
		}
		return Wrong("unknown flag --%s%s", name, help)
	case errors.As(err, &missing):
		return Wrong("--%s needs a value%s", missing.GetFlag().Name, help)
	case errors.As(err, &invalid):
		return Wrong("--%s: %s %s", invalid.GetFlag().Name, Shown(invalid.GetValue()), expectation(invalid.GetFlag()))
	default:
		return Wrong("the flags cannot be read%s", help)
	}
}
