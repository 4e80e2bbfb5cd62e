package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

// interruption is the cause of a context that a signal cancelled.
type interruption struct {
	signal os.Signal
}

func (i interruption) Error() string { return "interrupted: " + i.signal.String() }

// code is 128 and the number of the signal, as shells have it.
func (i interruption) code() int {
	if number, ok := i.signal.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return 128 + int(syscall.SIGINT)
}

// interrupted tells whether the context was cancelled, and the exit code of that.
func interrupted(ctx context.Context) (code int, ok bool) {
	var i interruption
	switch {
	case ctx.Err() == nil:
		return 0, false
	case errors.As(context.Cause(ctx), &i):
		return i.code(), true
	default:
		return interruption{os.Interrupt}.code(), true
	}
}

// stopped is the end of a command that a signal stopped while it judged.
func stopped(ctx context.Context) error {
	code, _ := interrupted(ctx)
	return &failure{code: code, text: "interrupted before everything was judged"}
}

// reads tells that a file is about to be opened and read. The function that it returns tells that this is over.
func (a *app) reads() (over func()) {
	a.reading.Add(1)
	return func() { a.reading.Add(-1) }
}

// gate lets writes through, one at a time, until it is shut.
type gate struct {
	mu   sync.Mutex
	w    io.Writer
	done atomic.Bool
}

func (g *gate) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.done.Load() {
		return 0, os.ErrClosed
	}
	return g.w.Write(p)
}

// shut does not wait for a write that is under way: it may be stuck.
func (g *gate) shut() { g.done.Store(true) }
