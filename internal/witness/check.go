package witness

import (
	"fmt"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// mostApart is how far the clocks of run and witness may be apart.
const mostApart = 5 * time.Minute

// Comparison is what comes of comparing a recording with a testimony.
type Comparison struct {
	// Problems say what does not agree; none if all does.
	Problems []string
	// Compared counts the exchanges that agree: Headless those of them of which the recording lacks a part of the body, Loose
	// those that have a placeholder in the place of a text that does not look like a credential.
	Compared, Headless, Loose int
}

const (
	// mostProblems is how many problems are told.
	mostProblems = 5
	// mostLoose is how many exchanges may agree in part only.
	mostLoose = 20
)

// Compare finds for each exchange of a recording the entry of the witness, and for each entry the exchange.
func Compare(t *Testimony, recorded []*exchange.Exchange) (c Comparison) {
	problem := func(format string, args ...any) {
		if len(c.Problems) < mostProblems {
			c.Problems = append(c.Problems, fmt.Sprintf(format, args...))
		}
	}
	m := newMatcher(t)
	var rest []*exchange.Exchange
	agreed := func(e *exchange.Exchange) {
		if c.Compared++; e.Response != nil && cut(e) {
			c.Headless++
		}
	}
	for _, e := range recorded {
		switch {
		case unsent(e):
		case m.take(e, false):
			agreed(e)
		default:
			rest = append(rest, e)
		}
	}
	for _, e := range rest {
		if !m.take(e, true) {
			problem("the witness did not see the exchange %q as the recording has it", e.ID)
			continue
		}
		agreed(e)
		c.Loose++
	}
	if c.Loose > mostLoose {
		problem("%d exchanges agree only in part", c.Loose)
	}
	if !m.clocks.agree() {
		problem("the witness saw the exchanges at other times, or in another order, than the recording has them")
	}
	if left := m.left(); left > 0 {
		problem("the recording lacks %d of the exchanges that the witness saw", left)
	}
	return c
}

// unsent reports whether the witness cannot have seen an exchange.
func unsent(e *exchange.Exchange) bool {
	if e.Failure == nil || e.Response != nil {
		return false
	}
	return slices.Contains([]exchange.Kind{exchange.Limit, exchange.Local, exchange.Proxy, exchange.Other}, e.Failure.Kind)
}

// shortBody is the length in bytes up to which a recording has every body as a whole.
const shortBody = 8 << 10

// cut reports whether the recording lacks a part of a body.
func cut(e *exchange.Exchange) bool {
	return e.Response.Truncated || e.Response.Reduction != nil && e.Response.Reduction.Shortened
}
