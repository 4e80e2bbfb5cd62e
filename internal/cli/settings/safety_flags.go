package settings

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
)

// LimitFlags bound what a run does to its target.
type LimitFlags struct {
	maxRequests, maxCreated int
	rps                     float64
	production              bool
}

func (f *LimitFlags) Bind(s *pflag.FlagSet) {
	s.IntVar(&f.maxRequests, "max-requests", 0, "`NUMBER` of requests at most, clean-up excepted (0: no limit)")
	s.IntVar(&f.maxCreated, "max-created", 0, "`NUMBER` of accounts created at most (0: no limit)")
	f.BindRate(s)
}

func (f *LimitFlags) BindRate(s *pflag.FlagSet) {
	s.Float64Var(&f.rps, "rps", 0, "`NUMBER` of requests a second at most, clean-up included (0: no limit)")
	s.BoolVar(&f.production, app.ProductionFlag, false, "run even if the target is known to be in production")
}

// SafetyFlags are the limits, and what becomes of a run that is cut short.
type SafetyFlags struct {
	LimitFlags
	Journal        string
	cleanupTimeout time.Duration
	maxTime        time.Duration
	maxCPU         time.Duration
}

func (f *SafetyFlags) Bind(s *pflag.FlagSet) {
	f.LimitFlags.Bind(s)
	f.BindJournal(s)
	s.DurationVar(&f.maxTime, "max-time", 0, "limit of the whole run, clean-up excepted\n"+
		"(default 15m, and with --rps what 600 requests take in addition)")
	s.DurationVar(&f.maxCPU, "max-cpu", usualCPU, "limit of the CPU time of the run, clean-up excepted (0: no limit)")
	s.DurationVar(&f.cleanupTimeout, "cleanup-timeout", 0, "limit of the clean-up, after an interrupt too (default 1m, and longer while accounts\n"+
		"are deleted)")
}

// usualCPU is many times what a run needs, --depth deep included.
const usualCPU = 10 * time.Minute

func (f *SafetyFlags) BindJournal(s *pflag.FlagSet) {
	s.StringVar(&f.Journal, "journal", "", "journal `FILE`, written before each create; off: none\n"+
		"(default with --target: conformance/journal.jsonl in $XDG_STATE_HOME or ~/.local/state)")
}

// SetSafety checks the limits and finds the journal. Without a target there is none, unless it is named.
func SetSafety(a *app.App, f *SafetyFlags, target string, cfg *engine.Config) error {
	cfg.MaxTime, cfg.MaxCPU = f.maxTime, f.maxCPU
	cfg.MaxRequests, cfg.MaxCreated, cfg.RPS = f.maxRequests, f.maxCreated, f.rps
	cfg.Production, cfg.CleanupTimeout = f.production, f.cleanupTimeout
	if flag, reason := cfg.WrongLimit(); flag != "" {
		return app.Wrong("%s%s", a.Source(flag), reason)
	}
	cfg.Journal = f.Journal
	if f.Journal != "" || target == "" {
		return nil
	}
	var err error
	if cfg.Journal, err = engine.DefaultJournal(a.Lookup); err != nil {
		return app.Wrong("%s", err.Error())
	}
	return nil
}
