package fleetcmd

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
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/fleet"
	"github.com/sa-conformance/conformance/internal/report"
	reporthtml "github.com/sa-conformance/conformance/internal/report/html"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/spec"
)

// member is a target of a fleet, ready to be judged.
type member struct {
	name string
	cfg  engine.Config
	door outcome.Door
	// store is where results are kept beside the directory; nil for nowhere.
	store *store
	// strict and quiet are those of its flags.
	strict bool
}

func runFleet(a *app.App, cmd *cobra.Command, f *fleetFlags) error {
	if f.atOnce < 1 || f.atOnce > 100 {
		return app.Wrong("%s: %d is not between 1 and 100", a.Source("at-once"), f.atOnce)
	}
	index, shares, err := shareOf(a, f)
	if err != nil {
		return err
	}
	names, err := namesOfFleet(a, f)
	if err != nil {
		return err
	}
	s, err := openStore(a, f.bucket, f.out)
	if err != nil {
		return err
	}
	if a.Sets == nil { // all targets share them
		if a.Sets, err = spec.Sets(); err != nil {
			return app.Broken("%v", err)
		}
	}
	mine := fleet.Share(names, index, shares)
	var done []fleet.Entry
	var members []*member
	for _, name := range mine {
		if f.resume {
			entry, err := s.entry(cmd.Context(), f.out, name)
			if err != nil {
				return app.Wrong("%s: %s; take the directory away, or name another", a.Source("out"), report.Printable(err.Error()))
			}
			if entry != nil {
				done = append(done, *entry)
				continue
			}
		}
		m, err := newMember(cmd.Context(), a, f, name)
		if err != nil {
			return err
		}
		m.store = s
		members = append(members, m)
	}
	if err := prepareFleet(a, f, names, members); err != nil {
		return err
	}
	if err := s.begin(cmd.Context(), members); err != nil {
		return app.Wrong("%s: %s; name a bucket that can be written", a.Source("bucket"), report.Printable(err.Error()))
	}
	suite, err := settings.LoadSuite(nil)
	if err != nil {
		return err
	}
	var runs []*engine.Config
	for _, m := range members {
		runs = append(runs, &m.cfg)
	}
	send, err := settings.Traces(cmd.Context(), a, runs...)
	if err != nil {
		return err
	}
	defer send()
	app.BoundFleet()
	defer app.OutlivePipes()()
	judged := judgeFleet(cmd.Context(), a, suite, f, members)
	send()
	if code, ok := app.Interrupted(cmd.Context()); ok {
		a.Code = code
		_, err := fmt.Fprintf(a.Out, "exit %d: interrupted: %s judged, %d not\n", code, app.Count(len(judged), "target"), len(members)-len(judged))
		return a.Written(err)
	}
	if shares == 1 {
		return concludeFleet(cmd.Context(), a, f.out, fleet.New(names, append(done, judged...)), s)
	}
	part := fleet.New(mine, append(done, judged...))
	if err := part.Table(a.Out); err != nil {
		return a.Written(err)
	}
	a.Code = part.ExitCode
	_, err = io.WriteString(a.Out, outcome.Conclusion{Code: part.ExitCode, Text: fmt.Sprintf("share %d of %d: %s", index, shares, fleetText(part))}.Line())
	return a.Written(err)
}

// prepareFleet makes sure, before anything is sent, that results can be written, and takes away entries of an earlier run.
func prepareFleet(a *app.App, f *fleetFlags, names []string, members []*member) error {
	err := writeJSON(filepath.Join(f.out, fleet.TargetsFile), fleet.Targets{SchemaVersion: fleet.SchemaVersion, Targets: names})
	for _, m := range members {
		if err == nil {
			err = os.MkdirAll(filepath.Join(f.out, m.name), 0o777)
		}
		for _, name := range []string{fleet.EntryFile, fleet.ReportFile, fleet.ReadFile} {
			if gone := os.Remove(filepath.Join(f.out, m.name, name)); err == nil && gone != nil && !errors.Is(gone, os.ErrNotExist) {
				err = gone
			}
		}
	}
	if err != nil {
		return app.Wrong("%s: %s cannot be written: %s; name a directory that can", a.Source("out"), app.Shown(f.out), app.Cause(err))
	}
	return nil
}

// ofOne are the settings that belong to a single run: their variables say nothing of the targets of a fleet.
func ofOne() []string {
	return append(app.AboutTarget(), "target", "target-name", "config", "reference", "out", "journal", "events", "only", "rerun-failed", "baseline", "token",
		"restricted-token", "expired-token", "not-yet-valid-token", "oauth-client-secret", "share-index", "share-count")
}

// newMember reads the settings of a target, as "conformance run --target-name NAME" does.
func newMember(ctx context.Context, a *app.App, f *fleetFlags, name string) (*member, error) {
	hidden := map[string]bool{}
	for _, setting := range ofOne() {
		hidden[app.Variable(setting)] = true
	}
	sub := &app.App{Process: a.Process, Out: &app.Gate{W: io.Discard}, Err: a.Err, OfRun: a.OfRun, Parsed: a.Parsed}
	var flags settings.RunFlags
	cmd := &cobra.Command{Use: "run"}
	cmd.SetContext(ctx)
	flags.Bind(cmd.Flags())
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
		var said *app.Failure
		if errors.As(err, &said) {
			return &app.Failure{Code: said.Code, Text: "target " + name + ": " + said.Text}
		}
		return err
	}
	if err := cmd.ParseFlags(args); err != nil {
		return nil, app.Broken("%v", err)
	}
	lookup := a.Lookup
	sub.Lookup = func(variable string) (string, bool) {
		if hidden[variable] {
			return "", false
		}
		return lookup(variable)
	}
	if err := sub.BindVariables(cmd); err != nil {
		return nil, about(err)
	}
	if err := sub.BindFile(cmd); err != nil {
		return nil, about(err)
	}
	sub.Lookup = func(variable string) (string, bool) { // the file may name any variable of its own
		named := slices.ContainsFunc(named(sub), func(v string) bool { return v == variable })
		if hidden[variable] && !named {
			return "", false
		}
		return lookup(variable)
	}
	if _, env := sub.Named["token"]; !env && sub.Filed["token-file"]+sub.Filed["token-command"]+sub.Filed["oauth-token-url"] == "" {
		return nil, app.Wrong("target %s: %s does not say where its token comes from; add to it, for example, token: {env: %s_TOKEN}", name, f.config,
			strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name)))
	}
	flags.Out = ""
	if _, filed := sub.Filed["journal"]; !filed {
		flags.Journal = filepath.Join(f.out, name, fleet.JournalFile)
	}
	p, err := outcome.Prepare(sub, cmd, &flags)
	if err != nil {
		return nil, about(err)
	}
	p.Cfg.Plain, p.Cfg.Brief, p.Cfg.GinkgoOutput = true, true, nil
	return &member{name: name, cfg: p.Cfg, door: p.Door, strict: flags.Strict}, nil
}

// named are the variables that the file names for the credentials of a target.
func named(a *app.App) (variables []string) {
	for _, v := range a.Named {
		variables = append(variables, v.Variable)
	}
	return variables
}

// judgeFleet judges members side by side, and writes an entry when each is finished. One that was interrupted has none.
func judgeFleet(ctx context.Context, a *app.App, suite *check.Suite, f *fleetFlags, members []*member) (entries []fleet.Entry) {
	var mu sync.Mutex
	var all sync.WaitGroup
	stop := heartbeatOfFleet(a, len(members), func() int {
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
			entry := judgeMember(ctx, suite, f, m)
			if ctx.Err() != nil {
				return
			}
			err := writeJSON(filepath.Join(f.out, m.name, fleet.EntryFile), entry)
			if err == nil {
				err = m.store.finished(ctx, m.name)
			}
			if err != nil {
				entry.ExitCode, entry.Text = app.ExitBroken, app.Meaning(app.ExitBroken)+": writing its entry: "+app.RootCause(err)
			}
			mu.Lock()
			defer mu.Unlock()
			entries = append(entries, entry)
			if !f.quiet {
				a.PrintErr("conformance: %s: exit %d: %s\n", m.name, entry.ExitCode, report.Printable(entry.Text))
			}
		})
	}
	all.Wait()
	return entries
}

// judgeMember judges one target, after what an earlier run left there is removed.
func judgeMember(ctx context.Context, suite *check.Suite, f *fleetFlags, m *member) fleet.Entry {
	failed := func(code int, text string) fleet.Entry {
		return fleet.Entry{
			SchemaVersion: fleet.SchemaVersion, Name: m.name, URL: m.cfg.Target, ExitCode: code, Text: text, StartedAt: time.Now().UTC(),
		}
	}
	if err := m.store.restore(ctx, m); err != nil {
		return failed(app.ExitUntold, app.Meaning(app.ExitUntold)+": the journal of an earlier run: "+err.Error())
	}
	if info, err := os.Stat(m.cfg.Journal); err == nil && info.Size() > 0 {
		if _, err := engine.Sweep(ctx, m.cfg, false); err != nil {
			return failed(app.ExitUntold, app.Meaning(app.ExitUntold)+": sweeping what an earlier run left: "+err.Error())
		}
	}
	if m.cfg.Contract != nil { // of this target alone
		var err error
		if suite, err = settings.LoadSuite(m.cfg.Contract); err != nil {
			return failed(app.ExitBroken, app.Meaning(app.ExitBroken)+": "+err.Error())
		}
	}
	copied := m.store.mirror(m)
	result, fault := engine.Judge(ctx, suite, m.cfg)
	unkept := copied.close()
	var mistake *engine.ConfigError
	switch {
	case errors.As(fault, &mistake):
		return failed(app.ExitWrong, mistake.Error())
	case result == nil:
		return failed(app.ExitBroken, fmt.Sprintf("%s: %v", app.Meaning(app.ExitBroken), fault))
	}
	m.door.Decide(result.Report)
	c := outcome.Conclude(result.Report, m.strict)
	if fault != nil {
		c = outcome.BrokenRun(fault)
	}
	var b bytes.Buffer
	err := reportjson.Render(&b, result.Report, report.Options{})
	if err == nil {
		err = outcome.WriteFile(filepath.Join(f.out, m.name, fleet.ReportFile), result.Secrets, b.Bytes())
	}
	if err == nil && c.Code != app.ExitConformant {
		b.Reset()
		if err = reporthtml.Render(&b, result.Report, report.Options{}); err == nil {
			err = outcome.WriteFile(filepath.Join(f.out, m.name, fleet.ReadFile), result.Secrets, b.Bytes())
		}
	}
	if err != nil {
		c = outcome.BrokenRun(fmt.Errorf("writing its report: %s", app.RootCause(err)))
	}
	if unkept != nil {
		c = outcome.BrokenRun(fmt.Errorf("keeping its journal: %s", app.RootCause(unkept)))
	}
	return fleet.EntryOf(m.name, result.Report, c.Code, strings.TrimSpace(result.Secrets.RedactString(c.Text)))
}

// heartbeatOfFleet says now and then how far a fleet is.
func heartbeatOfFleet(a *app.App, all int, done func() int) (stop func()) {
	ticker, over := time.NewTicker(outcome.Heartbeat), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				a.PrintErr("conformance: %d of %s judged\n", done(), app.Count(all, "target"))
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
