package scenario

import (
	"context"
	"net/http"

	"github.com/sa-conformance/conformance/internal/probe"
)

const ForeignOrigin = "https://origin.invalid"

const oldProbe = "headers.old"

// OldList lists as HTTP/1.0 does.
func OldList() probe.Probe {
	return probe.Probe{Name: oldProbe, Run: func(ctx context.Context, s *probe.Session) {
		list := s.ListRequest()
		list.Old = true
		s.Send(ctx, OldStep, list)
	}}
}

// OldStep is the step that sends a request of HTTP/1.0.
const OldStep = "list"

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
