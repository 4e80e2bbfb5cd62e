package settings

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/trace"
)

// The variables say where traces go and whether, as for every user of OpenTelemetry.
const (
	endpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT"
	tracesVariable   = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" // the whole address; it comes first
)

// collector is the variable that names the collector of traces, and the address that gets them; "" for none.
func collector(a *app.App) (variable, address string, err error) {
	value := func(name string) string {
		text, _ := a.Lookup(name)
		return strings.TrimSpace(text)
	}
	variable, address = tracesVariable, value(tracesVariable)
	if address == "" {
		variable, address = endpointVariable, value(endpointVariable)
	}
	exporters := value("OTEL_TRACES_EXPORTER")
	if address == "" || strings.EqualFold(value("OTEL_SDK_DISABLED"), "true") || exporters != "" && !strings.Contains(exporters, "otlp") {
		return variable, "", nil
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"} {
		if protocol := value(name); protocol != "" {
			if protocol != "http/protobuf" {
				a.Warn("%s: traces are sent by http/protobuf only, and not by %s: none are sent", name, app.Shown(protocol))
				return variable, "", nil
			}
			break
		}
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return "", "", app.Wrong("%s: %s is not an http or https URL of a collector", variable, app.Shown(address))
	}
	if variable == endpointVariable {
		parsed = parsed.JoinPath("v1", "traces")
	}
	return variable, parsed.String(), nil
}

// traceTime bounds the sending of what is left of the traces.
const traceTime = 3 * time.Second

// Traces exports spans of the runs of some configurations if there is a collector. The function that it returns sends the rest, once. What
// goes wrong is one warning: no verdict depends on it.
func Traces(ctx context.Context, a *app.App, runs ...*engine.Config) (func(), error) {
	variable, address, err := collector(a)
	switch {
	case err != nil:
		return nil, err
	case address == "":
		return func() {}, nil
	}
	exporter, err := trace.New(ctx, address, a.Build.Version)
	if err != nil {
		return nil, app.Wrong("%s: %s", variable, app.Cause(err))
	}
	for _, cfg := range runs {
		cfg.Events = append(cfg.Events, exporter.Run())
	}
	return sync.OnceFunc(func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), traceTime)
		defer cancel()
		if err := exporter.Close(bounded); err != nil {
			a.Warn("%s: traces could not be sent: %s", variable, report.Shorten(report.Printable(app.Cause(err)), report.LineLength))
		}
	}), nil
}
