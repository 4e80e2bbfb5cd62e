package settings

import (
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
)

// DepthFlags say how much a run sends.
type DepthFlags struct {
	depth  string
	budget int
	time   time.Duration
	seed   uint64
}

func (f *DepthFlags) Bind(s *pflag.FlagSet) {
	s.StringVar(&f.depth, "depth", string(check.Standard), "how much is sent: smoke (at most 25 requests; most requirements are not tested),\nstandard, or deep (standard and further conversations)")
	s.IntVar(&f.budget, "budget", 3000, "with --depth deep: about how many `REQUESTS` are sent")
	s.DurationVar(&f.time, "time", 0, "with --depth deep: end the further conversations after this time (0: no limit)")
	s.Uint64Var(&f.seed, "seed", 1, "with --depth deep: what chooses the conversations that no table lists")
}

// setDepth checks the flags of the depth.
func setDepth(a *app.App, f *DepthFlags, changed func(flag string) bool, cfg *engine.Config) error {
	if f.depth == "" { // a command without the flag
		return nil
	}
	cfg.Depth = check.Depth(f.depth)
	known := false
	var names []string
	for _, d := range check.Depths() {
		known = known || d == cfg.Depth
		names = append(names, string(d))
	}
	switch {
	case !known:
		return app.Wrong("%s: there is no depth %s; there are %s", a.Source("depth"), app.Shown(f.depth), strings.Join(names, ", "))
	case f.budget < 1 || f.time < 0:
		return app.Wrong("%s and %s are positive; write --budget 3000, --time 2m", a.Source("budget"), a.Source("time"))
	}
	if cfg.Depth != check.Deep {
		for _, flag := range []string{"budget", "time", "seed"} {
			if changed(flag) {
				return app.Wrong("%s bounds a run of the depth deep, and this one is %s; add --depth deep, or leave it out", a.Source(flag), f.depth)
			}
		}
		return nil
	}
	cfg.Budget, cfg.DeepTime, cfg.Seed = f.budget, f.time, f.seed
	return nil
}
