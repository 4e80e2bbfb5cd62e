package cli

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/engine"
)

// productionFlag says that a host in production is meant. Whoever means it says so anew each time.
const productionFlag = "i-know-this-is-production"

// limitFlags bound what a run does to its target.
type limitFlags struct {
	maxRequests, maxCreated int
	rps                     float64
	production              bool
}

func (f *limitFlags) bind(s *pflag.FlagSet) {
	s.IntVar(&f.maxRequests, "max-requests", 0, "`NUMBER` of requests at most, clean-up excepted (0: no limit)")
	s.IntVar(&f.maxCreated, "max-created", 0, "`NUMBER` of accounts created at most (0: no limit)")
	f.bindRate(s)
}

func (f *limitFlags) bindRate(s *pflag.FlagSet) {
	s.Float64Var(&f.rps, "rps", 0, "`NUMBER` of requests a second at most, clean-up included (0: no limit)")
	s.BoolVar(&f.production, productionFlag, false, "run even if the target is known to be in production")
}

// safetyFlags are the limits, and what becomes of a run that is cut short.
type safetyFlags struct {
	limitFlags
	journal        string
	cleanupTimeout time.Duration
	maxTime        time.Duration
	maxCPU         time.Duration
}

func (f *safetyFlags) bind(s *pflag.FlagSet) {
	f.limitFlags.bind(s)
	f.bindJournal(s)
	s.DurationVar(&f.maxTime, "max-time", 0, "limit of the whole run, clean-up excepted\n"+
		"(default 15m, and with --rps what 600 requests take in addition)")
	s.DurationVar(&f.maxCPU, "max-cpu", usualCPU, "limit of the CPU time of the run, clean-up excepted (0: no limit)")
	s.DurationVar(&f.cleanupTimeout, "cleanup-timeout", 0, "limit of the clean-up, after an interrupt too (default 1m, and longer while accounts\n"+
		"are deleted)")
}

// usualCPU is many times what a run needs, --depth deep included.
const usualCPU = 10 * time.Minute

func (f *safetyFlags) bindJournal(s *pflag.FlagSet) {
	s.StringVar(&f.journal, "journal", "", "journal `FILE`, written before each create; off: none\n"+
		"(default with --target: conformance/journal.jsonl in $XDG_STATE_HOME or ~/.local/state)")
}

// safety checks the limits and finds the journal. Without a target there is none, unless it is named.
func (a *app) safety(f *safetyFlags, target string, cfg *engine.Config) error {
	cfg.MaxTime, cfg.MaxCPU = f.maxTime, f.maxCPU
	cfg.MaxRequests, cfg.MaxCreated, cfg.RPS = f.maxRequests, f.maxCreated, f.rps
	cfg.Production, cfg.CleanupTimeout = f.production, f.cleanupTimeout
	if flag, reason := cfg.WrongLimit(); flag != "" {
		return wrong("%s%s", a.source(flag), reason)
	}
	cfg.Journal = f.journal
	if f.journal != "" || target == "" {
		return nil
	}
	var err error
	if cfg.Journal, err = engine.DefaultJournal(a.Lookup); err != nil {
		return wrong("%s", err.Error())
	}
	return nil
}

// remedy notes the command that removes what a run leaves when it is stopped at once.
func (a *app) remedy(command string) {
	if command != "" {
		a.sweep.Store(&command)
	}
}

func (a *app) remedied() string {
	if command := a.sweep.Load(); command != nil {
		return "; remove them: " + *command
	}
	return ""
}
