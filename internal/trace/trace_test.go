package trace_test

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/trace"
)

// A collector gets a span of the run, and for each request the span that its traceparent names, linked to the run.
func TestSpans(t *testing.T) {
	var mu sync.Mutex
	spans := map[string]*tracepb.Span{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var request collector.ExportTraceServiceRequest
		if err := proto.Unmarshal(body, &request); err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%v at %s", err, r.URL.Path)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, resource := range request.GetResourceSpans() {
			for _, scope := range resource.GetScopeSpans() {
				for _, span := range scope.GetSpans() {
					spans[hex.EncodeToString(span.GetTraceId())+"-"+hex.EncodeToString(span.GetSpanId())] = span
				}
			}
		}
	}))
	defer server.Close()
	exporter, err := trace.New(t.Context(), server.URL+"/v1/traces", "v1")
	if err != nil {
		t.Fatal(err)
	}
	const ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"
	stream := event.NewStream("run-1", time.Now, exporter.Run())
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	stream.Emit(event.Event{Kind: event.Started, Run: &event.Run{Target: "https://target.example"}})
	stream.Emit(event.Event{Kind: event.Exchanged, Exchange: &event.Exchange{
		ID: "create.minimal/create", Method: "POST", StartedAt: began, Seconds: 0.25, Status: 201, TraceParent: "00-" + ids + "-01",
	}})
	stream.Emit(event.Event{Kind: event.Exchanged, Exchange: &event.Exchange{ID: "not.sent/at-all", Method: "POST", Failure: "limit: none"}})
	stream.Emit(event.Event{Kind: event.Finished, Summary: &event.Summary{Verdict: "conformant"}})
	if err := exporter.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(spans) != 2 || spans[ids] == nil {
		t.Fatalf("%d spans: %v", len(spans), spans)
	}
	span := spans[ids]
	if span.GetKind() != tracepb.Span_SPAN_KIND_CLIENT || len(span.GetParentSpanId()) != 0 || len(span.GetLinks()) != 1 ||
		span.GetEndTimeUnixNano()-span.GetStartTimeUnixNano() != 250_000_000 {
		t.Errorf("%v", span)
	}
	link := span.GetLinks()[0]
	run := spans[hex.EncodeToString(link.GetTraceId())+"-"+hex.EncodeToString(link.GetSpanId())]
	if run == nil || run.GetName() != "conformance run" {
		t.Errorf("it is linked to %v", run)
	}
}

// A collector that is not there, that never responds and that refuses is an error of Close, in time.
func TestDeadCollectors(t *testing.T) {
	over := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	defer silent.Close()
	defer close(over)
	gone := httptest.NewServer(nil)
	gone.Close()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer refusing.Close()
	for name, address := range map[string]string{"gone": gone.URL, "silent": silent.URL, "refusing": refusing.URL} {
		exporter, err := trace.New(t.Context(), address, "v1")
		if err != nil {
			t.Fatal(err)
		}
		stream := event.NewStream("run-1", time.Now, exporter.Run())
		stream.Emit(event.Event{Kind: event.Started, Run: &event.Run{}})
		stream.Emit(event.Event{Kind: event.Finished, Summary: &event.Summary{Verdict: "conformant"}})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		if err := exporter.Close(ctx); err == nil {
			t.Errorf("%s: there is no error", name)
		}
		cancel()
	}
}
