package uicmd

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/certifycmd"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/compare"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/ui"
	"github.com/sa-conformance/conformance/suites"
)

// uiBackend does for the web interface what commands do.
type uiBackend struct {
	*app.App

	config string
}

// credentialVariables are those that a set-up may take from the environment.
var credentialVariables = []string{"CONFORMANCE_TOKEN", "CONFORMANCE_RESTRICTED_TOKEN", "CONFORMANCE_EXPIRED_TOKEN", "CONFORMANCE_NOT_YET_VALID_TOKEN"}

// beside are variables that say nothing of what is judged, and stay in force beside a set-up.
var beside = append([]string{
	"CONFORMANCE_TOKEN_FILE", "CONFORMANCE_RESTRICTED_TOKEN_FILE", "CONFORMANCE_EXPIRED_TOKEN_FILE", "CONFORMANCE_NOT_YET_VALID_TOKEN_FILE",
	"CONFORMANCE_TOKEN_COMMAND", "CONFORMANCE_OAUTH_TOKEN_URL", "CONFORMANCE_OAUTH_CLIENT_ID", "CONFORMANCE_OAUTH_CLIENT_SECRET",
	"CONFORMANCE_OAUTH_CLIENT_SECRET_FILE", "CONFORMANCE_OAUTH_SCOPE", "CONFORMANCE_CERT", "CONFORMANCE_KEY", "CONFORMANCE_CA_FILE", "CONFORMANCE_JOURNAL",
	"CONFORMANCE_TIMEOUT", "CONFORMANCE_AWAIT", "CONFORMANCE_REVOCATION_WINDOW", "CONFORMANCE_MAX_TIME",
}, credentialVariables...)

// scratch is an app that reads a set-up as the command line reads flags: its warnings are collected, its typed credentials
// stand in the place of variables, and what variables say of the target or of CI is not heard.
func (b *uiBackend) scratch(secrets map[string]string) (*app.App, *bytes.Buffer) {
	var warnings bytes.Buffer
	p := b.Process
	p.Lookup = func(name string) (string, bool) {
		if value, typed := secrets[name]; typed {
			return value, true
		}
		if strings.HasPrefix(name, "CONFORMANCE_") && !slices.Contains(beside, name) || name == "CI" {
			return "", false
		}
		return b.Lookup(name)
	}
	return &app.App{Process: p, Out: &app.Gate{W: &bytes.Buffer{}}, Err: &app.Gate{W: &warnings}, OfRun: b.OfRun}, &warnings
}

// read parses arguments of run, and brings in variables and the configuration file.
func (b *uiBackend) read(a *app.App, args []string) (*cobra.Command, *settings.RunFlags, error) {
	f := &settings.RunFlags{}
	cmd := &cobra.Command{Use: "run", SilenceErrors: true, SilenceUsage: true}
	f.Bind(cmd.Flags())
	f.DepthFlags.Bind(cmd.Flags())
	cmd.SetFlagErrorFunc(app.FlagError)
	if b.config != "" {
		args = append(args, "--config="+b.config)
	}
	if err := cmd.ParseFlags(args); err != nil {
		return nil, nil, app.FlagError(cmd, err)
	}
	if err := a.BindVariables(cmd); err != nil {
		return nil, nil, err
	}
	return cmd, f, a.BindFile(cmd)
}

// Config makes the configuration of a run as "conformance run" does.
func (b *uiBackend) Config(_ context.Context, s *ui.Setup) (cfg engine.Config, warnings []string, err error) {
	a, said := b.scratch(s.Secrets)
	cmd, f, err := b.read(a, s.Args())
	if err != nil {
		return cfg, nil, err
	}
	if cfg, err = settings.EngineConfig(a, cmd, f); err != nil {
		return cfg, nil, err
	}
	if cfg.Set, err = settings.ChosenSet(a, f.Set); err != nil {
		return cfg, nil, err
	}
	if err := cfg.Guard(); err != nil {
		return cfg, nil, app.Wrong("%s", err.Error())
	}
	cfg.GinkgoOutput = nil
	for line := range strings.Lines(said.String()) {
		warnings = append(warnings, report.Printable(strings.TrimPrefix(strings.TrimSpace(line), "conformance: warning: ")))
	}
	return cfg, warnings, nil
}

// Targets reads the configuration file.
func (b *uiBackend) Targets() (names []string, file string, err error) {
	a, _ := b.scratch(nil)
	file = b.config
	if file == "" {
		if _, err := os.Stat(app.ConfigName); err != nil {
			return nil, "", nil //nolint:nilerr // there is none
		}
		file = app.ConfigName
	}
	read, _, err := a.ReadConfig("--config", file)
	if err != nil {
		return nil, file, err
	}
	for _, t := range read.Targets {
		names = append(names, t.Text)
	}
	if i := slices.Index(names, read.Default.Text); i > 0 { // the default comes first
		names = slices.Insert(slices.Delete(names, i, i+1), 0, read.Default.Text)
	}
	return names, file, nil
}

// Suggested reads the variables of the environment.
func (b *uiBackend) Suggested() (*ui.Setup, []string) {
	value := func(name string) string {
		value, _ := b.Lookup("CONFORMANCE_" + name)
		return value
	}
	s := &ui.Setup{
		Kind: "address", URL: value("TARGET"), Organization: value("ORGANIZATION"), OtherOrganization: value("OTHER_ORGANIZATION"), CAFile: value("CA_FILE"),
		Groups: strings.FieldsFunc(value("GROUP"), func(c rune) bool { return c == ',' }),
	}
	if names, _, err := b.Targets(); err == nil && len(names) > 0 && s.URL == "" {
		s.Kind, s.Name = "named", value("TARGET_NAME")
	}
	var given []string
	for _, name := range credentialVariables {
		if held, _ := b.Lookup(name); held != "" {
			given = append(given, name)
		}
	}
	return s, given
}

// Judge holds a run. What the set-up names for a certificate stands behind a run of all requirements.
func (b *uiBackend) Judge(ctx context.Context, cfg engine.Config, s *ui.Setup) (*engine.Result, ui.Backing, error) {
	b.Remedy(cfg.SweepCommand())
	if len(s.Only) > 0 {
		result, err := suites.Judge(ctx, cfg)
		return result, nil, err
	}
	a, _ := b.scratch(nil)
	backers := certifycmd.Backers{
		Challenge: s.Challenge, Version: s.TargetVersion, Witness: s.Witness, WitnessToken: s.WitnessToken, WitnessCA: s.WitnessCA, Runs: s.Runs,
	}
	backing, err := backers.Begin(ctx, a, &cfg)
	if err != nil {
		return nil, nil, err
	}
	result, err := suites.Judge(ctx, cfg)
	return result, backing, errors.Join(err, backing.End(ctx, result))
}

// uiWaivers reads the file of waivers; one that is not there yet holds nothing.
func uiWaivers(a *app.App, path string) ([]report.Waiver, error) {
	if _, err := os.Stat(path); path == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return outcome.Waivers(a, path)
}

// Decide decides the gate by the waivers as they are now.
func (b *uiBackend) Decide(r *report.Report, waivers string) error {
	all, err := uiWaivers(b.App, waivers)
	if err != nil {
		return err
	}
	outcome.Door{Waivers: all}.Decide(r)
	return nil
}

// Save writes the reports of a run.
func (b *uiBackend) Save(dir string, result *engine.Result) error {
	o := outcome.Outputs{Dir: dir, Recording: true}
	if err := o.Prepare("--dir"); err != nil {
		return err
	}
	return errors.Join(o.Write(result)...)
}

// Write writes the file of waivers.
func (b *uiBackend) Write(path string, data []byte) error {
	if err := outcome.WriteFile(path, redact.New(), data); err != nil {
		return app.Wrong("%s cannot be written: %s", app.Shown(path), app.RootCause(err))
	}
	return nil
}

// Load reads a report.
func (b *uiBackend) Load(path string) (*report.Report, error) { return b.ReadReport("", path) }

// Compare compares two runs as "conformance compare" does.
func (b *uiBackend) Compare(ctx context.Context, old, next string) (*compare.Comparison, error) {
	before, err := outcome.LoadBaseline(ctx, b.App, old, "")
	if err != nil {
		return nil, err
	}
	after, recorded, err := outcome.LoadRun(ctx, b.App, next)
	if err != nil {
		return nil, err
	}
	return before.Compare(after, recorded), nil
}
