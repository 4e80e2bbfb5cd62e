// Package outcome is what a command makes of a run: progress, reports, the gate, the last line and the exit code. It decides by the
// report alone.
package outcome

import (
	"fmt"
	"strings"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Conclusion is what a run comes to: an exit code, and what it means.
type Conclusion struct {
	Code int
	Text string
}

// Line is the last line of the run.
func (c Conclusion) Line() string { return fmt.Sprintf("exit %d: %s\n", c.Code, c.Text) }

func interruptedRun(code int, a report.Accounts) Conclusion {
	text := "interrupted: the reports hold what was judged until then"
	switch {
	case a.Left > 0:
		text += "; " + app.Count(a.Left, "service account") + " left"
	case !a.Verified:
		text += "; service accounts may be left"
	}
	if a.Sweep != "" {
		text += "; remove them: " + a.Sweep
	}
	return Conclusion{code, text}
}

func BrokenRun(err error) Conclusion {
	return Conclusion{app.ExitBroken, app.Meaning(app.ExitBroken) + ": " + err.Error()}
}

// Conclude reads the gate of a report.
func Conclude(r *report.Report, strict bool) Conclusion {
	switch r.Verdict {
	case report.Conformant, report.NonConformant, report.Incomplete:
		return gated(r, strict)
	default:
		return Conclusion{app.ExitBroken, fmt.Sprintf("%s: the report has no verdict (%q)", app.Meaning(app.ExitBroken), r.Verdict)}
	}
}

// failures counts what failed.
func (t counts) failures(strict bool) string {
	text := "non-conformant: " + app.Count(t.failed, "MUST requirement") + " failed"
	if t.following > 0 {
		text += fmt.Sprintf(" (%d following from others)", t.following)
	}
	if strict && t.warned > 0 {
		text += ", " + app.Count(t.warned, "SHOULD requirement") + " failed (--strict)"
	}
	return text
}

// counts counts requirements in the profiles that were asked for: failed MUSTs, those of them that follow from
// others, failed SHOULDs, and MUSTs without a verdict; what is waived is not counted.
type counts struct {
	failed, following, warned, unstable, inconclusive, untested int
}

func tally(r *report.Report) (t counts) {
	for _, result := range r.Results {
		switch must := result.Level == spec.Must; {
		case !r.Counts(result), result.Waived(), r.LeftOut(result):
		case result.Outcome == report.Fail && must:
			t.failed++
			if result.ConsequenceOf != "" {
				t.following++
			}
		case result.Outcome == report.Fail:
			t.warned++
		case result.Outcome == report.Unstable && must:
			t.unstable++
		case result.Outcome == report.Inconclusive && must:
			t.inconclusive++
		case result.Outcome == report.NotTested && must:
			t.untested++
		}
	}
	return t
}

// gap says why there is no verdict, and what to do about it.
func (t counts) gap(r *report.Report) string {
	if why, silent := strings.CutPrefix(r.Stopped, "the target answered nothing: "); silent {
		return fmt.Sprintf("%s did not answer: %s", r.Target.URL, why)
	} else if why != "" {
		return "nothing was judged: " + why
	}
	if cause, hint := silence(r); cause != "" {
		return fmt.Sprintf("%s did not answer: %s; %s", r.Target.URL, cause, hint)
	}
	var parts []string
	if t.unstable > 0 {
		parts = append(parts, app.Count(t.unstable, "MUST requirement")+" unstable")
	}
	if t.inconclusive > 0 {
		parts = append(parts, app.Count(t.inconclusive, "MUST requirement")+" inconclusive")
	}
	if t.untested > 0 {
		parts = append(parts, app.Count(t.untested, "MUST requirement")+" not tested")
	}
	if reason := exhaustion(r); reason != "" {
		parts = append(parts, reason)
	}
	if len(parts) == 0 {
		parts = append(parts, "not every MUST requirement has a verdict")
	}
	return strings.Join(parts, ", ")
}

// exhaustion says what this machine lacked for some requests; "" if it lacked nothing.
func exhaustion(r *report.Report) string {
	for _, e := range r.Exchanges {
		if reason, ok := strings.CutPrefix(e.Failure, "local: "); ok {
			return reason
		}
	}
	return ""
}

// silence tells why the target never answered; "" if it did.
func silence(r *report.Report) (cause, hint string) {
	for _, e := range r.Exchanges {
		if e.Response != nil {
			return "", ""
		}
		if cause == "" {
			cause = e.Failure
		}
	}
	if _, words, ok := strings.Cut(cause, ": "); ok { // "kind: words"
		cause = words
	}
	switch {
	case strings.Contains(cause, "authority"):
		hint = "name its authority with --ca-file"
	case strings.Contains(cause, "certificate"), strings.Contains(cause, "TLS"):
		hint = "check the URL and the certificate of the target"
	default:
		hint = "check --target, and that the target is running and open to this machine"
	}
	return cause, hint
}
