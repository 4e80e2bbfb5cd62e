package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/har"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// timeForm is that of the times of a head.
const timeForm = time.RFC3339Nano

// RejudgeConfig says how to judge a recording.
type RejudgeConfig struct {
	// Strict turns a failed SHOULD from a warning into an error, as it does if the run was strict.
	Strict bool
	// Set is the release of the catalogue that the verdict rests on; nil means the newest one.
	Set *spec.Set
	// Contract is judged by in the place of the contract of the suite; nil for that of the suite.
	Contract *spec.Contract
	// Own is what was checked beside the suite; without it the scenarios of teams are passed over.
	Own []Own
	// Version and Commit of the suite that judges, for the report.
	Version, Commit string
}

// Rejudge reads a recording and judges it again with the checks of a suite. It sends nothing. What was left out of
// the run is left out again, with the same reasons. An error that is exchange.ErrNotRecording is the file's; an
// *exchange.Broken comes with a result.
func Rejudge(ctx context.Context, suite *check.Suite, file io.Reader, cfg RejudgeConfig) (*Result, error) {
	suite, err := withOwn(suite, cfg.Own)
	if err != nil {
		return nil, err
	}
	archive, err := har.Read(file)
	if err != nil {
		return nil, err
	}
	said, at, err := readHead(archive)
	if err != nil {
		return nil, err
	}
	asked := said.Configuration
	filter := check.Filter{Profiles: asked.Profiles, Focus: asked.Focus, LabelFilter: asked.LabelFilter, Only: asked.Only}
	for _, need := range archive.Supplied {
		filter.Supplied = append(filter.Supplied, spec.Need(need))
	}
	suite = suite.At(check.Depth(asked.Depth), check.Deepening{})
	selection, err := suite.Select(filter)
	if err != nil {
		return nil, fmt.Errorf("%w: the filters of the run cannot be applied", har.ErrNotRecording)
	}
	recording := &exchange.Recording{}
	for _, e := range archive.Exchanges {
		recording.Add(e)
	}
	judge := &check.Judge{Facts: archive.Facts, Futures: evidenceOf(archive), Now: func() time.Time { return at }}
	judge.Again = func(name string, number int) *probe.Future { return judge.Futures[probe.Attempt(name, number)] }
	verdicts := check.NewVerdicts()
	for _, c := range selection.Chosen {
		if said.Stopped != "" {
			break
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		result, broken := judge.Judge(ctx, c)
		verdicts.Put(shortened(result), broken)
	}
	again := Config{
		Target: said.Target.URL, Organization: said.Target.Organization, OtherOrganization: said.Target.OtherOrganization, Groups: said.Target.Groups,
		Insecure: said.Target.Insecure, embedded: said.Target.Embedded,
		Profiles: asked.Profiles, Strict: asked.Strict || cfg.Strict, Set: cfg.Set, Version: cfg.Version, Commit: cfg.Commit, stopped: said.Stopped,
	}
	r, err := assemble(suite, selection, verdicts, said.Target.TokenKind, again)
	if err != nil {
		return nil, err
	}
	document := r.Configuration.Contract
	said.Warnings = judgedAgain(said.Warnings, asked.Contract, document)
	r.Configuration = asked
	r.Configuration.Strict, r.Configuration.Contract = again.Strict, document
	r.RunID, r.StartedAt, r.DurationSeconds = said.RunID, at, said.DurationSeconds
	r.Complete, r.Accounts, r.LimitsHit, r.Stopped = said.Complete, said.Accounts, said.LimitsHit, said.Stopped
	r.Warnings = append(slices.Clone(said.Warnings), fmt.Sprintf("judged from a recording that the suite %s made", archive.Suite))
	known := variablesOf(archive)
	for _, e := range archive.Exchanges {
		r.Exchanges = append(r.Exchanges, report.View(e, forReaders, known...))
	}
	report.Decide(r, report.Policy{})
	return &Result{Report: r, Secrets: redact.New(), Recording: recording}, verdicts.Broken()
}

// readHead reads what the run said of itself.
func readHead(archive *exchange.Archive) (said head, at time.Time, err error) {
	refuse := func(words string) error { return fmt.Errorf("%w: %s", har.ErrNotRecording, words) }
	if json.Unmarshal(archive.Head, &said) != nil {
		return said, at, refuse("what it says of the run cannot be read")
	}
	if at, err = time.Parse(timeForm, said.StartedAt); err != nil {
		return said, at, refuse("it does not say when the run began")
	}
	known := spec.Profiles()
	said.Configuration.Profiles = slices.DeleteFunc(said.Configuration.Profiles, func(p spec.Profile) bool { return !slices.Contains(known, p) })
	if len(said.Configuration.Profiles) == 0 {
		return said, at, refuse("it does not say which profiles were asked for")
	}
	said.DurationSeconds = max(said.DurationSeconds, 0)
	archive.Suite = cmp.Or(archive.Suite, "of an unknown version")
	return said, at, nil
}

// evidenceOf is the evidence of each conversation that the recording holds, and of everything where it held all that was
// to be said.
func evidenceOf(archive *exchange.Archive) map[string]*probe.Future {
	futures := map[string]*probe.Future{}
	of := map[string][]*exchange.Exchange{}
	var everything []*exchange.Exchange
	for _, e := range archive.Exchanges {
		of[e.Probe] = append(of[e.Probe], e)
		if !archive.Apart[e.ID] {
			everything = append(everything, e)
		}
	}
	for _, c := range archive.Conversations {
		futures[c.Probe] = probe.Settled(of[c.Probe], c.Reason)
	}
	futures[probe.Everything] = probe.Settled(everything, "")
	return futures
}

// long is a placeholder of a recording, which holds all that may be known of a token.
var long = regexp.MustCompile(`redacted-token\.v1\.[A-Za-z0-9_-]+`)

// short shows a placeholder as people want to see it: equal ones alike, and others otherwise.
func short(text string) string {
	return long.ReplaceAllStringFunc(text, func(placeholder string) string {
		facts, ok := jwt.ParsePlaceholder(placeholder)
		if !ok || len(facts.Digest) < 8 {
			return placeholder
		}
		return "[redacted:token-" + facts.Digest[:8] + "]"
	})
}

// forReaders is a text of a recording as reports show it.
func forReaders(text string) string { return redact.Shown(short(text)) }

func shortened(r report.Result) report.Result {
	r.Message, r.Expected, r.Seen = forReaders(r.Message), forReaders(r.Expected), forReaders(r.Seen)
	return r
}

// NotARecording reports whether the error is about the file that was to be judged.
func NotARecording(err error) bool { return errors.Is(err, har.ErrNotRecording) }
