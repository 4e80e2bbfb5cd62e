package cli

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the manual pages, one a command",
		Example: "  conformance man /usr/local/share/man/man1",
		Args:    oneArgument("directory"),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.man(cmd.Root(), args[0]) },
	}
}

// man writes the pages. Their date is today, or that of SOURCE_DATE_EPOCH, so that a release writes the same bytes again.
func (a *app) man(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return wrong("%s cannot be written: %s", shown(dir), cause(err))
	}
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Title: "CONFORMANCE", Section: "1", Source: "conformance " + a.Build.Version, Manual: "Conformance"}
	if err := doc.GenManTree(root, header, dir); err != nil {
		return wrong("%s cannot be written: %s", shown(dir), cause(err))
	}
	return nil
}
