package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/report/formats"
)

type settings struct {
	runs  int
	proof bool
	page  string
	only  *regexp.Regexp
}

// bench is one measurement: the programs it starts, and what it has found out so far.
type bench struct {
	settings

	self, tool, dir string
	page            strings.Builder
	reached         []goal
}

// goal is a figure to reach.
type goal struct {
	what, figure, limit string
	met                 bool
}

// measureAll measures everything, prints it, and fails where a figure to reach was not.
func measureAll(ctx context.Context, s settings) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "conformance-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := &bench{settings: s, self: self, dir: dir, tool: filepath.Join(dir, "conformance")}
	if _, err := run(ctx, nil, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", b.tool, "./cmd/conformance"); err != nil {
		return err
	}
	before := clock()
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{
		{"machine", b.machine},
		{"latencies", b.latencies},
		{"starts", b.starts},
		{"functions", b.functions},
		{"growth", b.growth},
		{"concurrency", b.concurrency},
		{"rendering", b.rendering},
		{"fleet", b.fleet},
		{"history", b.history},
		{"proof", b.proofs},
	} {
		if part.name != "machine" && !s.only.MatchString(part.name) {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return err
		}
	}
	if share, known := clock().stolenSince(before); known {
		b.printf("\nThe host kept %.0f %% of the processors' time for others meanwhile, which makes every figure worse.\n", 100*share)
	}
	b.conclude()
	fmt.Print(b.page.String())
	if s.page != "" {
		if err := rewrite(s.page, b.page.String()); err != nil {
			return err
		}
	}
	for _, g := range b.reached {
		if !g.met {
			return errors.New("not every figure was reached")
		}
	}
	return nil
}

func (b *bench) printf(format string, args ...any) { fmt.Fprintf(&b.page, format, args...) }

func (b *bench) reach(what string, met bool, figure, limit string) {
	b.reached = append(b.reached, goal{what, figure, limit, met})
}

// machine says if this was measured.
func (b *bench) machine(context.Context) error {
	model := runtime.GOARCH
	if data, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(data)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	b.printf("Measured on %d cores of %s, %s, %s/%s, on %s; medians of %d, and of %d where that is quick.\n",
		runtime.NumCPU(), model, runtime.Version(), runtime.GOOS, runtime.GOARCH, time.Now().UTC().Format("2 January 2006"), b.runs, 4*b.runs)
	return nil
}

const parallel = 16

// latencies compares runs with replays at several latencies, side by side against the same target.
func (b *bench) latencies(ctx context.Context) error {
	b.printf("\n### A run against a bare replay of its requests, %d conversations at a time\n\n", parallel)
	b.printf("| latency | run | replay | ratio | CPU of the run | of the replay | memory of the run | of the replay |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, latency := range []time.Duration{0, 10 * time.Millisecond, 50 * time.Millisecond, 200 * time.Millisecond} {
		ours, bare, err := b.compared(ctx, latency)
		if err != nil {
			return err
		}
		ratio := float64(ours.wall) / float64(bare.wall)
		b.printf("| %s | %s | %s | %.2f | %s | %s | %s | %s |\n", ms(latency), ms(ours.wall), ms(bare.wall), ratio, ms(ours.cpu), ms(bare.cpu),
			mb(ours.memory), mb(bare.memory))
		switch latency {
		case 0:
			b.reach("run against replay at 0 ms", ratio <= 2, fmt.Sprintf("%.2f", ratio), "2.0")
			b.reach("CPU of a run", ours.cpu <= 500*time.Millisecond, ms(ours.cpu), "500 ms")
			b.reach("memory of a run", ours.memory < 80e6, mb(ours.memory), "80 MB")
			b.reach("start to first request", ours.first < 60*time.Millisecond, ms(ours.first), "60 ms")
		case 50 * time.Millisecond:
			b.reach("run against replay at 50 ms", ratio <= 1.15, fmt.Sprintf("%.2f", ratio), "1.15")
			b.reach("run at 50 ms", ours.wall <= 1200*time.Millisecond, ms(ours.wall), "1200 ms")
		}
	}
	return nil
}

// compared measures runs and replays in turn, so that whatever else the machine does is shared.
func (b *bench) compared(ctx context.Context, latency time.Duration) (ours, bare cost, err error) {
	t, err := startTarget(ctx, b.self, latency)
	if err != nil {
		return ours, bare, err
	}
	b.journal(t)
	defer func() { err = errors.Join(err, t.stop()) }()
	out, level := filepath.Join(b.dir, "out"), strconv.Itoa(parallel)
	if _, err := run(ctx, t.environment, b.tool, "run", "--quiet", "--concurrency", level, "--out", out); err != nil {
		return ours, bare, err
	}
	var replays []cost
	runs := b.runs
	if latency < 50*time.Millisecond { // short ones vary more, by their own length, and cost less to repeat
		runs *= 4
	}
	ours, err = typical(runs, func() (cost, error) {
		c, err := run(ctx, t.environment, b.self, "replay", "-concurrency", level, filepath.Join(out, "recording.har"))
		if err != nil {
			return c, err
		}
		// The replay tells its own time, which leaves out its start and the reading of the recording: the limit is strict.
		seconds, err := strconv.ParseFloat(strings.TrimSpace(c.output), 64)
		if err != nil {
			return c, err
		}
		c.wall = time.Duration(seconds * float64(time.Second))
		replays = append(replays, c)
		return run(ctx, t.environment, b.tool, "run", "--quiet", "--concurrency", level)
	})
	if err != nil {
		return ours, bare, err
	}
	next := 0
	bare, err = typical(len(replays), func() (cost, error) { next++; return replays[next-1], nil })
	return ours, bare, err
}

// journal gives runs against a target a journal of their own: one with runs that never ended would be measured with them.
func (b *bench) journal(t *target) {
	t.environment["CONFORMANCE_JOURNAL"] = filepath.Join(b.dir, "journal.jsonl")
}

// starts measures commands that send nothing.
func (b *bench) starts(ctx context.Context) error {
	b.printf("\n### Starting\n\n| command | wall | CPU | memory |\n|---|--:|--:|--:|\n")
	for _, args := range [][]string{{"version"}, {"list"}, {"list", "--json"}, {"explain", "create.status.created"}, {"plan"}} {
		c, err := typical(4*b.runs, func() (cost, error) { return run(ctx, nil, b.tool, args...) })
		if err != nil {
			return err
		}
		name := "conformance " + strings.Join(args, " ")
		b.printf("| `%s` | %s | %s | %s |\n", name, ms(c.wall), ms(c.cpu), mb(c.memory))
		if name == "conformance list" {
			b.reach(name, c.wall < 60*time.Millisecond, ms(c.wall), "60 ms")
		}
	}
	return nil
}

// concurrency measures how the number of conversations at a time tells.
func (b *bench) concurrency(ctx context.Context) (err error) {
	const latency = 50 * time.Millisecond
	t, err := startTarget(ctx, b.self, latency)
	if err != nil {
		return err
	}
	b.journal(t)
	defer func() { err = errors.Join(err, t.stop()) }()
	b.printf("\n### Conversations at a time, at %s of latency\n\n| conversations | wall | CPU |\n|--:|--:|--:|\n", ms(latency))
	for _, n := range []int{1, 4, 8, 16, 32} {
		c, err := typical(min(b.runs, 3), func() (cost, error) {
			return run(ctx, t.environment, b.tool, "run", "--quiet", "--concurrency", strconv.Itoa(n))
		})
		if err != nil {
			return err
		}
		b.printf("| %d | %s | %s |\n", n, ms(c.wall), ms(c.cpu))
	}
	return nil
}

// rendering measures the formats of a report by themselves, as processes: the start is part of each.
func (b *bench) rendering(ctx context.Context) error {
	file, err := b.report(ctx)
	if err != nil {
		return err
	}
	b.printf("\n### Rendering a report, the start of the process included\n\n| format | wall | CPU |\n|---|--:|--:|\n")
	for _, format := range formats.All() {
		arguments := []string{"report", file, "--format", format.Name}
		if format.Files != nil { // into a directory
			arguments = append(arguments, "--out", filepath.Join(b.dir, format.Name))
		}
		c, err := typical(b.runs, func() (cost, error) { return run(ctx, nil, b.tool, arguments...) })
		if err != nil {
			return err
		}
		b.printf("| %s | %s | %s |\n", format.Name, ms(c.wall), ms(c.cpu))
		if format.Name == "html" {
			b.reach("rendering HTML", c.wall < 300*time.Millisecond, ms(c.wall), "300 ms")
		}
	}
	return nil
}

// report is the file of a report of the reference.
func (b *bench) report(ctx context.Context) (file string, err error) {
	dir := filepath.Join(b.dir, "one")
	file = filepath.Join(dir, "report.json")
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	_, err = run(ctx, nil, b.tool, "run", "--reference", "--quiet", "--out", dir)
	return file, err
}

// proofs measures a proof on one core and on two.
func (b *bench) proofs(ctx context.Context) error {
	if !b.proof {
		return nil
	}
	b.printf("\n### The proof\n\n| cores | wall | CPU |\n|--:|--:|--:|\n")
	for _, cores := range []int{1, 2} {
		c, err := run(ctx, map[string]string{"GOMAXPROCS": strconv.Itoa(cores)}, b.tool, "prove", "--concurrency", "20")
		if err != nil {
			return err
		}
		b.printf("| %d | %.0f s | %.0f s |\n", cores, c.wall.Seconds(), c.cpu.Seconds())
		if cores == 2 {
			b.reach("proof on two cores", c.wall < 90*time.Second, fmt.Sprintf("%.0f s", c.wall.Seconds()), "90 s")
		}
	}
	return nil
}

// conclude sums up what was to be reached.
func (b *bench) conclude() {
	b.printf("\n### What is to be reached\n\n| | measured | limit | |\n|---|--:|--:|---|\n")
	for _, g := range b.reached {
		said := "met"
		if !g.met {
			said = "**missed**"
		}
		b.printf("| %s | %s | %s | %s |\n", g.what, g.figure, g.limit, said)
	}
}

func ms(d time.Duration) string {
	return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
}

func mb(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
