package app

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// SettleOut takes "--out -" as what it always means: standard output, if the command writes there without the flag. It is an error for a
// command that writes files, and makes no directory of that name.
func (a *App) SettleOut(cmd *cobra.Command) error {
	out := cmd.Flags().Lookup("out")
	if out == nil || out.Value.String() != "-" {
		return nil
	}
	kind, usage := pflag.UnquoteUsage(out)
	if strings.Contains(usage, "standard output") {
		return out.Value.Set("")
	}
	return Wrong("%s: - is standard output, and a %s is wanted here; name one", a.Source("out"), map[string]string{"DIR": "directory", "FILE": "file", "PREFIX": "prefix"}[kind])
}
