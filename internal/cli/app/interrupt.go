package app

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

// Interruption is the cause of a context that a signal cancelled.
type Interruption struct {
	Signal os.Signal
}

func (i Interruption) Error() string { return "interrupted: " + i.Signal.String() }

// Code is 128 and the number of the signal, as shells have it.
func (i Interruption) Code() int {
	if number, ok := i.Signal.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return 128 + int(syscall.SIGINT)
}

// Interrupted tells whether the context was cancelled, and the exit code of that.
func Interrupted(ctx context.Context) (code int, ok bool) {
	var i Interruption
	switch {
	case ctx.Err() == nil:
		return 0, false
	case errors.As(context.Cause(ctx), &i):
		return i.Code(), true
	default:
		return Interruption{os.Interrupt}.Code(), true
	}
}

// Stopped is the end of a command that a signal stopped while it judged.
func Stopped(ctx context.Context) error {
	code, _ := Interrupted(ctx)
	return &Failure{Code: code, Text: "interrupted before everything was judged"}
}

// Reads tells that a file is about to be opened and read. The function that it returns tells that this is over.
func (a *App) Reads() (over func()) {
	a.Reading.Add(1)
	return func() { a.Reading.Add(-1) }
}

// Gate lets writes through, one at a time, until it is shut.
type Gate struct {
	mu   sync.Mutex
	W    io.Writer
	done atomic.Bool
}

func (g *Gate) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.done.Load() {
		return 0, os.ErrClosed
	}
	return g.W.Write(p)
}

// Shut does not wait for a write that is under way: it may be stuck.
func (g *Gate) Shut() { g.done.Store(true) }
