package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
)

func runCommand(a *app.App) *cobra.Command {
	var f settings.RunFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Judge a target, or the reference inside this process",
		Long: `Judges a target. Without --target, or with --reference, it starts the reference inside the process and judges that; if CI is
set, only with --reference. A variable that says what is judged must not be empty.

The run begins with the list and one create. If they are refused for a reason outside of the target (a wrong token,
organization, group, address or path, a proxy, a login page, 503 or 429 to everything), the run stops with exit code 3;
--no-preflight judges in any case.

Credentials come from the environment (CONFORMANCE_TOKEN, CONFORMANCE_RESTRICTED_TOKEN, CONFORMANCE_EXPIRED_TOKEN,
CONFORMANCE_NOT_YET_VALID_TOKEN) or from files (--token-file and so on), never from arguments. The token of the
run may also come from a command (--token-command) or a token endpoint (--oauth-token-url); both are asked again if
the token expires during the run. The run deletes every account that it creates.

The configuration file holds targets by name, and values of flags; "conformance init" writes one. A flag beats its
variable, and a variable beats the file.

Before a create is sent, its intent is on disk in the journal (--journal); after a crash or a lost network "conformance
sweep" removes what the journal names. --max-requests, --max-created and --rps are hard limits: requests beyond them are
not sent, and requirements that need them are inconclusive. "conformance plan" shows what would be sent. After --max-time,
or when it has used the CPU time of --max-cpu, the run sends nothing more, deletes what it created and writes the reports. Hosts that are known to be in
production are refused without --i-know-this-is-production. The first interrupt stops sending, cleans up within
--cleanup-timeout and writes the reports; the second stops at once.

With --profile only the conversations are held that the requirements of the profiles need. --only judges single requirements, and
--rerun-failed those that failed in an earlier run; then the gate rests on them alone, and the verdict stays incomplete. A
requirement that judges every response needs all conversations, and with --rerun-failed those that showed its failure.

Waivers (--waivers) and a baseline (--baseline) let known failures pass the gate; the verdict stays what it is, and the exit
code follows the gate; "conformance report REPORT --format waivers" prints the waivers to fill in.

Exit codes: 0 the gate passed (conformant, or known failures only), 1 it did not, 2 the command or its configuration is wrong, 3 could not tell,
4 the suite itself failed, 129, 130 and 143 stopped by SIGHUP, SIGINT or SIGTERM.`,
		Example: `  conformance run
  conformance run --target https://identity.example.com --organization 8f0a6bd2-… --group 5c1f… --out reports`,
		Args: app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runRun(a, cmd, &f) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.Bind(s)
	s.StringVar(&f.Events, "events", "", "`FILE` for what happens, as lines of JSON while it happens; - is standard output, and the\nreport then goes to standard error")
	f.DepthFlags.Bind(s)
	settings.CompleteOnly(cmd)
	return cmd
}

func runRun(a *app.App, cmd *cobra.Command, f *settings.RunFlags) error {
	p, err := outcome.Prepare(a, cmd, f)
	if err != nil {
		return err
	}
	p.Cfg.Brief = f.Out == ""
	send, err := settings.Traces(cmd.Context(), a, &p.Cfg)
	if err != nil {
		return err
	}
	defer send()
	log, err := outcome.OpenEvents(a, f.Events, &p.Cfg)
	if err != nil {
		return err
	}
	result, fault, err := outcome.JudgeTarget(cmd.Context(), a, p.Cfg, f.Quiet)
	if err != nil {
		return errors.Join(err, log.Close())
	}
	c := log.End(result.Report, result.Secrets, outcome.ShowResult(cmd.Context(), a, f, p.Out, p.Door, result, fault))
	send() // before the last line
	outcome.ConcludeRun(a, result, c)
	return nil
}
