package certificate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/runs"
)

// Runs is what the vendor's chain of runs says of the target.
type Runs struct {
	// Number is that of this run in the chain.
	Number int `json:"number"`
	// Against counts the runs against the target, this one included, and Witnessed those of them that a witness saw.
	Against   int `json:"against"`
	Witnessed int `json:"witnessed"`
	// Verdicts counts what these runs came to.
	Verdicts map[string]int `json:"verdicts"`

	chain  *runs.Chain
	target string
}

func (r Runs) String() string {
	var parts []string
	for _, verdict := range slices.Sorted(maps.Keys(r.Verdicts)) {
		parts = append(parts, fmt.Sprintf("%s %d", verdict, r.Verdicts[verdict]))
	}
	return fmt.Sprintf("number %d of the vendor's chain; against this target: %s", r.Number, strings.Join(parts, ", "))
}

// runs reads the chain of a bundle, which has to end with this run.
func (v *Verification) runs(b *Bundle) {
	data := b.Member(RunsFile)
	if data == nil || v.Claims == nil {
		return
	}
	chain, err := runs.Parse(data)
	if err != nil {
		v.missing(RunsFile, "it is no chain of runs: "+err.Error())
		return
	}
	if len(chain.Lines) == 0 {
		v.missing(RunsFile, "it has no runs")
		return
	}
	last := chain.Lines[len(chain.Lines)-1]
	if last.Run != v.Claims.RunID || last.Verdict != string(v.Claims.Verdict) || last.Target != Canonical(v.Claims.Target.URL) {
		v.missing(RunsFile, "it does not end with this run")
		return
	}
	v.Runs = &Runs{Number: last.Number, chain: chain, target: last.Target}
	v.Runs.Against, v.Runs.Witnessed, v.Runs.Verdicts = chain.Count(last.Target)
}

// MissingRuns counts the runs against the target that a trusted witness counted or was told of, and that the chain does not have. It
// is another chain if it lacks what the witness was told of.
func (v *Verification) MissingRuns() (missing int, other bool) {
	if v.Runs == nil || v.Witness == nil || !v.Witness.Trusted {
		return 0, false
	}
	lost := 0
	for _, line := range v.Witness.runs {
		if !v.Runs.chain.Begins(v.Runs.target, line) {
			lost++
		}
	}
	return max(lost, v.Witness.Number-v.Runs.Witnessed), lost > 0
}

// unmetRuns lists what is demanded of the chain and not there. The witness counts, too.
func (v *Verification) unmetRuns() (lines []string) {
	if v.Runs == nil {
		return []string{"the chain of runs is required, and the bundle has none"}
	}
	missing, other := v.MissingRuns()
	if other {
		lines = append(lines, fmt.Sprintf("the chain of runs is required, and this is another one: it lacks %d of the runs against the target of whose beginning the witness was told", missing))
	}
	if v.Witness != nil && v.Witness.Trusted && v.Witness.Number > v.Runs.Witnessed {
		lines = append(lines, fmt.Sprintf("the chain of runs is required, and runs were left out: the witness saw %d runs against the target, and the chain has %d of them",
			v.Witness.Number, v.Runs.Witnessed))
	}
	return lines
}
