package engine

import (
	"context"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/wire"
)

// A run has a quarter of an hour, or what its rate makes of it, and no more than its deadline leaves for it.
func TestSchedule(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		cfg               Config
		send, over, clean time.Duration
	}{
		"default":        {Config{CleanupTimeout: time.Minute}, 15 * time.Minute, 0, time.Minute},
		"asked for":      {Config{CleanupTimeout: time.Minute, MaxTime: time.Hour}, time.Hour, 0, time.Minute},
		"slow by order":  {Config{CleanupTimeout: time.Minute, RPS: 0.5}, 35 * time.Minute, 0, time.Minute},
		"far deadline":   {Config{CleanupTimeout: time.Minute, MaxTime: time.Minute, Deadline: now.Add(10 * time.Minute)}, time.Minute, 595 * time.Second, time.Minute},
		"usual deadline": {Config{CleanupTimeout: time.Minute, Deadline: now.Add(10 * time.Minute)}, 535 * time.Second, 595 * time.Second, time.Minute},
		"near deadline":  {Config{CleanupTimeout: time.Minute, Deadline: now.Add(20 * time.Second)}, 8 * time.Second, 18 * time.Second, 10 * time.Second},
	} {
		cfg, s, err := test.cfg.schedule(now, 0)
		if err != nil || s.sendUntil.Sub(now) != test.send || cfg.CleanupTimeout != test.clean {
			t.Errorf("%s: it sends for %s, cleans up for %s, error %v", name, s.sendUntil.Sub(now), cfg.CleanupTimeout, err)
		}
		if test.over == 0 != s.over.IsZero() || test.over > 0 && s.over.Sub(now) != test.over {
			t.Errorf("%s: it is over at %s", name, s.over)
		}
	}
}

// A run that has used its CPU time sends nothing more, and says why; without a limit nothing is measured.
func TestScheduleEndsWhenTheCPUTimeIsUsed(t *testing.T) {
	_, s, err := Config{MaxCPU: time.Minute}.schedule(time.Now(), 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	tick, used := make(chan time.Time), time.Duration(0)
	go s.watch(ctx, tick, func() time.Duration { used += 40 * time.Second; return used }, cancel)
	tick <- time.Time{}
	if ctx.Err() != nil {
		t.Error("it ends before the limit")
	}
	tick <- time.Time{}
	<-ctx.Done()
	const want = "the limit of 1m0s of CPU time for the run (--max-cpu) was reached"
	if why := wire.Why(ctx); why != want || !s.hit(why) || s.hit("another reason") {
		t.Errorf("it ends for %q", why)
	}
}
