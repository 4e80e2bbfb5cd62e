package scenario

import (
	"context"

	"github.com/sa-conformance/conformance/internal/discovery"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// DiscoveryDocuments reads the documents that a target publishes, and asks for userinfo, all without credentials.
func DiscoveryDocuments() probe.Probe {
	return probe.Probe{Name: "discovery.documents", Run: func(ctx context.Context, s *probe.Session) {
		found := discovery.Discover(ctx, s)
		s.Send(ctx, "protected-resource", discovery.Anonymous(discovery.ResourcePath))
		s.Send(ctx, "userinfo", discovery.Anonymous(found.Userinfo))
		s.Send(ctx, "userinfo-garbage", discovery.UserinfoRequest(found.Userinfo, probe.Bearer("garbage", "this-is-no-token-"+s.Mark())))
	}}
}

// NamesOf are the names of the keys of a key set, and the number of keys: -1 if it holds no array of them.
func NamesOf(set *exchange.Exchange) (names []string, count int) {
	keys, _ := set.Member("/keys")
	items, ok := keys.([]any)
	if !ok {
		return nil, -1
	}
	for _, item := range items {
		kid, _ := exchange.Lookup(item, "/kid")
		if name, _ := kid.(string); name != "" {
			names = append(names, name)
		}
	}
	return names, len(items)
}
