package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cost is what a process took.
type cost struct {
	wall, cpu time.Duration
	memory    int64         // most of it that was resident, in bytes
	first     time.Duration // until its first request, by the clock of the target; 0 if none was asked for
	output    string
}

// run waits for a process. A run that ends with another exit code than 0 is an error.
func run(ctx context.Context, environment map[string]string, name string, args ...string) (cost, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "CI=true")
	for k, v := range environment {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begin := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(begin), output: out.String()}
	if err != nil {
		return c, fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(errs.String()))
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.memory = usage.Maxrss * 1024 // Linux tells kibibytes
	}
	if target := environment["CONFORMANCE_TARGET"]; target != "" {
		at, err := firstRequest(ctx, target)
		if err != nil {
			return c, err
		}
		c.first = at.Sub(begin)
	}
	return c, nil
}

func firstRequest(ctx context.Context, target string) (time.Time, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target+firstPath, nil)
	if err != nil {
		return time.Time{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return time.Time{}, err
	}
	nanoseconds, err := strconv.ParseInt(string(text), 10, 64)
	return time.Unix(0, nanoseconds), err
}

// target is a process that serves the reference.
type target struct {
	environment map[string]string
	cmd         *exec.Cmd
	input       io.Closer
}

func startTarget(ctx context.Context, self string, latency time.Duration) (*target, error) {
	t, all, err := startTargets(ctx, self, latency, 1)
	if err == nil {
		t.environment = all[0]
	}
	return t, err
}

// startTargets starts a process with some targets, and returns the environment of each.
func startTargets(ctx context.Context, self string, latency time.Duration, count int) (*target, []map[string]string, error) {
	t := &target{cmd: exec.CommandContext(ctx, self, "target", "-latency", latency.String(), "-count", strconv.Itoa(count))}
	input, err := t.cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	t.input = input
	output, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	t.cmd.Stderr = os.Stderr
	if err := t.cmd.Start(); err != nil {
		return nil, nil, err
	}
	all := make([]map[string]string, count)
	decoder := json.NewDecoder(output)
	for i := range all {
		if err == nil {
			err = decoder.Decode(&all[i])
		}
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("starting the target: %w", err), t.stop())
	}
	return t, all, nil
}

func (t *target) stop() error {
	return errors.Join(t.input.Close(), t.cmd.Wait())
}

// typical is the median of several measurements, of each part by itself.
func typical(n int, measure func() (cost, error)) (cost, error) {
	var all []cost
	for range n {
		c, err := measure()
		if err != nil {
			return c, err
		}
		all = append(all, c)
	}
	middle := func(part func(cost) int64) int64 {
		values := make([]int64, len(all))
		for i, c := range all {
			values[i] = part(c)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return cost{
		wall:   time.Duration(middle(func(c cost) int64 { return int64(c.wall) })),
		cpu:    time.Duration(middle(func(c cost) int64 { return int64(c.cpu) })),
		first:  time.Duration(middle(func(c cost) int64 { return int64(c.first) })),
		memory: middle(func(c cost) int64 { return c.memory }),
		output: all[len(all)-1].output,
	}, nil
}
