package exchange

import "context"

// Purpose is what a request is for, as it is known before it is sent: conversation, step, and whose credential it has.
type Purpose struct{ Probe, Step, Identity string }

// Purpose is that of the request of the exchange.
func (e *Exchange) Purpose() Purpose { return Purpose{e.Probe, e.Step, e.Identity} }

type purposeKey struct{}

// WithPurpose tells whoever sends a request what it is for.
func WithPurpose(ctx context.Context, p Purpose) context.Context {
	return context.WithValue(ctx, purposeKey{}, p)
}

// PurposeOf is what the request of a context is for; the zero value if nobody said so.
func PurposeOf(ctx context.Context) Purpose {
	p, _ := ctx.Value(purposeKey{}).(Purpose)
	return p
}
