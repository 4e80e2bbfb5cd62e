package exploration

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/explore"
	"github.com/sa-conformance/conformance/internal/report"
)

// conversationName begins the names of the conversations of an exploration. The number of the script follows.
const conversationName = "explore."

// suspicion is a requirement that failed, and a conversation that may show it again.
type suspicion struct {
	failed report.Result
	script explore.Script
	// about is the number of the operation that the contradiction is about.
	about int
}

// mostSuspicions bounds the conversations that are held again before a contradiction counts.
const mostSuspicions = 6

// mostTelling is the number of exchanges from which on they say little of what is at fault.
const mostTelling = 3

// place is an operation of a script.
type place struct{ script, operation int }

// suspicions are conversations that may show again what failed, the shortest first.
func suspicions(result *engine.Result, scripts []explore.Script) []suspicion {
	at := places(result)
	var all []suspicion
	for _, failed := range result.Report.Results {
		if failed.Outcome != report.Fail {
			continue
		}
		var seen []place
		for _, id := range failed.Evidence {
			if p, known := at[id]; known {
				seen = append(seen, p)
			}
		}
		for id, p := range at {
			if strings.Contains(failed.Message, id+":") { // a check of every response names the one that is at fault
				seen = []place{p}
			}
		}
		all = append(all, suspicionsOf(failed, seen, scripts)...)
	}
	// A short conversation costs little, and says most.
	slices.SortStableFunc(all, func(a, b suspicion) int { return cmp.Compare(len(a.script.Operations), len(b.script.Operations)) })
	return all[:min(len(all), mostSuspicions)]
}

// places tells the operation that each exchange belongs to, by the id of the exchange.
func places(result *engine.Result) map[string]place {
	all := map[string]place{}
	for _, e := range result.Recording.All() {
		name, ours := strings.CutPrefix(e.Probe, conversationName)
		number, _, _ := strings.Cut(strings.TrimPrefix(e.Step, explore.DeadPrefix), "-")
		script, err := strconv.Atoi(name)
		operation, notNumbered := strconv.Atoi(number)
		if ours && err == nil && notNumbered == nil {
			all[e.ID] = place{script, operation}
		}
	}
	return all
}

// suspicionsOf are the conversations that may show one failure again. A list may be read by another conversation than the one
// that made the account in it, and an account may be hurt by another conversation.
func suspicionsOf(failed report.Result, seen []place, scripts []explore.Script) []suspicion {
	if len(seen) == 0 { // the first request of a run shows it, whatever follows
		return []suspicion{{failed: failed, script: scripts[0]}}
	}
	first, last := seen[0], seen[len(seen)-1]
	if len(failed.Evidence) >= mostTelling { // a check of every response, of which the last is at fault
		first = last
	}
	script := scripts[first.script]
	if first.script == last.script {
		whole := script
		script.Operations = script.Operations[:min(last.operation+1, len(script.Operations))]
		return []suspicion{{failed, script, first.operation}, {failed, whole, first.operation}}
	}
	alone, both := script, script
	alone.Operations = append(slices.Clone(script.Operations), explore.Operation{Kind: explore.Settle})
	both.Operations = explore.Join(script.Operations, scripts[last.script].Operations[:last.operation+1])
	return []suspicion{{failed, alone, first.operation}, {failed, both, first.operation}}
}
