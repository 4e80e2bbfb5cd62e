// Package exploration searches a target for a contradiction by conversations that a seed chooses. It holds a finding again before
// it counts, and makes its conversation smaller.
package exploration

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Exploration says how to explore a target.
type Exploration struct {
	// Seed chooses the operations, about Budget of them in all.
	Seed   uint64
	Budget int
	// Time bounds the search; 0: no bound.
	Time time.Duration
	// First are conversations that are held before those that the seed chooses, and Only leaves those out.
	First []explore.Script
	Only  bool
	// Shrink bounds the requests that make a finding smaller; 0: none.
	Shrink int
}

// Explored is what an exploration comes to.
type Explored struct {
	// Result is that of the smallest conversation that shows the finding, or of the search if it found nothing.
	*engine.Result
	// Script is the smallest conversation that shows the finding; nil if there is none.
	Script *explore.Script
	// Searched is the number of requests of the search, and Shrunk that of the requests that made the finding smaller.
	Searched, Shrunk int
	// Unrepeated is the requirement that failed once and not again; "" for none.
	Unrepeated string
}

// atTheEnd is the requirement that is judged by the list that a run reads after its last deletion. An exploration reads none.
const atTheEnd = "state.deletion.listed"

// Explore holds conversations that a seed chooses. A finding is held again before it counts, and made smaller.
func Explore(ctx context.Context, suite *check.Suite, cfg engine.Config, x Exploration) (*Explored, error) {
	cfg.Plain, cfg.Once = true, true
	scripts := x.scripts()
	result, err := x.hold(ctx, suite, cfg, scripts)
	if result == nil || err != nil {
		return &Explored{Result: result}, err
	}
	explored := &Explored{Result: result, Searched: len(result.Recording.All())}
	suspects := suspicions(result, scripts)
	if len(suspects) == 0 {
		return explored, nil
	}
	x.Time = 0
	shows := func(requirement string, script explore.Script) bool {
		again, err := x.hold(ctx, suite, cfg, []explore.Script{script})
		if err != nil || again == nil {
			return false
		}
		explored.Shrunk += len(again.Recording.All())
		if !slices.ContainsFunc(again.Report.Results, func(r report.Result) bool { return r.ID == requirement && r.Outcome == report.Fail }) {
			return false
		}
		explored.Result = again
		return true
	}
	repeated := slices.IndexFunc(suspects, func(s suspicion) bool { return ctx.Err() == nil && shows(s.failed.ID, s.script) })
	if repeated < 0 {
		explored.Unrepeated = suspects[0].failed.ID + ": " + suspects[0].failed.Message
		return explored, nil
	}
	script, about := suspects[repeated].script, suspects[repeated].about
	script.Requirement = suspects[repeated].failed.ID
	spent := func() bool { return explored.Shrunk >= x.Shrink || ctx.Err() != nil }
	script.Operations = explore.Shrink(script.Operations, about, func(operations []explore.Operation) bool {
		return shows(script.Requirement, explore.Script{Seed: script.Seed, Operations: operations})
	}, spent)
	explored.Script = &script
	return explored, nil
}

// scripts are the conversations of a search.
func (x Exploration) scripts() []explore.Script {
	all := slices.Clone(x.First)
	if x.Only {
		return all
	}
	for n := range max(x.Budget/explore.LongestConversation, 1) {
		all = append(all, explore.Script{Seed: x.Seed, Operations: explore.Generate(x.Seed, n, min(x.Budget, explore.LongestConversation))})
	}
	return all
}

// hold holds conversations, several at a time, and judges them by the checks of the model and of every response.
func (x Exploration) hold(ctx context.Context, suite *check.Suite, cfg engine.Config, scripts []explore.Script) (*engine.Result, error) {
	var until time.Time
	if x.Time > 0 {
		until = time.Now().Add(x.Time)
	}
	var probes []probe.Probe
	for i, script := range scripts {
		probes = append(probes, probe.Probe{Name: fmt.Sprintf("%s%d", conversationName, i), Steps: len(script.Operations), Run: func(ctx context.Context, s *probe.Session) {
			explore.NewWorld(s).Play(ctx, script.Operations, until)
		}})
	}
	only := suite.Among(probes, judgesEverything)
	cfg.Profiles = []spec.Profile{}
	for _, c := range only.Checks() {
		if !slices.Contains(cfg.Profiles, c.Requirement.Profile) {
			cfg.Profiles = append(cfg.Profiles, c.Requirement.Profile)
		}
	}
	return engine.Judge(ctx, only, cfg)
}

// judgesEverything reports whether a check is a MUST about every response, whatever conversation it belongs to.
func judgesEverything(c check.Check) bool {
	if c.Requirement.Level != spec.Must || c.Requirement.ID == atTheEnd {
		return false
	}
	return slices.ContainsFunc([]string{"state.", "contract.", "token.every."}, func(area string) bool { return strings.HasPrefix(c.Requirement.ID, area) })
}
