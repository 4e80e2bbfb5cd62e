package compare

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// passing is what is different in every run: ids, digests, times, long numbers, and the places of secrets.
var passing = regexp.MustCompile(`\[redacted:[^\]]*\]|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9A-Fa-f]{16,}|[0-9]+`)

// mostGrounds is the number of differences that a change tells.
const mostGrounds = 5

// sight is a report, with how each exchange was answered.
type sight struct {
	report  *report.Report
	answers map[string]string
}

func newSight(r *report.Report) sight {
	s := sight{report: r, answers: map[string]string{}}
	for _, e := range r.Exchanges {
		s.answers[e.ID] = "no response"
		if e.Response != nil {
			s.answers[e.ID] = fmt.Sprint(e.Response.Status)
		}
	}
	return s
}

// grounds tells on what else a verdict rests in the new report than in the old one: of failures what was found, without
// what is different in every run, and of every verdict the exchanges in both its evidences that were answered otherwise.
func grounds(old sight, before report.Result, now sight, next report.Result) (different []string) {
	if before.Outcome.Broke() && next.Outcome.Broke() && old.lasting(before) != now.lasting(next) {
		different = append(different, "what was found")
	}
	held := map[string]bool{}
	for _, id := range before.Evidence {
		held[id] = true
	}
	more := 0
	for _, id := range next.Evidence {
		was, is := old.answers[id], now.answers[id]
		switch {
		case !held[id] || was == is || was == "" || is == "" || report.IsRaced(id):
		case len(different) == mostGrounds:
			more++
		default:
			different = append(different, report.Printable(id)+": "+was+" → "+is)
		}
	}
	if more > 0 {
		different = append(different, fmt.Sprintf("and %d more", more))
	}
	return different
}

// lasting is what was found, without what is different in every run. Short numbers, such as a status, stay.
func (s sight) lasting(r report.Result) string {
	text := report.Found(r)
	if s.report.RunID != "" {
		text = strings.ReplaceAll(text, s.report.RunID, "…")
	}
	return passing.ReplaceAllStringFunc(text, func(found string) string {
		if len(found) <= len("201") {
			return found
		}
		return "…"
	})
}
