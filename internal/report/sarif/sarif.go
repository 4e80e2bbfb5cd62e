// Package sarif writes a report as SARIF 2.1.0, for code scanning. It lists the requirements that failed or
// are unstable, and none that passed.
package sarif

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Automation  sarifAutomation   `json:"automationDetails"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
	Properties  map[string]string `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name        string      `json:"name"`
	Version     string      `json:"version,omitempty"`
	Semantic    string      `json:"semanticVersion,omitempty"`
	Information string      `json:"informationUri"`
	Rules       []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID       string          `json:"id"`
	Short    sarifText       `json:"shortDescription"`
	Full     sarifText       `json:"fullDescription"`
	HelpURI  string          `json:"helpUri,omitempty"`
	Help     sarifText       `json:"help"`
	Default  sarifLevel      `json:"defaultConfiguration"`
	Property sarifProperties `json:"properties"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifProperties struct {
	Tags []string `json:"tags"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Start         string              `json:"startTimeUtc"`
	End           string              `json:"endTimeUtc"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifAutomation struct {
	ID string `json:"id"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Kind         string             `json:"kind"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations,omitempty"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Properties   map[string]string  `json:"properties,omitempty"`
}

// sarifSuppression is a waiver: it is kept beside the target (external), and accepted while it holds.
type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

// Render writes a report in the Static Analysis Results Interchange Format (OASIS, version 2.1.0): a rule for each
// requirement, a result for each that was not kept. A result is placed at the first line of the file of Options.Place, which is
// one of the user's repository, or nowhere: the target is not a file.
func Render(w io.Writer, r *report.Report, o report.Options) error {
	catalogue, err := spec.LoadCatalogue()
	if err != nil {
		return fmt.Errorf("loading the catalogue: %w", err)
	}
	s := renderer{catalogue, o.Place}
	run := sarifRun{
		Tool:        sarifTool{driver(r.Suite.Version)},
		Invocations: []sarifInvocation{sarifInvocationOf(r)},
		Automation:  sarifAutomation{"conformance/" + report.Printable(r.RunID)},
		ColumnKind:  "utf16CodeUnits", Results: []sarifResult{},
		Properties: map[string]string{
			"verdict": report.Printable(string(r.Verdict)), "gate": report.Printable(string(r.Gate.Status)), "set": report.Printable(r.Set.Name), "target": report.Printable(r.Target.URL), "contract": report.Printable(r.Suite.ContractVersion),
		},
	}
	rules := map[string]int{}
	for _, result := range r.Results {
		if id := report.Printable(result.ID); rules[id] == 0 {
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, s.rule(result))
			rules[id] = len(run.Tool.Driver.Rules)
		}
	}
	for _, result := range slices.Concat(report.CountedResults(r), report.NotScored(r)) {
		if result.Outcome.Broke() {
			run.Results = append(run.Results, s.result(r, result, rules[report.Printable(result.ID)]-1))
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(sarifLog{sarifSchema, sarifVersion, []sarifRun{run}}); err != nil {
		return fmt.Errorf("encoding the report as SARIF: %w", err)
	}
	text := b.String()
	if judged := report.Judged(r); judged != "" { // a reader sees the first line of a file, and a program the properties of the log
		text = strings.Replace(text, "{", fmt.Sprintf(`{"properties": {"judged": %q},`, judged), 1)
	}
	if _, err := w.Write(report.EscapeInvisible(text)); err != nil {
		return fmt.Errorf("writing the report as SARIF: %w", err)
	}
	return nil
}

// renderer has what results are made with.
type renderer struct {
	catalogue *spec.Catalogue
	place     string
}

// semantic is a version by SemVer 2.0, with or without a leading v.
var semantic = regexp.MustCompile(`^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$`)

// driver describes the suite. A version begins with a number, so that versions can be compared.
func driver(version string) sarifDriver {
	d := sarifDriver{Name: "conformance", Information: spec.Project, Rules: []sarifRule{}}
	if m := semantic.FindStringSubmatch(version); m != nil {
		d.Version, d.Semantic = m[1], m[1]
	} else if version = report.Printable(version); version != "" {
		d.Version = "0.0.0-" + version
	}
	return d
}

func sarifInvocationOf(r *report.Report) sarifInvocation {
	end := r.StartedAt.Add(time.Duration(r.DurationSeconds * float64(time.Second)))
	i := sarifInvocation{Successful: r.Complete, Start: r.StartedAt.UTC().Format(time.RFC3339), End: end.UTC().Format(time.RFC3339)}
	if r.Stopped != "" {
		i.Successful = false
		i.Notifications = append(i.Notifications, sarifNotification{"error", sarifText{Text: sarifPlain("nothing was judged: " + r.Stopped)}})
	}
	for _, warning := range slices.Concat(r.Warnings, r.Gate.Warnings) {
		i.Notifications = append(i.Notifications, sarifNotification{"warning", sarifText{Text: sarifPlain(warning)}})
	}
	return i
}

func (s renderer) rule(result report.Result) sarifRule {
	text := fmt.Sprintf("%s %s\nSource: %s", result.Level, result.Statement, result.Citation)
	markdown := fmt.Sprintf("%s %s\n\nSource: %s", report.Prose(string(result.Level)), report.Prose(result.Statement), report.CodeSpan(result.Citation))
	if requirement, ok := s.catalogue.Find(result.ID); ok && requirement.Breaks != "" {
		text += "\nBroken by: " + requirement.Breaks
		markdown += "\n\nBroken by: " + report.Prose(requirement.Breaks)
	}
	return sarifRule{
		ID: report.Printable(result.ID), HelpURI: result.Page(), Short: sarifText{Text: sarifPlain(result.Statement)}, Full: sarifText{Text: sarifPlain(text)},
		Help: sarifText{Text: sarifPlain(text), Markdown: markdown}, Default: sarifLevel{levelOf(result)},
		Property: sarifProperties{unique(report.Printable(string(result.Profile)), report.Printable(string(result.Level)))},
	}
}

func (s renderer) result(r *report.Report, result report.Result, index int) sarifResult {
	x := sarifResult{
		RuleID: report.Printable(result.ID), RuleIndex: index, Kind: "fail", Level: levelOf(result),
		Message: sarifText{Text: sarifPlain(finding(result))}, Locations: s.locations(),
		Fingerprints: map[string]string{"requirementAndTarget/v1": report.Fingerprint(r, result)},
	}
	if r.Configuration.Strict {
		x.Level = "error"
	}
	if result.Outcome == report.Unstable {
		x.Level = "warning"
	}
	if cause := result.ConsequenceOf; cause != "" {
		x.Level = "note"
		x.Message.Text += sarifPlain("\nFollows from " + cause)
	}
	if how := report.StandingNote(result); how != "" {
		x.Message.Text += sarifPlain("\n" + how)
		if w := result.Waiver; w != nil {
			status := "accepted"
			if w.Expired {
				status = "rejected"
			}
			x.Suppressions = []sarifSuppression{{"external", status, strings.Join(report.PrintableLines(how), "\n")}}
		}
	}
	if result.Unscored {
		x.Kind, x.Level = "informational", "none"
	}
	c := report.CardOf(r, result)
	x.Properties = map[string]string{}
	for name, value := range map[string]string{"curl": c.Curl, "trace": c.Trace.String(), "pointer": c.Pointer} {
		if value != "" {
			x.Properties[name] = strings.Join(report.PrintableLines(value), "\n")
		}
	}
	return x
}

// finding says what was found, with the same words as everywhere.
func finding(r report.Result) string {
	parts := []string{report.Card{Result: r}.Note()}
	for _, line := range report.Sides(r.Diff()) {
		if line.Text != "" {
			parts = append(parts, strings.TrimSpace(line.Mark)+": "+line.Text)
		}
	}
	if r.Pointer != "" {
		parts = append(parts, "at: "+r.Pointer)
	}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}

// locations is the one place of every result, or none.
func (s renderer) locations() []sarifLocation {
	if s.place == "" {
		return nil
	}
	address := url.URL{Path: s.place}
	return []sarifLocation{{sarifPhysical{sarifArtifact{address.EscapedPath()}, sarifRegion{1}}}}
}

func levelOf(r report.Result) string {
	if r.Level == spec.Should {
		return "warning"
	}
	return "error"
}

// sarifPlain is text without links: SARIF makes one of [words](target) in plain text too (section 3.11.6). It is never
// empty, as the format wants.
func sarifPlain(s string) string {
	s = strings.Join(report.PrintableLines(s), "\n")
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(s)
}

func unique(texts ...string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
