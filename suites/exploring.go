package suites

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exchange"
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

// longestConversation is how many operations one conversation of an exploration has at most.
const longestConversation = 120

// atTheEnd is the requirement that is judged by the list that a run reads after its last deletion. An exploration reads none.
const atTheEnd = "state.deletion.listed"

// Explore holds conversations that a seed chooses. A finding is held again before it counts, and made smaller.
func Explore(ctx context.Context, cfg Config, x Exploration) (*Explored, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	cfg.Plain, cfg.Once = true, true
	scripts := x.scripts()
	result, said, err := x.hold(ctx, suite, cfg, scripts)
	if result == nil || err != nil {
		return &Explored{Result: result}, err
	}
	explored := &Explored{Result: result, Searched: len(result.Recording.All())}
	failed, script, about := finding(result.Report, said, scripts)
	if failed == nil {
		return explored, nil
	}
	x.Time = 0
	shows := func(operations []explore.Operation) *engine.Result {
		smaller := script
		smaller.Operations = operations
		again, _, err := x.hold(ctx, suite, cfg, []explore.Script{smaller})
		if err != nil || again == nil {
			return nil
		}
		explored.Shrunk += len(again.Recording.All())
		if !slices.ContainsFunc(again.Report.Results, func(r report.Result) bool { return r.ID == failed.ID && r.Outcome == report.Fail }) {
			return nil
		}
		return again
	}
	again := shows(script.Operations)
	if again == nil {
		explored.Unrepeated = failed.ID + ": " + failed.Message
		return explored, nil
	}
	explored.Result = again
	spent := func() bool { return explored.Shrunk >= x.Shrink || ctx.Err() != nil }
	script.Operations = explore.Shrink(script.Operations, about, func(operations []explore.Operation) bool {
		smaller := shows(operations)
		if smaller != nil {
			explored.Result = smaller
		}
		return smaller != nil
	}, spent)
	script.Requirement = failed.ID
	explored.Script = &script
	return explored, nil
}

// scripts are the conversations of a search.
func (x Exploration) scripts() []explore.Script {
	all := slices.Clone(x.First)
	if x.Only {
		return all
	}
	for n := range max(x.Budget/longestConversation, 1) {
		all = append(all, explore.Script{Seed: x.Seed, Operations: explore.Generate(x.Seed, n, min(x.Budget, longestConversation))})
	}
	return all
}

// told remembers which operation of which conversation an exchange belongs to.
type told struct {
	mu sync.Mutex
	at map[string][2]int
}

// hold holds conversations, several at a time, and judges them by the checks of the model and of every response.
func (x Exploration) hold(ctx context.Context, suite *check.Suite, cfg Config, scripts []explore.Script) (*engine.Result, *told, error) {
	said := &told{at: map[string][2]int{}}
	var until time.Time
	if x.Time > 0 {
		until = time.Now().Add(x.Time)
	}
	var probes []probe.Probe
	for i, script := range scripts {
		probes = append(probes, probe.Probe{Name: fmt.Sprintf("explore.%d", i+1), Steps: len(script.Operations), Run: func(ctx context.Context, s *probe.Session) {
			explore.NewWorld(s).Play(ctx, script.Operations, until, func(n int, e *exchange.Exchange) {
				said.mu.Lock()
				defer said.mu.Unlock()
				said.at[e.ID] = [2]int{i, n}
			})
		}})
	}
	only := suite.Among(probes, func(c check.Check) bool {
		return c.Requirement.Level == spec.Must && c.Requirement.ID != atTheEnd && (strings.HasPrefix(c.Requirement.ID, "state.") || strings.HasPrefix(c.Requirement.ID, "contract."))
	})
	cfg.Profiles = []spec.Profile{}
	for _, c := range only.Checks() {
		if !slices.Contains(cfg.Profiles, c.Requirement.Profile) {
			cfg.Profiles = append(cfg.Profiles, c.Requirement.Profile)
		}
	}
	result, err := engine.Judge(ctx, only, cfg)
	return result, said, err
}

// finding is the first requirement that failed by itself, the conversation that shows it, and the number of the operation in
// it that the contradiction is about. A list may be read by another conversation than that which made the account in it.
func finding(r *report.Report, said *told, scripts []explore.Script) (failed *report.Result, script explore.Script, about int) {
	for i := range r.Results {
		failed = &r.Results[i]
		if failed.Outcome != report.Fail {
			continue
		}
		var places [][2]int
		for _, id := range failed.Evidence {
			if at, known := said.at[id]; known {
				places = append(places, at)
			}
		}
		if len(places) == 0 {
			continue
		}
		first, last := places[0], places[len(places)-1]
		if len(failed.Evidence) > 2 { // a check of every response, of which the last is at fault
			first = last
		}
		script = scripts[first[0]]
		if first[0] == last[0] {
			script.Operations = script.Operations[:last[1]+1]
		} else {
			script.Operations = append(slices.Clone(script.Operations), explore.Operation{Kind: explore.Settle})
		}
		return failed, script, first[1]
	}
	return nil, explore.Script{}, 0
}
