package report

import (
	"crypto/sha256"
	"fmt"
	"slices"
)

// CaseStatus is how formats of tests call an outcome.
type CaseStatus string

// The statuses. An inconclusive result is CaseBroken: the test itself could not be made.
const (
	CasePassed  CaseStatus = "passed"
	CaseFailed  CaseStatus = "failed"
	CaseBroken  CaseStatus = "broken"
	CaseSkipped CaseStatus = "skipped"
)

// StatusOf is the status of a result: a warning passes; a failure that is waived, and what is not scored, is skipped.
func StatusOf(r *Report, x Result) CaseStatus {
	switch {
	case bool(x.Unscored), x.Waived():
		return CaseSkipped
	case IsWarning(x, r.Configuration.Strict), x.Outcome == Pass:
		return CasePassed
	case x.Outcome.Broke():
		return CaseFailed
	case x.Outcome == Inconclusive:
		return CaseBroken
	}
	return CaseSkipped
}

// CaseNote says in one line what is remarkable about a result; "" for a plain pass.
func CaseNote(r *Report, x Result) string {
	text, how := Summary(x), StandingNote(x)
	if r.Stopped != "" { // the message is the reason, and what to do about it
		text = Found(x)
	}
	switch {
	case how != "":
		return Printable(how) + ": " + text
	case IsWarning(x, r.Configuration.Strict):
		return "warning: " + text
	case x.Outcome == Pass && x.Message == "":
		return ""
	}
	return text
}

// Cases are the results that formats of tests show: those of the profiles that were asked for and of a team, scored or not.
func Cases(r *Report) []Result {
	return slices.DeleteFunc(slices.Clone(r.Results), func(x Result) bool {
		x.Unscored = false
		return !r.Shows(x)
	})
}

// Fingerprint names a requirement at a target: the same in every run. It is hexadecimal.
func Fingerprint(r *Report, x Result) string {
	sum := sha256.Sum256([]byte(x.ID + "\n" + r.Target.URL))
	return fmt.Sprintf("%x", sum[:16])
}

// RunFingerprint names a result of this run alone, in the form of a UUID.
func RunFingerprint(r *Report, x Result) string {
	sum := sha256.Sum256([]byte(x.ID + "\n" + r.Target.URL + "\n" + r.RunID + "\n" + r.StartedAt.UTC().String()))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // version 8 (RFC 9562 section 5.8)
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
