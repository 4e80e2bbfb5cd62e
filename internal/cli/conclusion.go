package cli

import (
	"fmt"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// conclusion is what a run comes to: an exit code, and what it means.
type conclusion struct {
	code int
	text string
}

// line is the last line of the run.
func (c conclusion) line() string { return fmt.Sprintf("exit %d: %s\n", c.code, c.text) }

func interruptedRun(code int, a report.Accounts) conclusion {
	text := "interrupted: the reports hold what was judged until then"
	switch {
	case a.Left > 0:
		text += "; " + count(a.Left, "service account") + " left"
	case !a.Verified:
		text += "; service accounts may be left"
	}
	if a.Sweep != "" {
		text += "; remove them: " + a.Sweep
	}
	return conclusion{code, text}
}

func brokenRun(err error) conclusion {
	return conclusion{exitBroken, meaning(exitBroken) + ": " + err.Error()}
}

// conclude reads the gate of a report.
func conclude(r *report.Report, strict bool) conclusion {
	switch r.Verdict {
	case report.Conformant, report.NonConformant, report.Incomplete:
		return gated(r, strict)
	default:
		return conclusion{exitBroken, fmt.Sprintf("%s: the report has no verdict (%q)", meaning(exitBroken), r.Verdict)}
	}
}

// failures counts what failed.
func (t counts) failures(strict bool) string {
	text := "non-conformant: " + count(t.failed, "MUST requirement") + " failed"
	if t.following > 0 {
		text += fmt.Sprintf(" (%d following from others)", t.following)
	}
	if strict && t.warned > 0 {
		text += ", " + count(t.warned, "SHOULD requirement") + " failed (--strict)"
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
		parts = append(parts, count(t.unstable, "MUST requirement")+" unstable")
	}
	if t.inconclusive > 0 {
		parts = append(parts, count(t.inconclusive, "MUST requirement")+" inconclusive")
	}
	if t.untested > 0 {
		parts = append(parts, count(t.untested, "MUST requirement")+" not tested")
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
