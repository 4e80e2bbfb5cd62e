package cli

import (
	"context"
	"net/url"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/trace"
)

// endpointVariable names the collector of traces, as for every user of OpenTelemetry.
const endpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT"

// traceTime bounds the sending of what is left of the traces.
const traceTime = 5 * time.Second

// traces exports spans of the run if there is a collector. The function that it returns sends the rest. What goes wrong is a warning:
// the verdict does not depend on it.
func (a *app) traces(ctx context.Context, cfg *engine.Config) (func(), error) {
	endpoint, _ := a.Lookup(endpointVariable)
	if endpoint == "" {
		return func() {}, nil
	}
	address, err := url.Parse(endpoint)
	if err != nil || address.Host == "" || (address.Scheme != "http" && address.Scheme != "https") {
		return nil, wrong("%s: %s is not an http or https URL of a collector", endpointVariable, shown(endpoint))
	}
	exporter, err := trace.New(ctx, endpoint, a.Build.Version)
	if err != nil {
		return nil, wrong("%s: %s", endpointVariable, cause(err))
	}
	cfg.Events = append(cfg.Events, exporter)
	return func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), traceTime)
		defer cancel()
		if err := exporter.Close(bounded); err != nil {
			a.warn("%s: the traces could not be sent: %s", endpointVariable, cause(err))
		}
	}, nil
}
