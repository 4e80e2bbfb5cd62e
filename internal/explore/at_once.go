package explore

import (
	"context"
	"fmt"
	"sync"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// AtOnce sends operations at the same moment, and returns what came of them in their order; nil for one that cannot be sent.
func (w *World) AtOnce(ctx context.Context, prefix string, operations ...Operation) []*exchange.Exchange {
	found := make([]*exchange.Exchange, len(operations))
	barrier := probe.NewBarrier(len(operations))
	var wg sync.WaitGroup
	for i, o := range operations {
		request, wanted, ok := w.request(ctx, o)
		if !ok {
			return found
		}
		request.Together = barrier
		wg.Go(func() {
			found[i] = w.s.Send(ctx, fmt.Sprintf("%s%d-%s", prefix, i+1, o.Step()), request)
			w.note(o, wanted, found[i])
		})
	}
	wg.Wait()
	return found
}
