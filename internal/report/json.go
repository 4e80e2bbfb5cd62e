package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// JSON writes a report as report.json: indented, members in the order of the model, and free of characters that a
// terminal would act on. The same report gives the same bytes.
func JSON(w io.Writer, r *Report) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(withoutNils(r)); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	if _, err := w.Write(escapeInvisible(b.String())); err != nil {
		return fmt.Errorf("writing the report as JSON: %w", err)
	}
	return nil
}

// ReadJSON reads a report.json that was written by this version or by one that shares the major number of
// SchemaVersion; members that it does not know are ignored.
func ReadJSON(r io.Reader) (*Report, error) {
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
	if major(version.SchemaVersion) != major(SchemaVersion) {
		return nil, fmt.Errorf("reading the report: its schemaVersion is %q, and this version of the suite reads %s.x only",
			version.SchemaVersion, major(SchemaVersion))
	}
	var report Report
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
func withoutNils(r *Report) *Report {
	c := *r
	c.Configuration.Profiles = list(r.Configuration.Profiles)
	c.Configuration.Supplied = list(r.Configuration.Supplied)
	c.Profiles = list(r.Profiles)
	c.Warnings = list(r.Warnings)
	if r.Gate.Status != "" {
		c.Gate.Reasons = list(r.Gate.Reasons)
	}
	c.Results = append([]Result{}, r.Results...)
	for i := range c.Results {
		c.Results[i].Evidence = list(c.Results[i].Evidence)
	}
	c.Exchanges = append([]Exchange{}, r.Exchanges...)
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

// escapeInvisible writes characters that do not show as \uXXXX. Outside strings a JSON text holds none but line ends.
func escapeInvisible(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, c := range text {
		switch {
		case c == '\n' || visible(c):
			out = append(out, string(c)...)
		case c <= 0xffff:
			out = fmt.Appendf(out, `\u%04x`, c)
		default:
			first, second := utf16.EncodeRune(c)
			out = fmt.Appendf(out, `\u%04x\u%04x`, first, second)
		}
	}
	return out
}
