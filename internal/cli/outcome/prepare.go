package outcome

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/github"
	"github.com/sa-conformance/conformance/internal/report/text"
	"github.com/sa-conformance/conformance/suites"
)

// prepared is what a run needs before anything is sent.
type prepared struct {
	Cfg  engine.Config
	Door Door
	Out  Outputs
}

func Prepare(a *app.App, cmd *cobra.Command, f *settings.RunFlags) (p prepared, err error) {
	if p.Cfg, err = settings.EngineConfig(a, cmd, f); err != nil {
		return p, err
	}
	if p.Cfg.Set, err = settings.ChosenSet(a, f.Set); err != nil {
		return p, err
	}
	if p.Door, err = OpenDoor(cmd.Context(), a, f, false); err != nil {
		return p, err
	}
	if err := p.Cfg.Guard(); err != nil { // before the reports of an earlier run are taken away
		return p, app.Wrong("%s", err.Error())
	}
	p.Out = Outputs{Dir: f.Out, Recording: true}
	return p, p.Out.Prepare(a.Source("out"))
}

// execute holds a run. The fault is one of the suite's own that came with a result.
func JudgeTarget(ctx context.Context, a *app.App, cfg engine.Config, quiet bool) (result *engine.Result, fault, err error) {
	live := newProgress(a, quiet)
	if live != nil {
		cfg.Progress = live
		defer live.Finished()
	}
	app.BoundMemory()
	defer app.OutlivePipes()()
	a.Remedy(cfg.SweepCommand())
	stop := context.AfterFunc(ctx, func() {
		live.say(a.Err, "conformance: interrupted: cleaning up; interrupt again to stop at once\n")
	})
	result, fault = suites.Judge(ctx, cfg)
	stop()
	if live != nil {
		live.Finished()
	}
	var mistake *engine.ConfigError
	switch {
	case errors.As(fault, &mistake):
		return nil, nil, app.Wrong("%s", mistake.Error())
	case result == nil && ctx.Err() != nil:
		code, _ := app.Interrupted(ctx)
		return nil, nil, &app.Failure{Code: code, Text: "interrupted before anything was sent to the target"}
	case fault != nil && result == nil:
		return nil, nil, app.Broken("running the suite: %v", fault)
	}
	return result, fault, nil
}

// Deliver writes what was asked for, each piece whatever becomes of the others, and then the last line. The fault is
// one of the suite's own that came with a result.
func Deliver(ctx context.Context, a *app.App, f *settings.RunFlags, out Outputs, door Door, result *engine.Result, fault error) {
	ConcludeRun(a, result, ShowResult(ctx, a, f, out, door, result, fault))
}

// ShowResult writes the reports, and says what the run comes to.
func ShowResult(ctx context.Context, a *app.App, f *settings.RunFlags, out Outputs, door Door, result *engine.Result, fault error) Conclusion {
	door.Decide(result.Report)
	conclusion := Conclude(result.Report, f.Strict)
	if code, ok := app.Interrupted(ctx); ok {
		conclusion = interruptedRun(code, result.Report.Accounts)
	}
	if fault != nil {
		conclusion = BrokenRun(fault)
	}
	for _, err := range out.Write(result) {
		a.PrintErr("conformance: %s\n", err)
		conclusion = BrokenRun(err)
	}
	summarize(a, result.Report, result.Secrets)
	if err := printReport(a, f, result.Report, result.Secrets); err != nil {
		a.PrintErr("conformance: writing to standard output: %s\n", app.RootCause(err))
		conclusion = BrokenRun(fmt.Errorf("writing to standard output: %s", app.RootCause(err)))
	}
	return conclusion
}

// ConcludeRun prints the last line.
func ConcludeRun(a *app.App, result *engine.Result, c Conclusion) {
	line := result.Secrets.RedactString(c.Line())
	out, _ := shownOn(a)
	if _, err := out.Write([]byte(line)); err != nil {
		a.PrintErr("%s", line)
	}
	a.Code = c.Code
}

func printReport(a *app.App, f *settings.RunFlags, r *report.Report, secrets *redact.Registry) error {
	out, plain := shownOn(a)
	w := secrets.Writer(out)
	err := withoutCommands(a, w, func() error {
		return text.Render(w, r, report.Options{
			Color:   a.Colored(f.NoColor) && !a.Streaming,
			Verbose: a.Verbose,
			Quiet:   f.Quiet,
			Width:   app.Width(plain),
		})
	})
	if annotated(a) {
		err = errors.Join(err, github.Render(w, r, report.Options{}))
	}
	return errors.Join(err, w.Flush())
}
