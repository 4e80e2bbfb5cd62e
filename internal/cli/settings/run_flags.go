package settings

import (
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/report/formats"
)

// RunFlags are the flags of "conformance run".
type RunFlags struct {
	TargetFlags
	SafetyFlags
	GateFlags
	OnlyFlags
	DepthFlags
	Concurrency              int
	await, revocation        time.Duration
	Set, Contract            string
	Profiles                 []string
	Focus, LabelFilter       string
	Strict, AcceptIncomplete bool
	Out, Events              string
	NoColor, Quiet           bool
	NoPreflight, Disguise    bool
}

func (f *RunFlags) Bind(s *pflag.FlagSet) {
	f.TargetFlags.Bind(s)
	f.BindReference(s)
	s.DurationVar(&f.await, "await", 5*time.Second, "how long reads may lag behind writes, and a new token may be refused")
	s.DurationVar(&f.revocation, "revocation-window", 5*time.Second, "how long a token may still work after rotation, as declared by the target's operator")
	s.IntVar(&f.Concurrency, "concurrency", 8, "probes at a time, 1 to 64 (\"conformance plan\" says how many requests one sends at once)")
	s.BoolVar(&f.NoPreflight, "no-preflight", false, "judge in any case: do not stop if the first requests show a wrong token, group, address or proxy")
	s.BoolVar(&f.Disguise, "disguise", false, "draw names, descriptions and header fields from what ordinary clients send, so that a target cannot tell the run by them")
	f.SafetyFlags.Bind(s)
	f.BindSet(s)
	f.BindContract(s)
	f.GateFlags.Bind(s)
	s.StringSliceVar(&f.Profiles, "profile", nil, "`PROFILE` to judge (repeatable): core, token, lifecycle, hardening")
	f.OnlyFlags.Bind(s)
	s.StringVar(&f.Focus, "focus", "", "`REGEXP` over section, id and statement: judge only what matches")
	s.StringVar(&f.LabelFilter, "label-filter", "", "Ginkgo label `FILTER`: judge only what matches")
	s.BoolVar(&f.Strict, "strict", false, "a failed SHOULD is an error, not a warning")
	s.BoolVar(&f.AcceptIncomplete, "accept-incomplete", false, "exit 0, not 3, if the verdict is incomplete")
	s.StringVar(&f.Out, "out", "", "`DIR` for the reports ("+strings.Join(formats.Files(), ", ")+") and recording.har")
	s.BoolVar(&f.NoColor, "no-color", false, "no colors")
	s.BoolVar(&f.Quiet, "quiet", false, "only failures, accounts that may be left, and the verdict")
}

// GateFlags are the flags that open a gate which the verdict would keep shut.
type GateFlags struct {
	Waivers, Baseline string
}

func (f *GateFlags) Bind(s *pflag.FlagSet) {
	s.StringVar(&f.Waivers, "waivers", "", "`FILE` of waivers: known failures that pass the gate until a day, and leave the verdict as it is")
	s.StringVar(&f.Baseline, "baseline", "", "`FILE` of an earlier run (report.json or recording.har): only what got worse since then fails the gate")
}
