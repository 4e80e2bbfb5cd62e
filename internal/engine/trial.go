package engine

import (
	"cmp"
	"net/http"
	"time"
)

// Tuning changes what operators do not: the times and ways of runs against targets that are near.
type Tuning struct {
	// Settle is how long replicas may differ after a token was refused first, and Patience how long a target is waited for
	// that asks for patience; 0 leaves them.
	Settle, Patience time.Duration
	// Flagless takes no notice of the flags of Ginkgo.
	Flagless bool
}

// Tuned is the configuration with what a tuning sets.
func (c Config) Tuned(t Tuning) Config {
	c.settle, c.patience = cmp.Or(t.Settle, c.settle), cmp.Or(t.Patience, c.patience)
	c.flagless = c.flagless || t.Flagless
	return c
}

// ForTrial is the configuration of a run whose verdicts alone are of interest: nothing is journalled, shown or judged
// again, and Ginkgo is not used.
func (c Config) ForTrial() Config {
	c.Plain, c.Once, c.verdictsOnly, c.Journal = true, true, true, NoJournal
	return c
}

// InMemory is the configuration of a run that calls a server in memory and sends nothing.
func (c Config) InMemory(server http.Handler) Config {
	c.inMemory = server
	return c
}

// Embedded reports whether the target is the reference inside the process. It is known once the configuration is complete.
func (c Config) Embedded() bool { return c.embedded }

// Renews reports whether the operator's token is renewed in the middle of a run.
func (c Config) Renews() bool { return c.renew != nil }
