// Package trace exports the requests of a run as spans over OTLP: each span is the one that the traceparent of its request names,
// so that the request is found in the tracing of the target. It sends nothing to a target.
package trace

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	otel "go.opentelemetry.io/otel/trace"

	"github.com/sa-conformance/conformance/internal/event"
)

// Exporter sends the spans of any number of runs to a collector.
type Exporter struct {
	provider *sdk.TracerProvider
	tracer   otel.Tracer
	sender   *sender
}

// Run is a handler of the events of one run.
type Run struct {
	*Exporter

	run otel.Span // nil before Started
}

// mostSpans is the number of spans that wait to be sent; a run has fewer. Those beyond it are dropped: no run waits for a collector.
const mostSpans = 20_000

// New makes an exporter to a collector that takes traces at an address. The variables of the SDK for headers, certificates and the like,
// such as OTEL_EXPORTER_OTLP_HEADERS, hold too.
func New(ctx context.Context, address, version string) (*Exporter, error) {
	client, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(address),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{Enabled: true, InitialInterval: 200 * time.Millisecond, MaxInterval: time.Second, MaxElapsedTime: 3 * time.Second}))
	if err != nil {
		return nil, fmt.Errorf("making the exporter of traces: %w", err)
	}
	service, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "conformance"), attribute.String("service.version", version)),
		resource.WithFromEnv()) // OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES
	if service == nil { // attributes that cannot be read are left out
		return nil, fmt.Errorf("reading the resource of traces: %w", err)
	}
	to := &sender{SpanExporter: client}
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(to, sdk.WithMaxQueueSize(mostSpans)), sdk.WithIDGenerator(generator{}), sdk.WithSampler(sdk.AlwaysSample()),
		sdk.WithResource(service),
	)
	return &Exporter{provider: provider, tracer: provider.Tracer("github.com/sa-conformance/conformance"), sender: to}, nil
}

// Run makes the handler of a run.
func (x *Exporter) Run() *Run { return &Run{Exporter: x} }

// sender keeps the first error of sending: the SDK would hand it to a handler of the process.
type sender struct {
	sdk.SpanExporter

	mu    sync.Mutex
	fault error
}

// ExportSpans sends spans.
func (s *sender) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := s.SpanExporter.ExportSpans(ctx, spans)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault == nil {
		s.fault = err
	}
	return nil
}

func (s *sender) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// Handle begins and ends the span of the run, and makes one for each exchange.
func (x *Run) Handle(e event.Event) {
	switch e.Kind {
	case event.Started:
		_, x.run = x.tracer.Start(context.Background(), "conformance run", otel.WithTimestamp(e.Time), otel.WithAttributes(
			attribute.String("conformance.run.id", e.RunID), attribute.String("conformance.target", e.Run.Target)))
	case event.Exchanged:
		if x.run != nil {
			x.exchange(e.RunID, e.Exchange)
		}
	case event.Finished:
		if x.run != nil {
			x.run.SetAttributes(attribute.String("conformance.verdict", string(e.Summary.Verdict)))
			x.run.End(otel.WithTimestamp(e.Time))
		}
	}
}

func (x *Run) exchange(runID string, e *event.Exchange) {
	ids, ok := parse(e.TraceParent)
	if !ok { // it was not sent
		return
	}
	ctx := context.WithValue(context.Background(), idsKey{}, ids)
	_, span := x.tracer.Start(ctx, e.Method+" "+e.ID, otel.WithNewRoot(), otel.WithSpanKind(otel.SpanKindClient), otel.WithTimestamp(e.StartedAt),
		otel.WithLinks(otel.Link{SpanContext: x.run.SpanContext()}), otel.WithAttributes(
			attribute.String("conformance.run.id", runID), attribute.String("conformance.exchange", e.ID), attribute.String("conformance.conversation", e.Conversation),
			attribute.String("conformance.operation", e.Operation), attribute.String("conformance.identity", e.Identity),
			attribute.String("http.request.method", e.Method)))
	if e.Status > 0 {
		span.SetAttributes(attribute.Int("http.response.status_code", e.Status))
	}
	if e.Failure != "" {
		span.SetStatus(codes.Error, e.Failure)
	}
	span.End(otel.WithTimestamp(e.StartedAt.Add(time.Duration(e.Seconds * float64(time.Second)))))
}

// Close sends what waits, until the context ends. The error is that of any sending that failed, the first one.
func (x *Exporter) Close(ctx context.Context) error {
	err := x.provider.Shutdown(ctx)
	if fault := x.sender.failed(); fault != nil {
		err = fault
	}
	if err != nil {
		return fmt.Errorf("sending the traces: %w", err)
	}
	return nil
}

type idsKey struct{}

// ids are those of a traceparent.
type ids struct {
	trace otel.TraceID
	span  otel.SpanID
}

// parse reads a traceparent of version 00 (W3C Trace Context).
func parse(parent string) (i ids, ok bool) {
	parts := strings.Split(parent, "-")
	if len(parts) != 4 {
		return i, false
	}
	var err error
	if i.trace, err = otel.TraceIDFromHex(parts[1]); err != nil {
		return i, false
	}
	i.span, err = otel.SpanIDFromHex(parts[2])
	return i, err == nil
}

// generator takes the ids of a span from its context, and makes others at random.
type generator struct{}

func (generator) NewIDs(ctx context.Context) (otel.TraceID, otel.SpanID) {
	if i, ok := ctx.Value(idsKey{}).(ids); ok {
		return i.trace, i.span
	}
	var i ids
	_, _ = rand.Read(i.trace[:]) // never fails: see crypto/rand
	_, _ = rand.Read(i.span[:])
	return i.trace, i.span
}

func (g generator) NewSpanID(ctx context.Context, _ otel.TraceID) otel.SpanID {
	_, span := g.NewIDs(ctx)
	return span
}
