package certifycmd

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/manual"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/report"
)

// PrintVerification tells the four things apart, and then what else is to be known. Texts of the bundle are made printable.
func PrintVerification(w *bytes.Buffer, v *certificate.Verification, c outcome.Conclusion) {
	line := func(title, text string) { fmt.Fprintf(w, "%-18s %s\n", title, report.Printable(text)) }
	more := func(text string) { fmt.Fprintf(w, "%-18s %s\n", "", report.Printable(text)) }
	if claims := v.Claims; claims != nil {
		target := claims.Target.URL
		if claims.Target.Version != "" {
			target += ", version " + claims.Target.Version + " (by its operator's word)"
		}
		if claims.Target.Tells != "" {
			target += ", which calls itself " + claims.Target.Tells
		}
		line("target", target)
		line("claims", fmt.Sprintf("%s, profiles %s, set %s, depth %s", claims.Words(), app.Join(claims.Profiles), claims.Set.Name, cmp.Or(claims.Depth, "standard")))
		line("suite", fmt.Sprintf("%s (%s), found %d of %d defects, spared %d of %d variants", claims.Suite.Version, cmp.Or(claims.Suite.Commit, "no commit"),
			claims.Suite.Proof.Killed, claims.Suite.Proof.Defects, claims.Suite.Proof.Spared, claims.Suite.Proof.Variants))
		line("valid", claims.ValidFrom.UTC().Format(time.RFC3339)+" to "+claims.ValidUntil.UTC().Format(time.RFC3339))
		if v.Date != "" {
			more(v.Date)
		}
		w.WriteByte('\n')
	}
	signature := v.Signature
	if v.Signature == certificate.Unsigned {
		signature = "NONE: the bundle is not signed, and nobody stands for it"
	}
	line("signature", signature)
	if v.SignatureProblem != "" {
		more(v.SignatureProblem)
	}
	if v.KeyID != "" {
		more("key id " + v.KeyID)
	}
	printIdentity(more, v.Identity)
	line("evidence", choose(v.Complete, "complete", "not complete"))
	for _, p := range v.Evidence {
		more(p.String())
	}
	line("verdict", choose(v.Reproduces, "reproduces: this suite finds "+string(v.Judged)+" in the recording", "does not reproduce"))
	if v.VerdictProblem != "" {
		more(v.VerdictProblem)
	}
	for _, d := range v.Differences {
		more(fmt.Sprintf("%s (%s): was %s, is %s: %s", d.ID, d.Level, d.Was, d.Now, d.Message))
	}
	line("not re-judgeable", choose(len(v.NotRejudgeable) == 0, "nothing", plural(len(v.NotRejudgeable), "requirement rests", "requirements rest")+" on the word of the "+wordOf(v)))
	for _, u := range v.NotRejudgeable {
		more(fmt.Sprintf("%s (%s, %s): %s", u.ID, u.Level, u.Was, u.Reason))
	}
	if len(v.Conditions) > 0 {
		line("conditions", "not met")
		for _, condition := range v.Conditions {
			more(condition)
		}
	}
	switch {
	case v.ChallengeProblem != "":
		line("challenge", "not met: "+v.ChallengeProblem)
	case v.ChallengeMet:
		line("challenge", v.Claims.Challenge+choose(v.Disguised, " is in the mark that every account has which was created", " stands in the name of every account that was created"))
	}
	if stamp := v.Timestamp; stamp != nil {
		line("timestamp", stamp.Time.Format(time.RFC3339)+", by "+stamp.Authority+choose(stamp.Trusted, "", "; no authority that you trust was found for it (--tsa-cert)"))
	}
	if v.Runs != nil {
		line("runs", v.Runs.String()+choose(v.Witness != nil && v.Witness.Trusted, "", "; by the signer's word"))
	}
	printWitness(line, more, v.Witness)
	for _, unmet := range v.Unmet {
		line("required", "not met: "+unmet)
	}
	if v.Claims != nil {
		for _, n := range v.Claims.NotOffered {
			line("not offered", string(n.Need)+": "+strings.Join(n.Requirements, ", "))
		}
		printConnection(line, more, v.Claims.Connection, "by the signer's word")
	}
	for _, note := range v.Notes {
		line("note", note)
	}
	for _, appeal := range v.Appeals {
		printAppeal(w, appeal)
	}
	if v.Witness == nil || !v.Witness.Trusted {
		w.WriteString("\n" + app.Wrap("A signature proves what was recorded, and not who answered: whoever signs could have recorded "+
			"another server, and can write any nonce into a recording. A challenge proves that the signature is not older than it.", "", manual.TextWidth) + "\n")
	}
	w.WriteString("\n")
	w.WriteString(report.Printable(strings.TrimSuffix(c.Line(), "\n")) + "\n")
}

// wordOf says on whose word it rests what no recording shows.
func wordOf(v *certificate.Verification) string {
	return choose(v.Witness != nil && v.Witness.Trusted && v.Witness.Held, "witness", "signer")
}

// printAppeal puts the vendor's reading beside what was observed.
func printAppeal(w *bytes.Buffer, a certificate.Appealed) {
	fmt.Fprintf(w, "\nappeal on %s\n", a.Requirement)
	field := func(title, text string) {
		fmt.Fprintf(w, "  %-10s %s\n", title, strings.TrimLeft(app.Wrap(report.Printable(strings.Join(strings.Fields(text), " ")), strings.Repeat(" ", 13), manual.TextWidth), " "))
	}
	field("observed", strings.TrimSpace(string(a.Outcome)+" "+a.Observed))
	if len(a.Readings) > 0 {
		field("readings", strings.Join(a.Readings, "; "))
	}
	field("vendor", a.Reading)
	field("reasons", a.Reasons)
	for _, link := range a.Links {
		field("link", link)
	}
}

func choose(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}
