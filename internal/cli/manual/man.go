package manual

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

func ManCommand(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the manual pages, one a command",
		Example: "  conformance man /usr/local/share/man/man1",
		Args:    app.OneArgument("directory"),
		RunE:    func(cmd *cobra.Command, args []string) error { return writeMan(a, cmd.Root(), args[0]) },
	}
}

// writeMan writes the pages. Their date is today, or that of SOURCE_DATE_EPOCH, so that a release writes the same bytes again.
func writeMan(a *app.App, root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return app.Wrong("%s cannot be written: %s", app.Shown(dir), app.Cause(err))
	}
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Title: "CONFORMANCE", Section: "1", Source: "conformance " + a.Build.Version, Manual: "Conformance"}
	if err := doc.GenManTree(root, header, dir); err != nil {
		return app.Wrong("%s cannot be written: %s", app.Shown(dir), app.Cause(err))
	}
	return nil
}
