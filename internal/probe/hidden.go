package probe

import (
	"context"
	"slices"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// sampled is how many of the accounts that a clean-up deleted are looked at once more.
const sampled = 2

// hiding says why accounts that no list shows any more may still be there; "" if nothing tells so. A target may hide what it
// should delete: then the account's token goes on working (contract section 3).
func (c *cleaner) hiding(ctx context.Context) string {
	window := max(c.run.limits.Revocation, deletionShare*c.run.limits.Await)
	for _, token := range c.tokensOfDeleted() {
		request := c.ListRequest()
		request.As = Bearer("account", token)
		e := c.await(ctx, "token-of-deleted", request, window, func(e *exchange.Exchange) bool { return !e.Success() })
		if e.Success() {
			return "the access token of an account still works that was deleted and that no list shows: it may be hidden, and not deleted"
		}
	}
	return ""
}

// tokensOfDeleted are the last tokens of the first and of the last account that the clean-up deleted.
func (c *cleaner) tokensOfDeleted() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, order := map[string]string{}, []string{}
	for _, e := range c.run.recording.All() {
		if e.Operation != CreateOperation && e.Operation != RotateOperation || !e.Success() {
			continue
		}
		key, token := canonical(e.AccountID()), e.AccessToken()
		if !c.done[key] || !fitForHeader(token) {
			continue
		}
		if last[key] == "" {
			order = append(order, key)
		}
		last[key] = token
	}
	if len(order) > sampled {
		order = []string{order[0], order[len(order)-1]}
	}
	var tokens []string
	for _, key := range order {
		if token := last[key]; !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	return tokens
}
