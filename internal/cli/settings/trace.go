package settings

import (
	"context"
	"net/url"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/trace"
)

// endpointVariable names the collector of traces, as for every user of OpenTelemetry.
const endpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT"

// traceTime bounds the sending of what is left of the traces.
const traceTime = 3 * time.Second

// Traces exports spans of the runs of some configurations if there is a collector. The function that it returns sends the rest, once. What
// goes wrong is one warning: no verdict depends on it.
func Traces(ctx context.Context, a *app.App, runs ...*engine.Config) (func(), error) {
	endpoint, _ := a.Lookup(endpointVariable)
	if endpoint == "" {
		return func() {}, nil
	}
	address, err := url.Parse(endpoint)
	if err != nil || address.Host == "" || (address.Scheme != "http" && address.Scheme != "https") {
		return nil, app.Wrong("%s: %s is not an http or https URL of a collector", endpointVariable, app.Shown(endpoint))
	}
	exporter, err := trace.New(ctx, endpoint, a.Build.Version)
	if err != nil {
		return nil, app.Wrong("%s: %s", endpointVariable, app.Cause(err))
	}
	for _, cfg := range runs {
		cfg.Events = append(cfg.Events, exporter.Run())
	}
	return sync.OnceFunc(func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), traceTime)
		defer cancel()
		if err := exporter.Close(bounded); err != nil {
			a.Warn("%s: traces could not be sent: %s", endpointVariable, report.Shorten(report.Printable(app.Cause(err)), report.LineLength))
		}
	}), nil
}
