package keyless

import (
	"context"
	"errors"
	"time"
)

// attempts is how often a service is asked that does not respond, or that says it cannot at the moment.
const attempts = 3

// temporary is an error that may not come again.
type temporary struct{ error }

// Unwrap is the error itself.
func (t temporary) Unwrap() error { return t.error }

// Retry calls do again after a pause if the error may not come again: a run that took long is over by then, and cannot be signed
// otherwise.
func Retry(ctx context.Context, pause time.Duration, do func() error) (err error) {
	for i := range attempts {
		if i > 0 {
			select {
			case <-ctx.Done():
				return err
			case <-time.After(pause):
			}
		}
		again := temporary{}
		if err = do(); err == nil || !errors.As(err, &again) {
			return err
		}
	}
	return err
}
