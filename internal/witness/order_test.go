package witness

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A recording in which an exchange is at another time, or for another purpose, is not what the witness saw. Clocks that are apart
// throughout are no contradiction.
func TestCompareOrder(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *place)
		want   string
	}{
		"as it was":              {func(*place) {}, ""},
		"a clock that is behind": {func(p *place) { p.shift(0, 3, -time.Minute) }, ""},
		"one exchange earlier":   {func(p *place) { p.shift(1, 2, -time.Minute) }, "at other times, or in another order"},
		"one exchange earlier, which is said to have taken long": {func(p *place) {
			p.shift(1, 2, -time.Minute)
			p.recorded[1].Timings.Total = time.Hour
		}, "at other times, or in another order"},
		"an exchange that waited for a connection": {func(p *place) {
			p.shift(1, 2, -20*time.Second)
			p.recorded[1].Timings.Total = 21 * time.Second
		}, ""},
		"another step":       {func(p *place) { p.recorded[1].Step = "list-after" }, "did not see the exchange"},
		"another credential": {func(p *place) { p.recorded[1].Identity = "restricted" }, "did not see the exchange"},
		"a header that is said to be cut": {func(p *place) {
			p.recorded[1].Response.HeaderCut = true
			p.recorded[1].Response.Header.Set("Cache-Control", "no-store")
		}, "did not see the exchange"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, answers).begin()
			for range 3 {
				p.must(http.MethodGet, collection, "")
			}
			testimony, _ := p.end()
			c.change(p)
			got := Compare(testimony, p.recorded)
			if problems := strings.Join(got.Problems, "; "); !strings.Contains(problems, c.want) || (c.want == "") != (problems == "") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// shift tells some exchanges at another time.
func (p *place) shift(from, to int, by time.Duration) {
	for _, e := range p.recorded[from:to] {
		e.StartedAt = e.StartedAt.Add(by)
	}
}

// The counts of a witness keep which runs it was told of. A file of an earlier version is read, too.
func TestCounterKeepsRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "counts")
	if err := os.WriteFile(path, []byte(`{"https://a.example":3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, line := range []string{"one", "", "two"} {
		c, err := NewCounter(path)
		if err != nil {
			t.Fatal(err)
		}
		number, lines, err := c.next("https://a.example", line)
		if want := [][]string{{"one"}, {"one"}, {"one", "two"}}[i]; err != nil || number != 4+i || !slices.Equal(lines, want) {
			t.Errorf("%d, %q, %v", number, lines, err)
		}
	}
}
