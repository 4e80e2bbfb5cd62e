package engine

import (
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/wire"
)

// A clean-up whose time is over says that, and not that the run was interrupted.
func TestWhyACleanUpEnds(t *testing.T) {
	t.Parallel()
	run := probe.New(probe.Target{}, probe.Limits{}, "1a2b", redact.New(), time.Now)
	for name, test := range map[string]struct {
		c    cleaning
		want string
	}{
		"asked for":         {cleaning{timeout: time.Millisecond}, "the clean-up was not done within 1ms (--cleanup-timeout)"},
		"nothing to delete": {cleaning{timeout: time.Millisecond, pacing: true, run: run}, "the clean-up deleted nothing for 1ms; --cleanup-timeout gives it longer"},
		"deadline":          {cleaning{timeout: time.Hour, schedule: schedule{over: time.Now()}}, "the time of the clean-up until the deadline of the test was used up"},
	} {
		ctx, cancel := test.c.bounded(t.Context())
		<-ctx.Done()
		if why := wire.Why(ctx); why != test.want {
			t.Errorf("%s: %s", name, why)
		}
		cancel()
	}
}
