package suites

import (
	"context"
	"net/http"

	"github.com/sa-conformance/conformance/internal/probe"
)

const foreignOrigin = "https://origin.invalid"

// foreignOrigins asks as a page of another origin would: once outright, once with a preflight.
func foreignOrigins() probe.Probe {
	return probe.Probe{Name: "headers.origin", Run: func(ctx context.Context, s *probe.Session) {
		list := s.ListRequest()
		list.Header.Set("Origin", foreignOrigin)
		s.Send(ctx, "origin-list", list)
		s.Send(ctx, "origin-preflight", probe.Request{
			Method: http.MethodOptions, Path: probe.Accounts(s.Target().Organization), As: probe.Nobody(),
			Header: http.Header{
				"Origin": {foreignOrigin}, "Access-Control-Request-Method": {http.MethodPost},
				"Access-Control-Request-Headers": {"authorization,content-type"},
			},
		})
	}}
}
