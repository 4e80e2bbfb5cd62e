package witness

import (
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// clocks compares the clocks of run and witness. They may be apart, but by the same time throughout: the witness sends a request after
// the run does, and before the run has the response.
type clocks struct {
	noted         bool
	least, latest time.Duration
}

const (
	// mostDrift is how much the clocks may be set or drift during a run.
	mostDrift = 2 * time.Second
	// mostBeside is how much longer an exchange may take for the run than for the witness. The recording alone says how long it took.
	mostBeside = 30 * time.Second
)

// note takes an exchange and its entry into account.
func (c *clocks) note(entry *Entry, e *exchange.Exchange) {
	if e.Response == nil || entry.Broken || entry.Undelivered {
		return // the run may have given up before the witness began
	}
	apart := entry.Started.Sub(e.StartedAt)
	since := apart - min(e.Timings.Total, entry.Ended.Sub(entry.Started)+mostBeside)
	if !c.noted {
		c.noted, c.least, c.latest = true, since, apart
		return
	}
	c.least, c.latest = max(c.least, since), min(c.latest, apart)
}

// agree reports whether one difference of the clocks explains all that was noted.
func (c *clocks) agree() bool { return c.least <= c.latest+mostDrift }
