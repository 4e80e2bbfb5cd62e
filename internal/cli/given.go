package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/drift"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// bindContract is the flag of an OpenAPI document to judge by.
func (f *runFlags) bindContract(s *pflag.FlagSet) {
	s.StringVar(&f.contract, "contract", "", "OpenAPI `FILE` whose schemas responses are judged by, in the place of the contract's: the report says so,\nand there is no certificate")
}

// givenContract reads the document of --contract; nil if there is none.
func (a *app) givenContract(ctx context.Context, path string) (*spec.Contract, error) {
	source := a.source("contract")
	switch {
	case path == "":
		return nil, nil
	case strings.HasPrefix(path, "http://"), strings.HasPrefix(path, "https://"):
		return nil, wrong("%s: %s is a URL; save the document to a file, so that it is the same for every run", source, shown(path))
	case path == "-":
		return nil, wrong("%s: the document is read from a file; name one", source)
	}
	text, err := a.document(ctx, path)
	if err != nil {
		return nil, wrong("%s: %s cannot be read: %s; name a file with an OpenAPI document", source, shown(path), report.Printable(rootCause(err)))
	}
	_, c, err := catalogue()
	if err != nil {
		return nil, err
	}
	refused := func(err error) error {
		return wrong("%s: %s: %s", source, shown(path), report.Shorten(report.Printable(err.Error()), report.LineLength))
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
