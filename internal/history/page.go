package history

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/compare"
	"github.com/sa-conformance/conformance/internal/report"
)

// pageFiles are the template and the style of the page.
//
//go:embed page
var pageFiles embed.FS

type pageTarget struct {
	Anchor, URL, Organization, Verdict, From, To string
	Runs                                         int
	Verdicts                                     []bar
	Counts                                       []line
	Strips                                       []strip
	Always                                       int
	Latency                                      []line
	Steps                                        []pageStep
	MoreSteps                                    int
}

// bar is a stretch of runs with the same outcome, in numbers of runs.
type bar struct {
	X, W  int
	Kind  string
	Title string
}

// line is a value over time, as points of a polyline on 1000 by 40, and its first, last, least and greatest value.
type line struct {
	Name, Points, First, Last, Least, Greatest string
}

type strip struct {
	ID, Level, Now, Flaky string
	Changes               int
	Bars                  []bar
}

type pageStep struct {
	At, Run, Old, New string
	Causes            []string
	Changes           []pageChange
	More              int
}

type pageChange struct{ ID, Old, New, Cause string }

// What a page shows at most: changes, and requirements of one change.
const (
	mostSteps   = 100
	mostChanges = 15
)

// Page writes the history as one page for a browser, which runs no script and refers to nothing outside.
func Page(w io.Writer, targets []*Target) error {
	t, err := template.New("page.html").Funcs(template.FuncMap{"show": report.Printable}).ParseFS(pageFiles, "page/page.html")
	if err != nil {
		return fmt.Errorf("reading the template of the page: %w", err)
	}
	style, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return fmt.Errorf("reading the style of the page: %w", err)
	}
	digest := sha256.Sum256(style)
	var shown []pageTarget
	for i, target := range targets {
		p := target.page()
		p.Anchor = fmt.Sprintf("t%d", i+1)
		shown = append(shown, p)
	}
	err = t.Execute(w, map[string]any{
		"Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'", "Style": template.CSS(style), "Targets": shown,
	})
	if err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

func (t *Target) page() pageTarget {
	first, last := t.Runs[0], t.Runs[len(t.Runs)-1]
	p := pageTarget{
		URL: t.URL, Organization: t.Organization, Verdict: string(last.Verdict), Runs: len(t.Runs), From: day(first.StartedAt), To: day(last.StartedAt),
	}
	p.Verdicts = bars(t.Runs, func(r *Run) string { return string(r.Verdict) })
	for _, c := range []struct {
		name  string
		count func(report.Counts) int
	}{
		{"failed", func(c report.Counts) int { return c.Failed }},
		{"unstable", func(c report.Counts) int { return c.Unstable }},
		{"inconclusive", func(c report.Counts) int { return c.Inconclusive }},
		{"not tested", func(c report.Counts) int { return c.NotTested }},
		{"passed", func(c report.Counts) int { return c.Passed }},
	} {
		var values []float64
		for _, r := range t.Runs {
			values = append(values, float64(c.count(report.Count(report.Ours(r.Report)))))
		}
		p.Counts = append(p.Counts, lineOf(c.name, values, func(v float64) string { return fmt.Sprintf("%.0f", v) }))
	}
	p.Strips, p.Always = t.strips()
	p.Latency = t.latency()
	for _, s := range slices.Backward(t.Changes) {
		if len(p.Steps) == mostSteps {
			p.MoreSteps = len(t.Changes) - mostSteps
			break
		}
		p.Steps = append(p.Steps, stepOf(s))
	}
	return p
}

// bars joins neighbours that are alike.
func bars(runs []*Run, kind func(*Run) string) (all []bar) {
	for i, r := range runs {
		k := kind(r)
		if n := len(all); n > 0 && all[n-1].Kind == k {
			all[n-1].W++
			continue
		}
		all = append(all, bar{X: i, W: 1, Kind: k, Title: k + " from " + day(r.StartedAt)})
	}
	return all
}

// strips are the outcomes of the requirements that did not pass in every run, those that failed last first; always counts the
// others.
func (t *Target) strips() (all []strip, always int) {
	outcomes := map[string][]report.Outcome{}
	levels, order := map[string]string{}, []string{}
	for i, r := range t.Runs {
		for _, x := range r.Results {
			if outcomes[x.ID] == nil {
				outcomes[x.ID] = make([]report.Outcome, len(t.Runs))
				order = append(order, x.ID)
			}
			outcomes[x.ID][i], levels[x.ID] = x.Outcome, string(x.Level)
		}
	}
	for _, id := range order {
		mine := outcomes[id]
		if !slices.ContainsFunc(mine, func(o report.Outcome) bool { return o != report.Pass && o != "" }) {
			always++
			continue
		}
		at, changes, broke := 0, 0, 0
		last := report.Outcome("")
		for _, o := range mine {
			if o != "" && last != "" && o.Broke() != last.Broke() {
				changes++
			}
			if o == report.Unstable {
				broke++
			}
			if o != "" {
				last = o
			}
		}
		s := strip{ID: id, Level: levels[id], Now: string(last), Changes: changes}
		s.Bars = bars(t.Runs, func(*Run) string {
			o := mine[at]
			at++
			if o == "" {
				return "absent"
			}
			return string(o)
		})
		if changes > 2 || broke > 0 {
			s.Flaky = fmt.Sprintf("flaky: %d changes, %d unstable in %d runs", changes, broke, len(t.Runs))
		}
		all = append(all, s)
	}
	rank := func(s strip) int {
		switch report.Outcome(s.Now) {
		case report.Fail:
			return 0
		case report.Unstable:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b strip) int { return rank(a) - rank(b) })
	return all, always
}

func (t *Target) latency() (all []line) {
	operations := map[string]bool{}
	for _, r := range t.Runs {
		for name := range r.Latency {
			operations[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		var values []float64
		for _, r := range t.Runs {
			if v, ok := r.Latency[name]; ok {
				values = append(values, v*1000)
			}
		}
		all = append(all, lineOf(name, values, func(v float64) string { return fmt.Sprintf("%.1f ms", v) }))
	}
	return all
}

func lineOf(name string, values []float64, text func(float64) string) line {
	least, greatest := slices.Min(values), slices.Max(values)
	var points strings.Builder
	for i, v := range values {
		x, y := 0.0, 20.0
		if len(values) > 1 {
			x = float64(i) * 1000 / float64(len(values)-1)
		}
		if greatest > least {
			y = 38 - (v-least)/(greatest-least)*36
		}
		fmt.Fprintf(&points, "%.0f,%.1f ", x, y)
	}
	return line{name, strings.TrimSpace(points.String()), text(values[0]), text(values[len(values)-1]), text(least), text(greatest)}
}

func stepOf(s Step) pageStep {
	p := pageStep{At: day(s.New.StartedAt), Run: s.New.RunID, Old: string(s.Comparison.Old.Verdict), New: string(s.Comparison.New.Verdict)}
	for _, d := range s.Differences {
		p.Causes = append(p.Causes, cause(d))
	}
	for i, c := range s.Changes {
		if i == mostChanges {
			p.More = len(s.Changes) - mostChanges
			break
		}
		var causes []string
		for _, x := range c.Causes {
			causes = append(causes, cause(x))
		}
		p.Changes = append(p.Changes, pageChange{c.ID, string(c.Old), string(c.New), strings.Join(causes, "; ")})
	}
	return p
}

func cause(c compare.Cause) string {
	if c.Detail == "" {
		return string(c.Kind)
	}
	return string(c.Kind) + ": " + report.Shorten(c.Detail, report.LineLength)
}
