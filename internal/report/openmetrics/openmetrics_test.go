package openmetrics_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/openmetrics"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

// The parser of Prometheus reads every metric, whatever stands in a label.
func TestOpenMetrics(t *testing.T) {
	r := sample.Report()
	r.Target.URL = "https://a.example/\"\\\n} 7\n# EOF"
	for i, seconds := range []float64{0.3, 0.1, 0.2} {
		e := r.Exchanges[0]
		e.Operation, e.Seconds, e.Response = "createServiceAccount", seconds, &report.Message{Status: 201 + i}
		r.Exchanges = append(r.Exchanges, e)
	}
	text := sample.Render(t, r, func(b *bytes.Buffer) error { return openmetrics.Render(b, r, report.Options{}) })
	if !strings.HasSuffix(string(text), "\n# EOF\n") || strings.Count(string(text), "# EOF\n") != 1 {
		t.Errorf("it does not end once: %s", text)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, name := range []string{
		"conformance_run_info", "conformance_run_timestamp_seconds", "conformance_run_duration_seconds", "conformance_run_complete", "conformance_verdict",
		"conformance_gate_passed", "conformance_requirements", "conformance_failures_waived", "conformance_accounts_left",
		"conformance_operation_latency_seconds",
	} {
		if families[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
	sum := 0.0
	for _, m := range families["conformance_verdict"].GetMetric() {
		sum += m.GetGauge().GetValue()
	}
	if sum != 1 {
		t.Errorf("%v verdicts", sum)
	}
	for _, m := range families["conformance_operation_latency_seconds"].GetMetric() {
		if s := m.GetSummary(); m.GetLabel()[0].GetValue() == "createServiceAccount" && s.GetSampleCount() == 3 && s.GetQuantile()[0].GetValue() != 0.2 {
			t.Errorf("%v", s)
		}
	}
	if got := families["conformance_run_info"].GetMetric()[0].GetLabel()[0].GetValue(); strings.ContainsAny(got, "\n") {
		t.Errorf("%q", got)
	}
}
