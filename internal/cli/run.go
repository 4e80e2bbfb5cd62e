package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/formats"
	"github.com/sa-conformance/conformance/internal/report/github"
	"github.com/sa-conformance/conformance/internal/report/text"
	"github.com/sa-conformance/conformance/suites"
)

// runFlags are the flags of "conformance run".
type runFlags struct {
	targetFlags
	safetyFlags
	gateFlags
	onlyFlags
	depthFlags
	concurrency              int
	await, revocation        time.Duration
	set, contract            string
	profiles                 []string
	focus, labelFilter       string
	strict, acceptIncomplete bool
	out, events              string
	noColor, quiet           bool
	noPreflight, disguise    bool
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
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
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.run(cmd, &f) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.bind(s)
	s.StringVar(&f.events, "events", "", "`FILE` for what happens, as lines of JSON while it happens; - is standard output, and the\nreport then goes to standard error")
	f.depthFlags.bind(s)
	completeOnly(cmd)
	return cmd
}

func (f *runFlags) bind(s *pflag.FlagSet) {
	f.targetFlags.bind(s)
	f.bindReference(s)
	s.DurationVar(&f.await, "await", 5*time.Second, "how long reads may lag behind writes, and a new token may be refused")
	s.DurationVar(&f.revocation, "revocation-window", 5*time.Second, "how long a token may still work after rotation, as declared by the target's operator")
	s.IntVar(&f.concurrency, "concurrency", 8, "probes at a time, 1 to 64 (\"conformance plan\" says how many requests one sends at once)")
	s.BoolVar(&f.noPreflight, "no-preflight", false, "judge in any case: do not stop if the first requests show a wrong token, group, address or proxy")
	s.BoolVar(&f.disguise, "disguise", false, "draw names, descriptions and header fields from what ordinary clients send, so that a target cannot tell the run by them")
	f.safetyFlags.bind(s)
	f.bindSet(s)
	f.bindContract(s)
	f.gateFlags.bind(s)
	s.StringSliceVar(&f.profiles, "profile", nil, "`PROFILE` to judge (repeatable): core, token, lifecycle, hardening")
	f.onlyFlags.bind(s)
	s.StringVar(&f.focus, "focus", "", "`REGEXP` over section, id and statement: judge only what matches")
	s.StringVar(&f.labelFilter, "label-filter", "", "Ginkgo label `FILTER`: judge only what matches")
	s.BoolVar(&f.strict, "strict", false, "a failed SHOULD is an error, not a warning")
	s.BoolVar(&f.acceptIncomplete, "accept-incomplete", false, "exit 0, not 3, if the verdict is incomplete")
	s.StringVar(&f.out, "out", "", "`DIR` for the reports ("+strings.Join(formats.Files(), ", ")+") and recording.har")
	s.BoolVar(&f.noColor, "no-color", false, "no colors")
	s.BoolVar(&f.quiet, "quiet", false, "only failures, accounts that may be left, and the verdict")
}

func (a *app) run(cmd *cobra.Command, f *runFlags) error {
	p, err := a.prepare(cmd, f)
	if err != nil {
		return err
	}
	p.cfg.Brief = f.out == ""
	send, err := a.traces(cmd.Context(), &p.cfg)
	if err != nil {
		return err
	}
	defer send()
	log, err := a.openEvents(f.events, &p.cfg)
	if err != nil {
		return err
	}
	result, fault, err := a.judgeTarget(cmd.Context(), p.cfg, f.quiet)
	if err != nil {
		return errors.Join(err, log.close())
	}
	c := log.end(result.Report, result.Secrets, a.show(cmd.Context(), f, p.out, p.door, result, fault))
	send() // before the last line
	a.end(result, c)
	return nil
}

// prepared is what a run needs before anything is sent.
type prepared struct {
	cfg  engine.Config
	door door
	out  outputs
}

func (a *app) prepare(cmd *cobra.Command, f *runFlags) (p prepared, err error) {
	if p.cfg, err = a.config(cmd, f); err != nil {
		return p, err
	}
	if p.cfg.Set, err = a.chosenSet(f.set); err != nil {
		return p, err
	}
	if p.door, err = a.door(cmd.Context(), f, false); err != nil {
		return p, err
	}
	if err := p.cfg.Guard(); err != nil { // before the reports of an earlier run are taken away
		return p, wrong("%s", err.Error())
	}
	p.out = outputs{dir: f.out, recording: true}
	return p, p.out.prepare(a.source("out"))
}

// execute holds a run. The fault is one of the suite's own that came with a result.
func (a *app) judgeTarget(ctx context.Context, cfg engine.Config, quiet bool) (result *engine.Result, fault, err error) {
	live := a.progress(quiet)
	if live != nil {
		cfg.Progress = live
		defer live.Finished()
	}
	boundMemory()
	defer outlivePipes()()
	a.remedy(cfg.SweepCommand())
	stop := context.AfterFunc(ctx, func() {
		live.say(a.err, "conformance: interrupted: cleaning up; interrupt again to stop at once\n")
	})
	result, fault = suites.Judge(ctx, cfg)
	stop()
	if live != nil {
		live.Finished()
	}
	var mistake *engine.ConfigError
	switch {
	case errors.As(fault, &mistake):
		return nil, nil, wrong("%s", mistake.Error())
	case result == nil && ctx.Err() != nil:
		code, _ := interrupted(ctx)
		return nil, nil, &failure{code: code, text: "interrupted before anything was sent to the target"}
	case fault != nil && result == nil:
		return nil, nil, broken("running the suite: %v", fault)
	}
	return result, fault, nil
}

// deliver writes what was asked for, each piece whatever becomes of the others, and then the last line. The fault is
// one of the suite's own that came with a result.
func (a *app) deliver(ctx context.Context, f *runFlags, out outputs, door door, result *engine.Result, fault error) {
	a.end(result, a.show(ctx, f, out, door, result, fault))
}

// show writes the reports, and says what the run comes to.
func (a *app) show(ctx context.Context, f *runFlags, out outputs, door door, result *engine.Result, fault error) conclusion {
	door.decide(result.Report)
	conclusion := conclude(result.Report, f.strict)
	if code, ok := interrupted(ctx); ok {
		conclusion = interruptedRun(code, result.Report.Accounts)
	}
	if fault != nil {
		conclusion = brokenRun(fault)
	}
	for _, err := range out.write(result) {
		a.printErr("conformance: %s\n", err)
		conclusion = brokenRun(err)
	}
	a.summarize(result.Report, result.Secrets)
	if err := a.printReport(f, result.Report, result.Secrets); err != nil {
		a.printErr("conformance: writing to standard output: %s\n", rootCause(err))
		conclusion = brokenRun(fmt.Errorf("writing to standard output: %s", rootCause(err)))
	}
	return conclusion
}

// end prints the last line.
func (a *app) end(result *engine.Result, c conclusion) {
	line := result.Secrets.RedactString(c.line())
	out, _ := a.shownOn()
	if _, err := out.Write([]byte(line)); err != nil {
		a.printErr("%s", line)
	}
	a.code = c.code
}

func (a *app) printReport(f *runFlags, r *report.Report, secrets *redact.Registry) error {
	out, plain := a.shownOn()
	w := secrets.Writer(out)
	err := a.withoutCommands(w, func() error {
		return text.Render(w, r, report.Options{
			Color:   a.colored(f.noColor) && !a.streaming,
			Verbose: a.verbose,
			Quiet:   f.quiet,
			Width:   width(plain),
		})
	})
	if a.annotated() {
		err = errors.Join(err, github.Render(w, r, report.Options{}))
	}
	return errors.Join(err, w.Flush())
}
