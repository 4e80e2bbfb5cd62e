package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/fleet"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/spec"
)

// member is a target of a fleet, ready to be judged.
type member struct {
	name string
	cfg  engine.Config
	door door
	// store is where results are kept beside the directory; nil for nowhere.
	store *store
	// strict and quiet are those of its flags.
	strict bool
}

func (a *app) fleet(cmd *cobra.Command, f *fleetFlags) error {
	if f.atOnce < 1 || f.atOnce > 100 {
		return wrong("%s: %d is not between 1 and 100", a.source("at-once"), f.atOnce)
	}
	index, shares, err := a.share(f)
	if err != nil {
		return err
	}
	names, err := a.fleetNames(f)
	if err != nil {
		return err
	}
	s, err := a.openStore(f.bucket, f.out)
	if err != nil {
		return err
	}
	if a.Sets == nil { // all targets share them
		if a.Sets, err = spec.Sets(); err != nil {
			return broken("%v", err)
		}
	}
	mine := fleet.Share(names, index, shares)
	var done []fleet.Entry
	var members []*member
	for _, name := range mine {
		if f.resume {
			entry, err := s.entry(cmd.Context(), f.out, name)
			if err != nil {
				return wrong("%s: %s; take the directory away, or name another", a.source("out"), report.Printable(err.Error()))
			}
			if entry != nil {
				done = append(done, *entry)
				continue
			}
		}
		m, err := a.member(cmd.Context(), f, name)
		if err != nil {
			return err
		}
		m.store = s
		members = append(members, m)
	}
	if err := a.prepareFleet(f, names, members); err != nil {
		return err
	}
	if err := s.begin(cmd.Context(), members); err != nil {
		return wrong("%s: %s; name a bucket that can be written", a.source("bucket"), report.Printable(err.Error()))
	}
	suite, err := loadSuite(nil)
	if err != nil {
		return err
	}
	var runs []*engine.Config
	for _, m := range members {
		runs = append(runs, &m.cfg)
	}
	send, err := a.traces(cmd.Context(), runs...)
	if err != nil {
		return err
	}
	defer send()
	boundFleet()
	defer outlivePipes()()
	judged := a.judgeFleet(cmd.Context(), suite, f, members)
	send()
	if code, ok := interrupted(cmd.Context()); ok {
		a.code = code
		_, err := fmt.Fprintf(a.out, "exit %d: interrupted: %s judged, %d not\n", code, count(len(judged), "target"), len(members)-len(judged))
		return a.written(err)
	}
	if shares == 1 {
		return a.concludeFleet(cmd.Context(), f.out, fleet.New(names, append(done, judged...)), s)
	}
	part := fleet.New(mine, append(done, judged...))
	if err := part.Table(a.out); err != nil {
		return a.written(err)
	}
	a.code = part.ExitCode
	_, err = io.WriteString(a.out, conclusion{part.ExitCode, fmt.Sprintf("share %d of %d: %s", index, shares, fleetText(part))}.line())
	return a.written(err)
}

// prepareFleet makes sure, before anything is sent, that results can be written, and takes away entries of an earlier run.
func (a *app) prepareFleet(f *fleetFlags, names []string, members []*member) error {
	err := writeJSON(filepath.Join(f.out, fleet.TargetsFile), fleet.Targets{SchemaVersion: fleet.SchemaVersion, Targets: names})
	for _, m := range members {
		if err == nil {
			err = os.MkdirAll(filepath.Join(f.out, m.name), 0o777)
		}
		for _, name := range []string{fleet.EntryFile, fleet.ReportFile} {
			if gone := os.Remove(filepath.Join(f.out, m.name, name)); err == nil && gone != nil && !errors.Is(gone, os.ErrNotExist) {
				err = gone
			}
		}
	}
	if err != nil {
		return wrong("%s: %s cannot be written: %s; name a directory that can", a.source("out"), shown(f.out), cause(err))
	}
	return nil
}

// ofOne are the settings that belong to a single run: their variables say nothing of the targets of a fleet.
func ofOne() []string {
	return append(aboutTarget(), "target", "target-name", "config", "reference", "out", "journal", "events", "only", "rerun-failed", "baseline", "token",
		"restricted-token", "expired-token", "not-yet-valid-token", "oauth-client-secret", "share-index", "share-count")
}

// member reads the settings of a target, as "conformance run --target-name NAME" does.
func (a *app) member(ctx context.Context, f *fleetFlags, name string) (*member, error) {
	hidden := map[string]bool{}
	for _, setting := range ofOne() {
		hidden[variable(setting)] = true
	}
	sub := &app{Process: a.Process, out: &gate{w: io.Discard}, err: a.err, parsed: a.parsed}
	var flags runFlags
	cmd := &cobra.Command{Use: "run"}
	cmd.SetContext(ctx)
	flags.bind(cmd.Flags())
	args := []string{"--config", f.config, "--target-name", name}
	for _, p := range f.profiles {
		args = append(args, "--profile", p)
	}
	if f.strict {
		args = append(args, "--strict")
	}
	if f.accept {
		args = append(args, "--accept-incomplete")
	}
	if f.concurrency > 0 {
		args = append(args, "--concurrency", strconv.Itoa(f.concurrency))
	}
	if f.rps > 0 {
		args = append(args, "--rps", strconv.FormatFloat(f.rps, 'f', -1, 64))
	}
	about := func(err error) error {
		var said *failure
		if errors.As(err, &said) {
			return &failure{code: said.code, text: "target " + name + ": " + said.text}
		}
		return err
	}
	if err := cmd.ParseFlags(args); err != nil {
		return nil, broken("%v", err)
	}
	lookup := a.Lookup
	sub.Lookup = func(variable string) (string, bool) {
		if hidden[variable] {
			return "", false
		}
		return lookup(variable)
	}
	if err := sub.bindVariables(cmd); err != nil {
		return nil, about(err)
	}
	if err := sub.bindFile(cmd); err != nil {
		return nil, about(err)
	}
	sub.Lookup = func(variable string) (string, bool) { // the file may name any variable of its own
		named := slices.ContainsFunc(named(sub), func(v string) bool { return v == variable })
		if hidden[variable] && !named {
			return "", false
		}
		return lookup(variable)
	}
	if _, env := sub.named["token"]; !env && sub.filed["token-file"]+sub.filed["token-command"]+sub.filed["oauth-token-url"] == "" {
		return nil, wrong("target %s: %s does not say where its token comes from; add to it, for example, token: {env: %s_TOKEN}", name, f.config,
			strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name)))
	}
	flags.out = ""
	if _, filed := sub.filed["journal"]; !filed {
		flags.journal = filepath.Join(f.out, name, fleet.JournalFile)
	}
	p, err := sub.prepare(cmd, &flags)
	if err != nil {
		return nil, about(err)
	}
	p.cfg.Plain, p.cfg.Brief, p.cfg.GinkgoOutput = true, true, nil
	return &member{name: name, cfg: p.cfg, door: p.door, strict: flags.strict}, nil
}

// named are the variables that the file names for the credentials of a target.
func named(a *app) (variables []string) {
	for _, v := range a.named {
		variables = append(variables, v.variable)
	}
	return variables
}

// judgeFleet judges members side by side, and writes an entry when each is finished. One that was interrupted has none.
func (a *app) judgeFleet(ctx context.Context, suite *check.Suite, f *fleetFlags, members []*member) (entries []fleet.Entry) {
	var mu sync.Mutex
	var all sync.WaitGroup
	stop := a.heartbeatOfFleet(len(members), func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(entries)
	})
	defer stop()
	places := make(chan struct{}, f.atOnce)
	for _, m := range members {
		places <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-places }()
			entry := a.judgeMember(ctx, suite, f, m)
			if ctx.Err() != nil {
				return
			}
			err := writeJSON(filepath.Join(f.out, m.name, fleet.EntryFile), entry)
			if err == nil {
				err = m.store.finished(ctx, m.name)
			}
			if err != nil {
				entry.ExitCode, entry.Text = exitBroken, meaning(exitBroken)+": writing its entry: "+rootCause(err)
			}
			mu.Lock()
			defer mu.Unlock()
			entries = append(entries, entry)
			if !f.quiet {
				a.printErr("conformance: %s: exit %d: %s\n", m.name, entry.ExitCode, report.Printable(entry.Text))
			}
		})
	}
	all.Wait()
	return entries
}

// judgeMember judges one target, after what an earlier run left there is removed.
func (a *app) judgeMember(ctx context.Context, suite *check.Suite, f *fleetFlags, m *member) fleet.Entry {
	failed := func(code int, text string) fleet.Entry {
		return fleet.Entry{
			SchemaVersion: fleet.SchemaVersion, Name: m.name, URL: m.cfg.Target, ExitCode: code, Text: text, StartedAt: time.Now().UTC(),
		}
	}
	if err := m.store.restore(ctx, m); err != nil {
		return failed(exitUntold, meaning(exitUntold)+": the journal of an earlier run: "+err.Error())
	}
	if info, err := os.Stat(m.cfg.Journal); err == nil && info.Size() > 0 {
		if _, err := engine.Sweep(ctx, m.cfg, false); err != nil {
			return failed(exitUntold, meaning(exitUntold)+": sweeping what an earlier run left: "+err.Error())
		}
	}
	if m.cfg.Contract != nil { // of this target alone
		var err error
		if suite, err = loadSuite(m.cfg.Contract); err != nil {
			return failed(exitBroken, meaning(exitBroken)+": "+err.Error())
		}
	}
	copied := m.store.mirror(m)
	result, fault := engine.Judge(ctx, suite, m.cfg)
	unkept := copied.close()
	var mistake *engine.ConfigError
	switch {
	case errors.As(fault, &mistake):
		return failed(exitWrong, mistake.Error())
	case result == nil:
		return failed(exitBroken, fmt.Sprintf("%s: %v", meaning(exitBroken), fault))
	}
	m.door.decide(result.Report)
	c := conclude(result.Report, m.strict)
	if fault != nil {
		c = brokenRun(fault)
	}
	var b bytes.Buffer
	err := reportjson.Render(&b, result.Report, report.Options{})
	if err == nil {
		err = writeFile(filepath.Join(f.out, m.name, fleet.ReportFile), result.Secrets, b.Bytes())
	}
	if err != nil {
		c = brokenRun(fmt.Errorf("writing its report: %s", rootCause(err)))
	}
	if unkept != nil {
		c = brokenRun(fmt.Errorf("keeping its journal: %s", rootCause(unkept)))
	}
	return fleet.EntryOf(m.name, result.Report, c.code, strings.TrimSpace(result.Secrets.RedactString(c.text)))
}

// heartbeatOfFleet says now and then how far a fleet is.
func (a *app) heartbeatOfFleet(all int, done func() int) (stop func()) {
	ticker, over := time.NewTicker(heartbeat), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				a.printErr("conformance: %d of %s judged\n", done(), count(all, "target"))
			case <-over:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(over)
	}
}
