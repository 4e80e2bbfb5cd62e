package html

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// reason says in a sentence what the verdict rests on.
func (m *pageMaker) reason() string {
	strict := m.report.Configuration.Strict
	var broken, following, unstable, unjudged int
	results := report.CountedResults(m.report)
	for _, x := range results {
		switch k := kind(x, strict); {
		case k == "fail":
			broken++
			if report.Explained(x, results) {
				following++
			}
		case x.Level == spec.Should:
		case k == "unstable":
			unstable++
		case k != "pass":
			unjudged++
		}
	}
	if m.report.Stopped != "" {
		return "Nothing was judged: " + report.Printable(m.report.Stopped) + "."
	}
	var told []string
	if broken > 0 {
		text := report.Plural(broken, "requirement failed", "requirements failed")
		if following > 0 {
			text += fmt.Sprintf(", %d of them as a consequence of another", following)
		}
		told = append(told, text)
	}
	if unstable > 0 {
		told = append(told, report.Plural(unstable, "MUST requirement is", "MUST requirements are")+" unstable")
	}
	if unjudged > 0 && broken == 0 {
		told = append(told, report.Plural(unjudged, "MUST requirement was", "MUST requirements were")+" not judged")
	}
	switch {
	case len(results) == 0:
		told = append(told, "Nothing was judged")
	case len(told) == 0:
		told = append(told, "Every MUST requirement passed")
	}
	if _, warnings := report.FailedAndWarnings(report.Count(results), strict); warnings > 0 {
		told = append(told, report.Plural(warnings, "SHOULD requirement is", "SHOULD requirements are")+" not met")
	}
	if !m.report.Complete {
		told = append(told, "The run ended early")
	}
	return strings.Join(told, ". ") + "."
}

// facts are what a reader wants to know of a run at the first glance.
func (m *pageMaker) facts() []pageFact {
	r := m.report
	accounts := pageFact{
		Name: "Service accounts", Value: fmt.Sprintf("%d created, %d deleted", r.Accounts.Created, r.Accounts.Deleted),
		Note: fmt.Sprintf("%d left", r.Accounts.Left),
	}
	if r.Accounts.Verified {
		accounts.Note = "none left; the target’s list confirms it"
	} else if r.Accounts.Left == 0 {
		accounts.Note = "none left, by the responses; the target’s list did not confirm it"
	}
	if r.Accounts.Unverified != "" {
		accounts.Note += fmt.Sprintf(" (not verified: %s)", report.Printable(r.Accounts.Unverified))
	}
	proof := r.Suite.Proof
	score := pageFact{Name: "Kill score of the suite", Value: "not known", Note: "this build was not tried against defects"}
	if proof.Defects > 0 {
		score.Value = fmt.Sprintf("%d of %d defects", proof.Killed, proof.Defects)
		score.Note = fmt.Sprintf("%d of %d legal variants spared", proof.Spared, proof.Variants)
		if !proof.Current {
			score.Note += "; proved with another catalogue than this one"
		}
	}
	conversations := map[string]bool{}
	for _, e := range r.Exchanges {
		conversations[e.Probe] = true
	}
	return []pageFact{
		score, accounts,
		{
			Name: "Evidence", Value: report.Plural(len(r.Exchanges), "exchange", "exchanges"),
			Note: "in " + report.Plural(len(conversations), "conversation", "conversations"),
		},
		{Name: "Access tokens", Value: cmp.Or(report.Printable(r.Target.TokenKind), "none seen"), Note: tokenNote(r.Target.TokenKind)},
	}
}

func tokenNote(kind string) string {
	switch kind {
	case "JWS":
		return "signed, claims readable"
	case "JWE":
		return "encrypted, claims sealed"
	}
	return ""
}

// about is what the run was made of.
func (m *pageMaker) about() []pageFacts {
	r := m.report
	c, s := r.Configuration, r.Suite
	var profiles, supplied []string
	for _, p := range c.Profiles {
		profiles = append(profiles, report.Printable(string(p)))
	}
	for _, need := range c.Supplied {
		supplied = append(supplied, report.Printable(string(need)))
	}
	target := []pageFact{
		{Name: "URL", Value: report.Printable(r.Target.URL)},
		{Name: "Organization", Value: report.Printable(r.Target.Organization)},
		{Name: "Kind", Value: choose(r.Target.Embedded, "the reference inside the process", "a server of its own")},
		{Name: "Certificate", Value: choose(r.Target.Insecure, "not verified", "verified where there is one")},
	}
	configuration := []pageFact{
		{Name: "Profiles", Value: cmp.Or(strings.Join(profiles, ", "), "none")},
		{Name: "A failed SHOULD", Value: choose(c.Strict, "is an error", "is a warning")},
		{Name: "Depth", Value: cmp.Or(report.Printable(c.Depth), "standard")},
		{Name: "Focus", Value: cmp.Or(report.Printable(c.Focus), "none")},
		{Name: "Label filter", Value: cmp.Or(report.Printable(c.LabelFilter), "none")},
		{Name: "Judged by", Value: judgedBy(c.Contract)},
		{Name: "Only", Value: cmp.Or(report.Printable(strings.Join(c.Only, ", ")), "everything")},
		{Name: "Conversations at a time", Value: itoa(c.Concurrency)},
		{Name: "Limit of an exchange", Value: took(c.TimeoutSeconds)},
		{Name: "Revocation window", Value: choose(c.RevocationWindowSeconds > 0, took(c.RevocationWindowSeconds), "not declared")},
		{Name: "Groups", Value: itoa(c.Groups)},
		{Name: "Supplied", Value: cmp.Or(strings.Join(supplied, ", "), "nothing")},
	}
	suite := []pageFact{
		{Name: "Version", Value: strings.TrimSpace(report.Printable(s.Version + " " + s.Commit))},
		{Name: "Contract", Value: report.Printable(s.ContractVersion), Note: report.Printable(s.ContractDigest)},
		{Name: "Catalogue", Value: report.Plural(s.Requirements, "requirement", "requirements"), Note: report.Printable(s.CatalogueDigest)},
		{Name: "Requirement set", Value: cmp.Or(report.Printable(r.Set.Name), "not known"), Note: report.Printable(r.Set.Digest)},
		{Name: "Proof", Value: report.ProofLine(s.Proof), Note: report.Plural(s.Proof.Proved, "requirement", "requirements") + " made to fail by a defect"},
		{Name: "Run", Value: report.Printable(r.RunID)},
	}
	return []pageFacts{{Title: "Target", Facts: target}, {Title: "Configuration", Facts: configuration}, {Title: "Suite", Facts: suite}}
}

// judgedBy names the document whose schemas were applied.
func judgedBy(d *report.Document) string {
	if d == nil {
		return "the contract"
	}
	return report.Shorten(report.Printable("the document "+d.Name+", version "+d.Version+", "+d.Digest), report.LineLength)
}

func choose[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}
