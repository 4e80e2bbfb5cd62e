package main

import (
	"bufio"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// line is one of the output of "go test -bench".
var line = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([0-9.]+) ns/op`)

// result is the time of one benchmark.
type result struct {
	name string
	time time.Duration
}

// benchmarks runs Go benchmarks of a package.
func benchmarks(ctx context.Context, pkg, pattern, duration string) ([]result, error) {
	c, err := run(ctx, nil, "go", "test", "-run", "^$", "-bench", pattern, "-benchtime", duration, pkg)
	if err != nil {
		return nil, err
	}
	var results []result
	for scanner := bufio.NewScanner(strings.NewReader(c.output)); scanner.Scan(); {
		if m := line.FindStringSubmatch(scanner.Text()); m != nil {
			nanoseconds, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				return nil, err
			}
			results = append(results, result{m[1], time.Duration(nanoseconds)})
		}
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("%s has no benchmark %s", pkg, pattern)
	}
	return results, nil
}

// functions measures what a run does most often.
func (b *bench) functions(ctx context.Context) error {
	b.printf("\n### Functions\n\n| | time |\n|---|--:|\n")
	for _, f := range []struct{ pkg, pattern, what string }{
		{"./spec", "^BenchmarkCheck$", "a body of a create against the contract"},
		{"./internal/jwt", "^BenchmarkInspect", "a token, inspected"},
		{"./internal/redact", "^BenchmarkRedact", "16 MB of text, searched for 150 tokens"},
		{"./suites", "^BenchmarkChecks$", "a check, on average over all of them"},
		{"./suites", "^BenchmarkLoad$", "contract, catalogue and checks, loaded"},
	} {
		results, err := benchmarks(ctx, f.pkg, f.pattern, "1s")
		if err != nil {
			return err
		}
		for _, r := range results {
			name := f.what
			if _, variant, ok := strings.Cut(r.name, "/"); ok {
				name += ": " + variant
			}
			b.printf("| %s | %s |\n", name, r.time.Round(100*time.Nanosecond))
		}
	}
	return nil
}

// growth measures runs of catalogues that are several times as large, inside one process with the reference.
func (b *bench) growth(ctx context.Context) error {
	results, err := benchmarks(ctx, "./suites", "^BenchmarkGrowth$", "5x")
	if err != nil {
		return err
	}
	b.printf("\n### Larger catalogues: every conversation and check several times, target and judge in one process\n\n| times | a run | per time |\n|--:|--:|--:|\n")
	for _, r := range results {
		_, times, _ := strings.Cut(r.name, "/")
		n, err := strconv.Atoi(strings.TrimSuffix(times, "x"))
		if err != nil {
			return fmt.Errorf("reading the name of benchmark %s: %w", r.name, err)
		}
		b.printf("| %d | %s | %s |\n", n, ms(r.time), ms(r.time/time.Duration(n)))
	}
	return nil
}
