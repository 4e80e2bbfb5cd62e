package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
)

// sweepFlags are the flags of "conformance sweep".
type sweepFlags struct {
	settings.TargetFlags
	settings.SafetyFlags
	dryRun, asJSON bool
}

func sweepCommand(a *app.App) *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Remove what runs that were cut short left on a target",
		Long: `Reads the journal, lists the target's organization, deletes the accounts that the journal names for both of them, by
their unique name or by their id, and nothing else, and reads the list again to make sure. What is gone is marked in the
journal, and runs that left nothing are taken out of it.

Exit codes: 0 nothing is left, 1 something is left, 2 the command or its configuration is wrong, 3 the list could not
be read.`,
		Example: `  conformance sweep --target https://identity.example.com --organization 8f0a6bd2-… --dry-run`,
		Args:    app.NoArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runSweep(a, cmd, &f) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.TargetFlags.Bind(s)
	f.BindRate(s)
	f.BindJournal(s)
	s.BoolVar(&f.dryRun, "dry-run", false, "say what would be deleted, and delete nothing")
	s.BoolVar(&f.asJSON, "json", false, "print JSON")
	return cmd
}

func runSweep(a *app.App, cmd *cobra.Command, f *sweepFlags) error {
	ctx := cmd.Context()
	cfg := engine.Config{Insecure: f.Insecure, Timeout: f.Timeout}
	if f.Timeout <= 0 {
		return app.Wrong("%s: %s is not positive; write 10s or 1m30s", a.Source("timeout"), f.Timeout)
	}
	if f.Target == "" {
		return app.Wrong("the target is missing; add --target URL or set CONFORMANCE_TARGET")
	}
	if err := settings.SetSafety(a, &f.SafetyFlags, f.Target, &cfg); err != nil {
		return err
	}
	if err := settings.SetTarget(a, &f.TargetFlags, &cfg); err != nil {
		return err
	}
	if _, err := os.Stat(cfg.Journal); errors.Is(err, fs.ErrNotExist) && f.Journal == "" {
		_, err := fmt.Fprintf(a.Out, "exit 0: nothing is left: no run has written a journal (%s)\n", cfg.Journal)
		return a.Written(err)
	}
	defer app.OutlivePipes()()
	swept, err := engine.Sweep(ctx, cfg, f.dryRun)
	var mistake *engine.ConfigError
	switch {
	case errors.As(err, &mistake):
		return app.Wrong("%s", mistake.Error())
	case swept == nil:
		return app.Broken("sweeping: %v", err)
	}
	conclusion := concludeSweep(swept)
	if code, ok := app.Interrupted(ctx); ok {
		conclusion.Code = code
		conclusion.Text = "interrupted: " + conclusion.Text
	}
	if swept.Unwritten != "" {
		a.Warn("the journal %s cannot be written: %s; what was deleted stays deleted, and the next sweep looks for it again", swept.Journal, swept.Unwritten)
	}
	a.Code = conclusion.Code
	if f.asJSON {
		return a.PrintJSON(swept)
	}
	if err := printSwept(a.Out, swept); err != nil {
		return a.Written(err)
	}
	_, err = io.WriteString(a.Out, conclusion.Line())
	return a.Written(err)
}

func concludeSweep(s *engine.Swept) outcome.Conclusion {
	switch {
	case s.Unreadable != "":
		return outcome.Conclusion{Code: app.ExitUntold, Text: app.Meaning(app.ExitUntold) + ": the list could not be read: " + s.Unreadable + "; check --target and the token"}
	case s.DryRun && s.Left > 0:
		return outcome.Conclusion{Code: app.ExitNonConformant, Text: app.Count(s.Left, "service account") + " would be deleted"}
	case s.Left > 0:
		return outcome.Conclusion{Code: app.ExitNonConformant, Text: app.Count(s.Left, "service account") + " left; sweep again, or delete by hand"}
	case !s.Verified && len(s.Unclear) > 0:
		return outcome.Conclusion{Code: app.ExitUntold, Text: app.Meaning(app.ExitUntold) + ": " + s.Unclear[0]}
	case !s.Verified && s.Newcomers > 0 && len(s.Refused) == 0:
		return outcome.Conclusion{Code: app.ExitConformant, Text: "nothing is left that is known to be of these runs"}
	case !s.Verified:
		return outcome.Conclusion{Code: app.ExitUntold, Text: app.Meaning(app.ExitUntold) + ": the list does not show whether something is left"}
	case len(s.Refused) > 0:
		return outcome.Conclusion{Code: app.ExitUntold, Text: app.Meaning(app.ExitUntold) + ": nothing is removed by a part of the journal; look at the accounts by hand, and remove these lines"}
	default:
		return outcome.Conclusion{Code: app.ExitConformant, Text: "nothing is left"}
	}
}

func printSwept(w io.Writer, s *engine.Swept) error {
	var b strings.Builder
	for _, account := range s.Accounts {
		word := "left"
		switch {
		case account.Gone:
			word = "deleted"
		case s.DryRun:
			word = "would be deleted"
		}
		fmt.Fprintf(&b, "%s: %s (%s)\n", word, report.Printable(account.Name), report.Printable(account.ID))
	}
	if s.Damaged > 0 {
		fmt.Fprintf(&b, "%s of the journal cut short; nothing was created for them\n", app.Count(s.Damaged, "line"))
	}
	if s.Unseen > 0 {
		fmt.Fprintf(&b, "%s cut off less than two minutes ago and not to be seen: sweep again later to be certain\n", app.Count(s.Unseen, "create"))
	}
	for _, refused := range s.Refused {
		fmt.Fprintf(&b, "nothing is removed by the journal of %s\n", report.Printable(refused))
	}
	for _, unclear := range s.Unclear {
		fmt.Fprintf(&b, "not known: %s\n", report.Printable(unclear))
	}
	if s.Newcomers > 0 {
		fmt.Fprintf(&b, "not known: accounts of the time of these runs, and that they did not create by a response that they saw: %d; they may be those of other clients\n", s.Newcomers)
	}
	verified := ""
	switch {
	case s.Unreadable != "" || len(s.Unclear) > 0 || s.Newcomers > 0:
		verified = " (not verified)"
	case s.Verified:
		verified = " (verified by list)"
	}
	fmt.Fprintf(&b, "Swept %s by %s: %s unfinished with %s, found %d, deleted %d, left %d%s\n", s.Target, s.Journal,
		app.Count(len(s.Runs), "run"), app.Count(s.Named, "create"), len(s.Accounts), s.Deleted, s.Left, verified)
	_, err := io.WriteString(w, b.String())
	return err
}
