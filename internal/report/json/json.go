// Package json writes and reads report.json, from which every other format can be made again. It judges nothing.
package json

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// Render writes a report as report.json: indented, members in the order of the model, and free of characters that a
// terminal would act on. The same report gives the same bytes.
func Render(w io.Writer, r *report.Report, _ report.Options) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(withoutNils(r)); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	if _, err := w.Write(report.EscapeInvisible(b.String())); err != nil {
		return fmt.Errorf("writing the report as JSON: %w", err)
	}
	return nil
}

// Read reads a report.json that was written by this version or by one that shares the major number of
// SchemaVersion; members that it does not know are ignored.
func Read(r io.Reader) (*report.Report, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading the report: %w", err)
	}
	var version struct {
		SchemaVersion string `json:"schemaVersion"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, fmt.Errorf("reading the report: this is not a report.json: %w", err)
	}
	if version.SchemaVersion == "" {
		return nil, errors.New("reading the report: this is not a report.json: it has no schemaVersion")
	}
	if major(version.SchemaVersion) != major(report.SchemaVersion) {
		return nil, fmt.Errorf("reading the report: its schemaVersion is %q, and this version of the suite reads %s.x only",
			version.SchemaVersion, major(report.SchemaVersion))
	}
	var report report.Report
	if err := json.Unmarshal(text, &report); err != nil {
		return nil, fmt.Errorf("reading the report: %w", err)
	}
	return &report, nil
}

func major(version string) string {
	number, _, _ := strings.Cut(version, ".")
	return number
}

// withoutNils is a copy of the report in which lists that the schema requires are empty rather than null.
func withoutNils(r *report.Report) *report.Report {
	c := *r
	c.Configuration.Profiles = list(r.Configuration.Profiles)
	c.Configuration.Supplied = list(r.Configuration.Supplied)
	c.Profiles = list(r.Profiles)
	c.Warnings = list(r.Warnings)
	if r.Gate.Status != "" {
		c.Gate.Reasons = list(r.Gate.Reasons)
	}
	c.Results = append([]report.Result{}, r.Results...)
	for i := range c.Results {
		c.Results[i].Evidence = list(c.Results[i].Evidence)
	}
	c.Exchanges = append([]report.Exchange{}, r.Exchanges...)
	for i, e := range c.Exchanges {
		c.Exchanges[i].Request.Headers = list(e.Request.Headers)
		if e.Response != nil {
			answer := *e.Response
			answer.Headers = list(answer.Headers)
			c.Exchanges[i].Response = &answer
		}
	}
	return &c
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
