package suites

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

// benchConfig says how to judge the reference in memory with all that can be supplied.
func benchConfig(b *testing.B) engine.Config {
	b.Helper()
	server, err := reference.New(reference.Config{})
	if err != nil {
		b.Fatal(err)
	}
	const base = "https://target.invalid"
	server.SetBaseURL(base)
	known := server.Credentials()
	return engine.Config{
		Target: base, Organization: known.Organization, OtherOrganization: known.OtherOrganization, Groups: known.Groups,
		Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken,
		NotYetValidToken: known.NotYetValidToken, Plain: true, Concurrency: 16,
	}.InMemory(server)
}

// held is what a run of every conversation, each of them several times, has as evidence.
func hold(b *testing.B, suite *check.Suite, copies int) (judge *check.Judge, checks []check.Check, over func()) {
	b.Helper()
	cfg := benchConfig(b)
	cfg.MaxRequests, cfg.MaxCreated = 1000*copies, 200*copies
	connection, err := engine.Connect(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	selection, err := suite.Select(check.Filter{Supplied: []spec.Need{spec.NeedGroup, spec.NeedOtherOrganization, spec.NeedExpiredToken, spec.NeedNotYetValidToken}})
	if err != nil {
		b.Fatal(err)
	}
	run := connection.Run
	var probes []probe.Probe
	for n := range copies {
		for _, p := range selection.Probes {
			p.Name = copied(p.Name, n)
			probes = append(probes, p)
		}
		for _, c := range selection.Chosen {
			c.Requirement.ID = copied(c.Requirement.ID, n)
			if c.Probe != probe.Everything {
				c.Probe = copied(c.Probe, n)
			}
			checks = append(checks, c)
		}
	}
	judge = &check.Judge{Facts: run.Facts(), Now: time.Now}
	judge.Futures = run.RunAll(b.Context(), probes, func(string) {})
	return judge, checks, func() {
		run.CleanUp(context.WithoutCancel(b.Context()))
		connection.Close()
	}
}

func copied(name string, n int) string {
	if n == 0 {
		return name
	}
	return fmt.Sprintf("%s.copy%d", name, n)
}

// BenchmarkChecks measures one check, on average over all of them, with the evidence at hand.
func BenchmarkChecks(b *testing.B) {
	suite, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	judge, checks, over := hold(b, suite, 1)
	defer over()
	checks = slices.DeleteFunc(checks, func(c check.Check) bool { // and nothing that waits
		r, err := judge.Judge(b.Context(), c)
		return err != nil || r.Outcome != report.Pass
	})
	b.ResetTimer()
	for i := range b.N {
		_, _ = judge.Judge(b.Context(), checks[i%len(checks)])
	}
}

// BenchmarkGrowth measures runs in which every conversation is held, and every check is judged, several times.
func BenchmarkGrowth(b *testing.B) {
	suite, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	for _, copies := range []int{1, 2, 4, 8} {
		b.Run(fmt.Sprintf("%dx", copies), func(b *testing.B) {
			for b.Loop() {
				judge, checks, over := hold(b, suite, copies)
				judge.Begin(b.Context(), checks, func(_ report.Result, broken error) {
					if broken != nil {
						b.Error(broken)
					}
				}).End()
				over()
			}
		})
	}
}
