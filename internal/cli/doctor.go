package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/doctor"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
)

func (a *app) doctorCommand() *cobra.Command {
	var (
		f      targetFlags
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
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.config(cmd, &runFlags{targetFlags: f, concurrency: 1})
			if err != nil {
				return err
			}
			return a.doctor(cmd.Context(), cfg, asJSON)
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.bind(s)
	f.bindReference(s)
	s.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *app) doctor(ctx context.Context, cfg engine.Config, asJSON bool) error {
	d, err := doctor.Check(ctx, cfg)
	var mistake *engine.ConfigError
	if code, ok := interrupted(ctx); ok {
		return &failure{code: code, text: "interrupted: nothing can be told"}
	}
	switch {
	case errors.As(err, &mistake):
		return wrong("%s", mistake.Error())
	case err != nil:
		return broken("examining the target: %v", err)
	}
	end := conclusion{exitConformant, "nothing is wrong"}
	switch {
	case !d.Reached:
		end = conclusion{exitUntold, "the target is not reached"}
	case d.Health == doctor.Fail:
		end = conclusion{exitNonConformant, "something is wrong with the target or the credentials"}
	case d.Health == doctor.Warn:
		end.text = "nothing is wrong; the warnings say what will not be tested, or could not be told"
	}
	a.code = end.code
	if asJSON {
		return a.printJSON(d)
	}
	if err := diagnosis(a.out, d); err != nil {
		return a.written(err)
	}
	_, err = io.WriteString(a.out, end.line())
	return a.written(err)
}

// diagnosis prints a line for each symptom, and below it what to do.
func diagnosis(w io.Writer, d *doctor.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", d.Target)
	for _, s := range d.Symptoms {
		fmt.Fprintf(&b, "%-4s  %-19s  %s\n", s.Health, s.Name, report.Printable(s.Found))
		if s.Do != "" {
			fmt.Fprintf(&b, "%-4s  %-19s  -> %s\n", "", "", s.Do)
		}
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}
