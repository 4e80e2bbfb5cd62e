package scenario

import (
	"context"
	"net/http"

	"github.com/sa-conformance/conformance/internal/probe"
)

const ForeignOrigin = "https://origin.invalid"

// ForeignOrigins asks as a page of another origin would: once outright, once with a preflight.
func ForeignOrigins() probe.Probe {
	return probe.Probe{Name: "headers.origin", Run: func(ctx context.Context, s *probe.Session) {
		list := s.ListRequest()
		list.Header.Set("Origin", ForeignOrigin)
		s.Send(ctx, "origin-list", list)
		s.Send(ctx, "origin-preflight", probe.Request{
			Method: http.MethodOptions, Path: probe.Accounts(s.Target().Organization), As: probe.Nobody(),
			Header: http.Header{
				"Origin": {ForeignOrigin}, "Access-Control-Request-Method": {http.MethodPost},
				"Access-Control-Request-Headers": {"authorization,content-type"},
			},
		})
	}}
}
