package wire

import (
	"context"
	"errors"
)

// Ended is the cause of a context that ends a run before it is over.
type Ended struct {
	// Reason says why, in a clause for reports.
	Reason string
}

func (e *Ended) Error() string { return e.Reason }

// Interrupted is the reason of a run whose context ended for no other one.
const Interrupted = "the run was interrupted"

// Why says in a clause why ctx ended: the reason of its cause, or that the run was interrupted.
func Why(ctx context.Context) string {
	var e *Ended
	if errors.As(context.Cause(ctx), &e) {
		return e.Reason
	}
	return Interrupted
}
