package certifycmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
)

// maxBundles is the number of bundles that one page shows.
const maxBundles = 200

func MatrixCommand(a *app.App) *cobra.Command {
	var (
		f   VerifyFlags
		out string
	)
	cmd := &cobra.Command{
		Use:   "matrix DIR",
		Short: "Show many bundles on one page, implementations by requirement",
		Long: `Verifies every bundle (*.zip) of a directory as "conformance verify" does, and writes one static page: implementations by
requirement, what was observed if the contract contradicts itself, and the appeals. An expired certificate is grey, and an invalid one is
shown with the reasons. The exit code does not depend on them.`,
		Example: `  conformance matrix certificates --key vendor-a.pub.pem --key vendor-b.pub.pem --out matrix.html`,
		Args:    app.OneArgument("directory"),
		RunE:    func(cmd *cobra.Command, args []string) error { return runMatrix(cmd.Context(), a, f, args[0], out) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.bind(s)
	s.StringVar(&out, "out", "", "`FILE` to write")
	return cmd
}

func runMatrix(ctx context.Context, a *app.App, f VerifyFlags, dir, out string) error {
	if out == "" {
		return app.Wrong("the file to write is missing; add --out FILE.html")
	}
	o, err := Verification(a, f)
	if err == nil {
		err = rooted(o)
	}
	if err != nil {
		return err
	}
	paths, err := bundles(dir)
	switch {
	case err != nil:
		return app.Wrong("%s: %s; name a directory with bundles", app.Shown(dir), app.Cause(err))
	case len(paths) == 0 || len(paths) > maxBundles:
		return app.Wrong("%s holds %d files *.zip; a page shows 1 to %d bundles", app.Shown(dir), len(paths), maxBundles)
	}
	var entries []certificate.Entry
	sound := 0
	for _, path := range paths {
		e, err := entryOf(ctx, path, o)
		if err != nil {
			return app.Broken("%v", err)
		}
		if e.Sound && e.Verification.Date == "" {
			sound++
		}
		entries = append(entries, e)
	}
	var page bytes.Buffer
	if err := certificate.Matrix(&page, entries, a.Build.Version, o.Now); err != nil {
		return app.Broken("%v", err)
	}
	if err := outcome.WriteFile(out, redact.New(), page.Bytes()); err != nil {
		return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(out), app.Cause(err))
	}
	_, err = fmt.Fprintf(a.Out, "%s, %d of them valid now, on %s\n", app.Count(len(entries), "bundle"), sound, report.Printable(out))
	return a.Written(err)
}

// entryOf verifies one bundle. What is wrong with it is no error.
func entryOf(ctx context.Context, path string, o certificate.Options) (e certificate.Entry, err error) {
	e.File = filepath.Base(path)
	b, err := ReadBundle(path)
	switch {
	case errors.Is(err, certificate.ErrNotBundle):
		e.Fault = err.Error()
		return e, nil
	case err != nil:
		e.Fault = "it cannot be read: " + app.Cause(err)
		return e, nil
	}
	if e.Verification, err = certificate.Verify(ctx, b, o); err != nil {
		return e, err
	}
	e.Sound = e.Verification.Sound(o.Unsigned)
	return e, nil
}

// bundles lists the ZIP files of a directory, by name.
func bundles(dir string) (paths []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() && strings.EqualFold(filepath.Ext(e.Name()), ".zip") {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, nil
}
