package certificate

import (
	"fmt"
	"net/url"
	"regexp"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Obstacles are the reasons, one line each, why there is no certificate for a report; none if there is one. Needs are those
// that the vendor says are not offered.
func Obstacles(r *report.Report, needs []spec.Need) (reasons []string) {
	add := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	if !r.Complete {
		add("the run ended early")
	}
	scored, open := 0, 0
	for _, result := range r.Results {
		if !r.Counts(result) || result.Level != spec.Must {
			continue
		}
		scored++
		if unoffered(result, needs) {
			open++
			continue
		}
		if result.Outcome != report.Pass {
			add("%s: %s", result.ID, words(result))
		}
	}
	if scored == open {
		add("no MUST of the set %s is in the profiles that were asked for", r.Set.Name)
	}
	if r.Verdict != report.Conformant && (r.Verdict != report.Incomplete || open == 0) {
		add("the verdict is %s", r.Verdict)
	}
	if r.Configuration.Depth == "smoke" {
		add("the run was of the depth smoke; a certificate needs standard")
	}
	if r.Configuration.Contract != nil {
		add("schemas were judged by a document that the operator gave; a certificate needs the contract")
	}
	if r.Configuration.Focus != "" || r.Configuration.LabelFilter != "" || len(r.Configuration.Only) > 0 {
		add("the run was filtered")
	}
	address, err := url.Parse(r.Target.URL)
	switch {
	case r.Target.Embedded:
		add("the target was the reference inside the process, which nobody else can reach")
	case err != nil || address.Scheme != "https":
		add("the target is not https: nobody knows who answered")
	case r.Target.Insecure:
		add("the target's certificate was not verified (--insecure)")
	}
	for _, limit := range r.LimitsHit {
		add("%s", limit)
	}
	return reasons
}

func words(r report.Result) string {
	text := string(r.Outcome)
	if r.Outcome == report.NotTested {
		text = "not tested"
	}
	if r.Message != "" {
		text += " (" + r.Message + ")"
	}
	return text
}

// challengeShape keeps names of accounts valid and within their 63 characters.
var challengeShape = regexp.MustCompile(`^[0-9a-z]{8,20}$`)

// CheckChallenge tells whether a text can be a challenge: it stands in the name of every account that a run creates.
func CheckChallenge(nonce string) error {
	if !challengeShape.MatchString(nonce) {
		return fmt.Errorf("a challenge has 8 to 20 characters, lower-case letters and digits alone, such as the output of: openssl rand -hex 10")
	}
	return nil
}
