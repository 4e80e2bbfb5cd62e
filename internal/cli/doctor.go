package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/doctor"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
)

func doctorCommand(a *app.App) *cobra.Command {
	var (
		f      settings.TargetFlags
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell whether a run against a target would find what it needs",
		Long: `Checks a target before a run: its address, its certificate, the clocks, each credential, the organization, limits, and what
earlier runs left. It sends about ten requests, and creates, changes and deletes nothing. Each line says what was found, and
what to do.

Exit codes: 0 nothing is wrong, 1 something is wrong with the target or the credentials, 2 the command or its
configuration is wrong, 3 the target is not reached.`,
		Example: `  conformance doctor --target-name staging`,
		Args:    app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := settings.EngineConfig(a, cmd, &settings.RunFlags{TargetFlags: f, Concurrency: 1})
			if err != nil {
				return err
			}
			return runDoctor(cmd.Context(), a, cfg, asJSON)
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.Bind(s)
	f.BindReference(s)
	s.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func runDoctor(ctx context.Context, a *app.App, cfg engine.Config, asJSON bool) error {
	d, err := doctor.Check(ctx, cfg)
	var mistake *engine.ConfigError
	if code, ok := app.Interrupted(ctx); ok {
		return &app.Failure{Code: code, Text: "interrupted: nothing can be told"}
	}
	switch {
	case errors.As(err, &mistake):
		return app.Wrong("%s", mistake.Error())
	case err != nil:
		return app.Broken("examining the target: %v", err)
	}
	end := outcome.Conclusion{Code: app.ExitConformant, Text: "nothing is wrong"}
	switch {
	case !d.Reached:
		end = outcome.Conclusion{Code: app.ExitUntold, Text: "the target is not reached"}
	case d.Health == doctor.Fail:
		end = outcome.Conclusion{Code: app.ExitNonConformant, Text: "something is wrong with the target or the credentials"}
	case d.Health == doctor.Warn:
		end.Text = "nothing is wrong; the warnings say what will not be tested, or could not be told"
	}
	a.Code = end.Code
	if asJSON {
		return a.PrintJSON(d)
	}
	if err := printFindings(a.Out, d); err != nil {
		return a.Written(err)
	}
	_, err = io.WriteString(a.Out, end.Line())
	return a.Written(err)
}

// printFindings prints a line for each finding, and below it what to do.
func printFindings(w io.Writer, d *doctor.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", d.Target)
	for _, s := range d.Findings {
		fmt.Fprintf(&b, "%-4s  %-19s  %s\n", s.Health, s.Name, report.Printable(s.Found))
		if s.Do != "" {
			fmt.Fprintf(&b, "%-4s  %-19s  -> %s\n", "", "", s.Do)
		}
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}
