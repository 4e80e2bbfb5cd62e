package html

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
)

const (
	laneHeight = 7
	ticks      = 5
	thousand   = 1000
	percent    = 100
)

// pageRun is the course of a run: its conversations on one axis of time.
type pageRun struct {
	Ticks []tick
	Rows  []pageRow
	// EveryRequest and EveryAnswer are the headers that are not told again with each.
	EveryRequest, EveryAnswer []string
}

// tick is a mark on the axis, in percent of its length.
type tick struct {
	At    string
	Label string
}

// pageRow is one conversation.
type pageRow struct {
	Name      string
	Told      string // in words, for those who don't see the bars
	Height    int
	Bars      []pageBar
	Exchanges []pageExchange
	Failed    int
}

// pageBar is an exchange on the axis, in thousandths of its length.
type pageBar struct {
	Anchor, Class, Title string
	X, W                 string
	Y                    int
}

// run lists the conversations in the order of their first requests.
func (m *pageMaker) run(d detail) pageRun {
	r := m.report
	start, length := span(r)
	at := map[string]int{}
	var rows []pageRow
	var members [][]int
	order := make([]int, len(r.Exchanges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return r.Exchanges[a].StartedAt.Compare(r.Exchanges[b].StartedAt) })
	for _, i := range order {
		name := r.Exchanges[i].Probe
		row, ok := at[name]
		if !ok {
			row = len(rows)
			at[name] = row
			rows = append(rows, pageRow{Name: report.Printable(name)})
			members = append(members, nil)
		}
		members[row] = append(members[row], i)
	}
	for row, indexes := range members {
		m.fill(&rows[row], indexes, start, length, d)
	}
	run := pageRun{Rows: rows}
	for _, header := range m.everyRequest {
		run.EveryRequest = append(run.EveryRequest, report.Shorten(report.Printable(header), d.line))
	}
	for _, header := range m.everyAnswer {
		run.EveryAnswer = append(run.EveryAnswer, report.Shorten(report.Printable(header), d.line))
	}
	for i := range ticks + 1 {
		part := float64(i) / ticks
		run.Ticks = append(run.Ticks, tick{At: decimal(part * percent), Label: took(part * length)})
	}
	return run
}

// fill adds the exchanges of a conversation. Those at the same time are drawn on lanes of their own.
func (m *pageMaker) fill(row *pageRow, indexes []int, start time.Time, length float64, d detail) {
	var lanes []float64
	begin, end := math.Inf(1), 0.0
	for _, i := range indexes {
		e := &m.report.Exchanges[i]
		from := clamp(e.StartedAt.Sub(start).Seconds(), length)
		to := clamp(from+max(0, e.Seconds), length)
		begin, end = min(begin, from), max(end, to)
		lane := slices.IndexFunc(lanes, func(free float64) bool { return free <= from })
		if lane < 0 {
			lane = len(lanes)
			lanes = append(lanes, 0)
		}
		lanes[lane] = to
		x := m.exchange(i, d, m.blamed[i], false)
		class := x.Class
		if len(m.failing[i]) > 0 {
			class += " blamed"
			row.Failed++
		}
		row.Exchanges = append(row.Exchanges, x)
		row.Bars = append(row.Bars, pageBar{
			Anchor: x.Anchor, Class: class, Title: x.Name + ": " + x.Status + ", " + x.Took,
			X: decimal(from / length * thousand), W: decimal(max(2, (to-from)/length*thousand)), Y: lane * laneHeight,
		})
	}
	row.Height = len(lanes) * laneHeight
	row.Told = report.Plural(len(indexes), "exchange", "exchanges") + ", from " + took(begin) + " to " + took(end)
}

// span is the stretch of time that the exchanges and the run take up; its length is in seconds and above zero.
func span(r *report.Report) (start time.Time, length float64) {
	start = r.StartedAt
	for _, e := range r.Exchanges {
		if start.IsZero() || (e.StartedAt.Before(start) && !e.StartedAt.IsZero()) {
			start = e.StartedAt
		}
	}
	for _, e := range r.Exchanges {
		length = max(length, e.StartedAt.Sub(start).Seconds()+max(0, e.Seconds))
	}
	if !(length > 0) || math.IsInf(length, 0) {
		length = 1
	}
	return start, length
}

func clamp(at, length float64) float64 {
	if !(at > 0) {
		return 0
	}
	return min(at, length)
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
