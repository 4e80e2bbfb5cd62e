// Package openmetrics writes a report as metrics in the OpenMetrics text format, for the textfile collector of a node exporter or
// for a push gateway. It judges nothing.
package openmetrics

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// Render writes gauges, and a summary of the latency of each operation of the contract. Each has the label target.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	p := &page{target: label{"target", cmp.Or(r.Target.URL, "unknown")}}
	p.family("conformance_run_info", "gauge", "", "The run that the other metrics are of; always 1.")
	info := []label{{"organization", r.Target.Organization}, {"run_id", r.RunID}, {"set", r.Set.Name}, {"suite", r.Suite.Version}}
	if judged := report.Judged(r); judged != "" {
		info = append(info, label{"judged", judged})
	}
	p.sample("conformance_run_info", 1, info...)
	p.family("conformance_run_timestamp_seconds", "gauge", "seconds", "When the run began; its age is time() minus this.")
	p.sample("conformance_run_timestamp_seconds", float64(r.StartedAt.UnixMilli())/1000)
	p.family("conformance_run_duration_seconds", "gauge", "seconds", "How long the run took.")
	p.sample("conformance_run_duration_seconds", r.DurationSeconds)
	p.family("conformance_run_complete", "gauge", "", "0 if the run ended early.")
	p.sample("conformance_run_complete", truth(r.Complete))
	p.family("conformance_verdict", "gauge", "", "1 for the verdict of the run, 0 for the others.")
	for _, v := range []report.Verdict{report.Conformant, report.NonConformant, report.Incomplete} {
		p.sample("conformance_verdict", truth(r.Verdict == v), label{"verdict", string(v)})
	}
	p.family("conformance_gate_passed", "gauge", "", "1 if the gate passed.")
	p.sample("conformance_gate_passed", truth(r.Gate.Status == report.GatePassed))
	p.family("conformance_requirements", "gauge", "", "Number of requirements by profile and outcome; failed ones include those that are waived.")
	for _, profile := range r.Profiles {
		for _, c := range []struct {
			outcome report.Outcome
			n       int
		}{
			{report.Pass, profile.Passed},
			{report.Fail, profile.Failed},
			{report.Unstable, profile.Unstable},
			{report.Inconclusive, profile.Inconclusive},
			{report.NotTested, profile.NotTested},
		} {
			p.sample("conformance_requirements", float64(c.n), label{"profile", string(profile.Name)}, label{"outcome", string(c.outcome)})
		}
	}
	p.family("conformance_failures_waived", "gauge", "", "Number of failures that a waiver holds for.")
	p.sample("conformance_failures_waived", float64(r.Gate.Waived))
	p.family("conformance_accounts_left", "gauge", "", "Number of service accounts that the run could not delete.")
	p.sample("conformance_accounts_left", float64(r.Accounts.Left))
	p.latency(r.Exchanges)
	p.b.WriteString("# EOF\n")
	if _, err := io.WriteString(w, p.b.String()); err != nil {
		return fmt.Errorf("writing the metrics: %w", err)
	}
	return nil
}

type label struct{ name, value string }

type page struct {
	b      strings.Builder
	target label
}

func (p *page) family(name, kind, unit, help string) {
	fmt.Fprintf(&p.b, "# TYPE %s %s\n", name, kind)
	if unit != "" {
		fmt.Fprintf(&p.b, "# UNIT %s %s\n", name, unit)
	}
	fmt.Fprintf(&p.b, "# HELP %s %s\n", name, help)
}

func (p *page) sample(name string, value float64, labels ...label) {
	var pairs []string
	for _, l := range append([]label{p.target}, labels...) {
		pairs = append(pairs, l.name+`="`+escaped(l.value)+`"`)
	}
	fmt.Fprintf(&p.b, "%s{%s} %s\n", name, strings.Join(pairs, ","), strconv.FormatFloat(value, 'g', -1, 64))
}

func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(report.Shorten(report.Printable(s), report.LineLength))
}

// quantiles are those of the latency.
var quantiles = []float64{0.5, 0.9, 0.99}

// latency summarizes the answered requests of each operation.
func (p *page) latency(exchanges []report.Exchange) {
	of := map[string][]float64{}
	for _, e := range exchanges {
		if e.Operation != "" && e.Response != nil {
			of[e.Operation] = append(of[e.Operation], e.Seconds)
		}
	}
	if len(of) == 0 {
		return
	}
	const name = "conformance_operation_latency_seconds"
	p.family(name, "summary", "seconds", "Time from sending a request to the end of its response, by operation of the contract.")
	for _, operation := range slices.Sorted(maps.Keys(of)) {
		all := of[operation]
		slices.Sort(all)
		sum := 0.0
		for _, seconds := range all {
			sum += seconds
		}
		for _, q := range quantiles {
			rank := int(math.Ceil(q*float64(len(all)))) - 1
			p.sample(name, all[max(rank, 0)], label{"operation", operation}, label{"quantile", strconv.FormatFloat(q, 'g', -1, 64)})
		}
		p.sample(name+"_sum", sum, label{"operation", operation})
		p.sample(name+"_count", float64(len(all)), label{"operation", operation})
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
