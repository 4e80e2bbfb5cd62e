package settings

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/spec"
)

func (f *RunFlags) BindSet(s *pflag.FlagSet) {
	s.StringVar(&f.Set, "set", "", "`NAME` of the requirement set to score, such as 2026-11; later requirements are judged and not scored (default: the newest)")
}

// ChosenSet finds the set that was asked for, or else the newest.
func ChosenSet(a *app.App, name string) (*spec.Set, error) {
	all := a.Sets
	if all == nil {
		var err error
		if all, err = spec.Sets(); err != nil {
			return nil, app.Broken("%v", err)
		}
	}
	if name == "" {
		return &all[len(all)-1], nil
	}
	var names []string
	for i, set := range all {
		if set.Name() == name {
			return &all[i], nil
		}
		names = append(names, set.Name())
	}
	return nil, app.Wrong("%s: there is no requirement set %s; there are: %s", a.Source("set"), app.Shown(name), strings.Join(names, ", "))
}
