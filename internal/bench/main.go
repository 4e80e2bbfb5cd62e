// Command bench measures what a run costs beside its own requests, and prints the tables that docs/performance.md keeps.
// Everything is measured as a process of its own, in one go, and compared within it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := dispatch(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

// dispatch runs one of the three roles: the measurement, or as a process under it the target or the replay.
func dispatch(ctx context.Context, args []string) error {
	role := ""
	if len(args) > 0 && (args[0] == "target" || args[0] == "replay") {
		role, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("bench "+role, flag.ContinueOnError)
	switch role {
	case "target":
		latency := flags.Duration("latency", 0, "time that every response waits")
		count := flags.Int("count", 1, "number of targets")
		if err := flags.Parse(args); err != nil {
			return err
		}
		return serve(ctx, *latency, *count)
	case "replay":
		concurrency := flags.Int("concurrency", 16, "conversations at a time")
		if err := flags.Parse(args); err != nil {
			return err
		}
		if flags.NArg() != 1 {
			return errors.New("replay wants the name of a recording")
		}
		return replay(ctx, flags.Arg(0), *concurrency)
	}
	runs := flags.Int("runs", 5, "runs of which the median is taken")
	proof := flags.Bool("proof", true, "measure the proof too, which takes minutes")
	only := flags.String("only", "", "parts to measure, as a regular expression: latencies, starts, functions, growth, concurrency, rendering, fleet, history, proof")
	page := flags.String("write", "", "page whose tables are replaced by what was measured")
	if err := flags.Parse(args); err != nil {
		return err
	}
	parts, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	return measureAll(ctx, settings{runs: *runs, proof: *proof, page: *page, only: parts})
}
