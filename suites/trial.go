package suites

import (
	"net/http"
	"time"
)

// ForTrial is the configuration of a run whose verdicts alone are of interest: nothing is journalled, shown or judged
// again, and Ginkgo is not used. The settle time is how long a target of its own may take to forget a token.
func (c Config) ForTrial(settle time.Duration) Config {
	c.Plain, c.Once, c.verdictsOnly, c.settle, c.Journal = true, true, true, settle, NoJournal
	return c
}

// InMemory is the configuration of a run that calls a server in memory in place of sending anything.
func (c Config) InMemory(server http.Handler) Config {
	c.inMemory = server
	return c
}
