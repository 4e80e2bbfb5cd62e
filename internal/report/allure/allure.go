// Package allure writes the results of a report as Allure reads them: one JSON file a requirement, for a directory such as
// allure-results. It judges nothing.
package allure

import (
	"bytes"
	"io"
	"math"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/plain"
)

type result struct {
	UUID        string      `json:"uuid"`
	History     string      `json:"historyId"`
	Case        string      `json:"testCaseId"`
	FullName    string      `json:"fullName"`
	Name        string      `json:"name"`
	Description string      `json:"description,omitempty"`
	Status      string      `json:"status"`
	Details     details     `json:"statusDetails"`
	Stage       string      `json:"stage"`
	Start       int64       `json:"start"`
	Stop        int64       `json:"stop"`
	Labels      []label     `json:"labels"`
	Links       []link      `json:"links"`
	Parameters  []parameter `json:"parameters"`
	Steps       []string    `json:"steps"`
	Attachments []string    `json:"attachments"`
}

type details struct {
	Message string `json:"message,omitempty"`
	Trace   string `json:"trace,omitempty"`
	Flaky   bool   `json:"flaky,omitempty"`
}

type label struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type link struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Type string `json:"type"`
}

type parameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Render writes all results as one JSON array; Files writes them as Allure wants them.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	all := []result{}
	for _, x := range report.Cases(r) {
		all = append(all, resultOf(r, x))
	}
	return report.WriteJSON(w, "Allure results", all)
}

// Files are the files of an Allure results directory.
func Files(r *report.Report, _ report.Options) (files []report.File, err error) {
	for _, x := range report.Cases(r) {
		one := resultOf(r, x)
		var b bytes.Buffer
		if err := report.WriteJSON(&b, "Allure results", one); err != nil {
			return nil, err
		}
		files = append(files, report.File{Name: one.UUID + "-result.json", Data: b.Bytes()})
	}
	return files, nil
}

func resultOf(r *report.Report, x report.Result) result {
	start, id := r.StartedAt.UTC().UnixMilli(), report.Printable(x.ID)
	mark := report.Fingerprint(r, x)
	status := report.StatusOf(r, x)
	one := result{
		UUID: report.RunFingerprint(r, x), History: mark, Case: mark, FullName: id, Name: id, Description: report.Printable(x.Statement + " (" + x.Citation + ")"),
		Status: string(status), Details: details{Message: report.CaseNote(r, x), Flaky: x.Outcome == report.Unstable}, Stage: "finished",
		Start: start, Stop: start + int64(math.Round(max(x.DurationSeconds, 0)*1000)),
		Labels: []label{
			{"framework", "conformance"},
			{"parentSuite", report.Printable(string(x.Profile))},
			{"suite", report.Printable(x.Section)},
			{"severity", severity(x)},
			{"tag", report.Printable(string(x.Level))},
		},
		Links: []link{}, Parameters: []parameter{{"target", report.Printable(r.Target.URL)}}, Steps: []string{}, Attachments: []string{},
	}
	if judged := report.Judged(r); judged != "" {
		one.Parameters = append(one.Parameters, parameter{"judged", judged})
	}
	if r.Target.Embedded {
		one.Parameters[0].Value = report.ReferenceJudged
	}
	if status == report.CaseFailed || status == report.CaseBroken {
		one.Details.Trace = plain.CardText(r, x)
	}
	if page := x.Page(); page != "" {
		one.Links = append(one.Links, link{"about this requirement", page, "link"})
	}
	return one
}

// severity is that of Allure: a MUST is critical.
func severity(x report.Result) string {
	if x.Level == "SHOULD" {
		return "minor"
	}
	return "critical"
}
