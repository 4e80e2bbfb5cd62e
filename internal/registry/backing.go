package registry

import (
	"fmt"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
)

// The names of the checks of what stands behind a certificate beside its signature.
const (
	CheckWitness   = "witness"
	CheckTimestamp = "timestamp"
	CheckRuns      = "runs"
)

// brokenOff is what a chain of runs calls a run that did not end.
const brokenOff = "broken off"

// Backing is what stands behind a certificate beside the signer's word.
type Backing struct {
	// Witness, Timestamp and Runs are for people; what there is none of says so.
	Witness, Timestamp, Runs string
	// Witnessed and Timestamped are set if the registry knows who signed, Whole if the chain of runs has no gap.
	Witnessed, Timestamped, Whole bool
}

// Short is what stands behind it in a few words.
func (b Backing) Short() string {
	var all []string
	if b.Witnessed {
		all = append(all, "witness")
	}
	if b.Timestamped {
		all = append(all, "timestamp")
	}
	if b.Whole {
		all = append(all, "all runs")
	}
	if all == nil {
		return "the signer’s word"
	}
	return strings.Join(all, ", ")
}

// Backing tells what stands behind a certificate.
func (r *Review) Backing() Backing {
	b := Backing{Witness: "none: who answered is the signer's word", Timestamp: "none: the time is the signer's word", Runs: "not told: red runs may have been left out"}
	v := r.Verification
	if v == nil {
		return b
	}
	if w := v.Witness; w != nil {
		switch {
		case !w.Trusted:
			b.Witness = "one that this registry does not know, whose word does not count; key id " + w.KeyID
		case len(w.Problems) > 0:
			b.Witness = "it contradicts the certificate: " + some(w.Problems)
		default:
			b.Witnessed = true
			b.Witness = fmt.Sprintf("%s, from %s: %d exchanges and %d requests of its own, %s to %s",
				choose(w.Held, "held the run itself", "saw what the recording says"), w.Vantage, w.Exchanges, w.Repeats, w.Started.UTC().Format(time.RFC3339), w.Ended.UTC().Format(time.RFC3339))
		}
	}
	if t := v.Timestamp; t != nil {
		b.Timestamped = t.Trusted
		b.Timestamp = t.Time.UTC().Format(time.RFC3339) + ", by " + t.Authority + choose(t.Trusted, "", ", which this registry does not know")
	}
	if v.Runs != nil {
		gaps := gapsOf(v)
		b.Whole = b.Witnessed && len(gaps) == 0
		b.Runs = v.Runs.String()
		if len(gaps) > 0 {
			b.Runs += "; gaps: " + strings.Join(gaps, ", ")
		}
		if !b.Witnessed {
			b.Runs += "; by the signer's word"
		}
	}
	return b
}

// gapsOf are the runs against the target of which nobody knows what they came to.
func gapsOf(v *certificate.Verification) (gaps []string) {
	if n := v.Runs.Verdicts[brokenOff]; n > 0 {
		gaps = append(gaps, fmt.Sprintf("%d did not end", n))
	}
	if missing := missingRuns(v); missing > 0 {
		gaps = append(gaps, fmt.Sprintf("%d that the witness saw are not in the chain", missing))
	}
	return gaps
}

// missingRuns counts the runs that a witness saw and the chain does not have.
func missingRuns(v *certificate.Verification) int {
	missing, _ := v.MissingRuns()
	return missing
}

// backed adds the checks of what stands behind the certificate. What is not demanded is to look at.
func (r *Review) backed(unmet map[string][]string) {
	b := r.Backing()
	for _, c := range []struct {
		name, found string
		met         bool
	}{{CheckWitness, b.Witness, b.Witnessed}, {CheckTimestamp, b.Timestamp, b.Timestamped}, {CheckRuns, b.Runs, b.Whole}} {
		switch {
		case len(unmet[c.name]) > 0:
			r.add(c.name, Failed, some(unmet[c.name]))
		case c.met:
			r.add(c.name, Met, c.found)
		default:
			r.add(c.name, Noted, c.found)
		}
	}
}

func choose(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// indexedWitness, indexedTimestamp and indexedRuns are Backing for programs.
type indexedWitness struct {
	KeyID string `json:"keyId"`
	// Known is set if the registry knows the witness, which does not contradict the certificate.
	Known     bool   `json:"known"`
	Held      bool   `json:"held"`
	Vantage   string `json:"vantage,omitempty"`
	Exchanges int    `json:"exchanges"`
}

type indexedTimestamp struct {
	Time      time.Time `json:"time"`
	Authority string    `json:"authority"`
	Known     bool      `json:"known"`
}

type indexedRuns struct {
	Number    int            `json:"number"`
	Against   int            `json:"against"`
	Witnessed int            `json:"witnessed"`
	Missing   int            `json:"missing"`
	Verdicts  map[string]int `json:"verdicts"`
}

// indexedBacking is what the index says of what stands behind a certificate.
func indexedBacking(r *Review) (w *indexedWitness, t *indexedTimestamp, runs *indexedRuns) {
	v := r.Verification
	if x := v.Witness; x != nil {
		w = &indexedWitness{KeyID: x.KeyID, Known: r.Backing().Witnessed}
		if w.Known {
			w.Held, w.Vantage, w.Exchanges = x.Held, x.Vantage, x.Exchanges
		}
	}
	if x := v.Timestamp; x != nil {
		t = &indexedTimestamp{Time: x.Time.UTC(), Authority: x.Authority, Known: x.Trusted}
	}
	if x := v.Runs; x != nil {
		runs = &indexedRuns{Number: x.Number, Against: x.Against, Witnessed: x.Witnessed, Missing: missingRuns(v), Verdicts: x.Verdicts}
	}
	return w, t, runs
}
