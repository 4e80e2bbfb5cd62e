package settings

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/drift"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// BindContract is the flag of an OpenAPI document to judge by.
func (f *RunFlags) BindContract(s *pflag.FlagSet) {
	s.StringVar(&f.Contract, "contract", "", "OpenAPI `FILE` whose schemas responses are judged by, in the place of the contract's: the report says so,\nand there is no certificate")
}

// GivenContract reads the document of --contract; nil if there is none.
func GivenContract(ctx context.Context, a *app.App, path string) (*spec.Contract, error) {
	source := a.Source("contract")
	switch {
	case path == "":
		return nil, nil
	case strings.HasPrefix(path, "http://"), strings.HasPrefix(path, "https://"):
		return nil, app.Wrong("%s: %s is a URL; save the document to a file, so that it is the same for every run", source, app.Shown(path))
	case path == "-":
		return nil, app.Wrong("%s: the document is read from a file; name one", source)
	}
	text, err := Document(ctx, a, path)
	if err != nil {
		return nil, app.Wrong("%s: %s cannot be read: %s; name a file with an OpenAPI document", source, app.Shown(path), report.Printable(app.RootCause(err)))
	}
	_, c, err := app.Catalogue()
	if err != nil {
		return nil, err
	}
	refused := func(err error) error {
		return app.Wrong("%s: %s: %s", source, app.Shown(path), report.Shorten(report.Printable(err.Error()), report.LineLength))
	}
	about := spec.Given{Name: report.Printable(path)}
	d, err := drift.Compare(text, c.All())
	if err != nil {
		return nil, refused(err)
	}
	touched := map[string]bool{}
	for _, x := range d.Differences {
		for _, id := range x.Requirements {
			touched[id] = true
		}
	}
	about.Differences, about.Touched = len(d.Differences), slices.Sorted(maps.Keys(touched))
	contract, err := spec.GivenContract(about, text)
	if err != nil {
		return nil, refused(err)
	}
	return contract, nil
}

// Document reads a file, a URL or standard input.
func Document(ctx context.Context, a *app.App, from string) ([]byte, error) {
	if strings.HasPrefix(from, "http://") || strings.HasPrefix(from, "https://") {
		return drift.Fetch(ctx, from)
	}
	over := a.Reads()
	defer over()
	in := a.Stdin
	if from != "-" {
		file, err := os.Open(from)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, drift.MaxDocument+1))
	if err == nil && len(text) > drift.MaxDocument {
		err = fmt.Errorf("it is longer than %d MiB", drift.MaxDocument>>20)
	}
	return text, err
}
