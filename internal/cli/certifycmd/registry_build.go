package certifycmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/registry"
	"github.com/sa-conformance/conformance/internal/report"
)

func registryBuildCommand(a *app.App) *cobra.Command {
	var at, out string
	cmd := &cobra.Command{
		Use:   "build DIR",
		Short: "Write the public pages of a registry as a static site",
		Long: `Reviews every submission of a registry, and writes a static site: the list, the matrix, one page for each certificate, an Atom
feed, index.json with its schema, badges (SVG, and endpoints of shields.io), and bundles and keys to check. No page has a script
or refers to anything outside but the links of appeals. What expired or was revoked says so; what is not accepted is shown with
the reasons. The exit code does not depend on them. The same registry at the same time (--at) gives the same bytes.`,
		Example: `  conformance registry build . --out site`,
		Args:    app.OneArgument("directory"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return registryBuild(cmd.Context(), a, args[0], at, out)
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&out, "out", "", "`DIR` to write the site to: a new or an empty one")
	_ = s.SetAnnotation("out", app.Elsewhere, []string{"registry-out"}) // of a flag that is there
	s.StringVar(&at, "at", "", "`TIME` of the site (RFC 3339; default: now)")
	return cmd
}

func registryBuild(ctx context.Context, a *app.App, dir, at, out string) error {
	if out == "" {
		return app.Wrong("the directory to write is missing; add --out DIR")
	}
	if entries, err := os.ReadDir(out); len(entries) > 0 {
		return app.Wrong("%s: %s is not empty; remove it, or name another", a.Source("out"), app.Shown(out))
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return app.Wrong("%s: %s cannot be used: %s", a.Source("out"), app.Shown(out), app.Cause(err))
	}
	o, err := registryOptions(a, at, "")
	if err != nil {
		return err
	}
	r, err := openRegistry(a, "", dir)
	if err != nil {
		return err
	}
	paths, err := r.Submissions()
	if err != nil {
		return app.Wrong("%s: %s", app.Shown(dir), registryCause(err))
	}
	var reviews []*registry.Review
	for _, path := range paths {
		review, err := r.Review(ctx, path, o)
		switch {
		case ctx.Err() != nil:
			return app.Stopped(ctx)
		case err != nil:
			return app.Broken("%v", err)
		}
		reviews = append(reviews, review)
	}
	registry.Compare(reviews, nil)
	files, err := r.Site(reviews, a.Build.Version, o.Now)
	if err != nil {
		return app.Broken("%v", err)
	}
	return publish(a, out, files, reviews)
}

// publish writes the site: the pages, and then each bundle, of which one at a time is in memory.
func publish(a *app.App, out string, files []registry.File, reviews []*registry.Review) error {
	unwritten := func(name string, err error) error {
		return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(filepath.Join(out, name)), app.RootCause(err))
	}
	for _, file := range files {
		path := filepath.Join(out, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return unwritten(file.Name, err)
		}
		if err := outcome.WriteFile(path, redact.New(), file.Data); err != nil {
			return unwritten(file.Name, err)
		}
	}
	standing := map[registry.Standing]int{}
	for _, review := range reviews {
		standing[review.Standing()]++
		file, published, err := review.Bundle()
		if err != nil {
			return app.Wrong("%s; build again", report.Printable(err.Error()))
		}
		if !published {
			continue
		}
		path := filepath.Join(out, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return unwritten(file.Name, err)
		}
		if err := create(path, file.Data, 0o666); err != nil {
			return unwritten(file.Name, err)
		}
	}
	_, err := fmt.Fprintf(a.Out, "%s (%d valid, %d expired, %d revoked, %d refused), in %s\n", app.Count(len(reviews), "submission"),
		standing[registry.Valid], standing[registry.Expired], standing[registry.Revoked], standing[registry.Refused], report.Printable(out))
	return a.Written(err)
}
