package engine

import (
	"context"
	"fmt"
	"sync"
)

// callbacks keeps what the user's functions did instead of returning.
type callbacks struct {
	mu    sync.Mutex
	first error
}

func (c *callbacks) fault() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first
}

// call calls a function of the user's in a goroutine of its own: neither a panic in it nor the end of its goroutine (t.Fatal)
// ends the process or the run in the middle. The first such fault is kept and returned.
func (c *callbacks) call(what string, f func()) error {
	done := make(chan error, 1)
	go func() {
		returned := false
		defer func() {
			switch cause := recover(); {
			case returned:
				done <- nil
			case cause != nil:
				done <- fmt.Errorf("%s panicked: %v", what, cause)
			default:
				done <- fmt.Errorf("%s did not return: it ended its goroutine, as t.Fatal does", what)
			}
		}()
		f()
		returned = true
	}()
	err := <-done
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first == nil {
		c.first = err
	}
	return err
}

// guard makes the functions of a configuration harmless.
func (c *callbacks) guard(cfg Config) Config {
	if cfg.Progress != nil {
		cfg.Progress = guarded{to: cfg.Progress, by: c}
	}
	if source := cfg.TokenSource; source != nil {
		cfg.TokenSource = func(ctx context.Context) (token string, err error) {
			if fault := c.call("TokenSource", func() { token, err = source(ctx) }); fault != nil {
				return "", fault
			}
			return token, err
		}
	}
	return cfg
}

// guarded is the user's Progress.
type guarded struct {
	to Progress
	by *callbacks
}

func (g guarded) Started(probes, checks int) {
	_ = g.by.call("Progress", func() { g.to.Started(probes, checks) }) // kept by callbacks
}

func (g guarded) Answered(probe string) {
	_ = g.by.call("Progress", func() { g.to.Answered(probe) }) // kept by callbacks
}

func (g guarded) Judged(id string, failed bool) {
	_ = g.by.call("Progress", func() { g.to.Judged(id, failed) }) // kept by callbacks
}

func (g guarded) Cleaning(accounts int) {
	_ = g.by.call("Progress", func() { g.to.Cleaning(accounts) }) // kept by callbacks
}

func (g guarded) Finished() {
	_ = g.by.call("Progress", g.to.Finished) // kept by callbacks
}
