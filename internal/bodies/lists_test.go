package bodies

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// foreign is an account of others as a list shows it.
func foreign(n int) string {
	return fmt.Sprintf(`{"metadata":{"id":"F%05d","name":"other","description":"a \"quoted\\\" ]},{[ text"},"n":[%d,{}]}`, n, n)
}

func manyForeign(n int) []string {
	items := make([]string, n)
	for i := range items {
		items[i] = foreign(i)
	}
	return items
}

// reduced reads a list as a run does, however the bytes arrive.
func reduced(t *testing.T, l *Lists, text string, early bool) *exchange.Exchange {
	t.Helper()
	var first *exchange.Exchange
	for name, body := range map[string]io.Reader{
		"at once": strings.NewReader(text), "in small pieces": iotest.HalfReader(strings.NewReader(text)),
		"with its end": iotest.DataErrReader(strings.NewReader(text)),
	} {
		list := l.Begin("/", early)
		data, cut, err := NewBudget(1).Read(body, list)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e := &exchange.Exchange{Response: &exchange.Response{Body: data, Truncated: cut, Reduction: list.Reduced()}}
		if first == nil {
			first = e
		} else if json.Valid(data) != json.Valid(first.Response.Body) || json.Valid(data) && !bytes.Equal(data, first.Response.Body) {
			t.Errorf("%s it is reduced to something else: %.200s", name, data)
		}
	}
	return first
}

func ours(account any) bool {
	name, _ := exchange.Lookup(account, "/metadata/name")
	return name == "ours"
}

func TestLongListsAreReduced(t *testing.T) {
	t.Parallel()
	items := manyForeign(3000)
	items[2500] = `{"metadata":{"id":"mine","name":"ours"}}`
	items[2600] = `{"metadata":{"id":"told","name":"renamed"}}`
	items[2700] = `{"metadata":{"id":"faulty","name":"other"},"fault":true}`
	items[2800] = `7`
	l := NewLists(ours)
	l.Sound = func(account []byte) bool { return !bytes.Contains(account, []byte("fault")) }
	l.told["told"] = true
	for round := range 2 {
		e := reduced(t, l, "[\n "+strings.Join(items, " ,\n")+"\n]\n", round == 0)
		kept, ok := e.Items()
		if !ok || len(kept) != fewSound+4 || e.ListLength() != len(items) || e.Response.Truncated {
			t.Fatalf("%t, %d kept of %d, cut: %t", ok, len(kept), e.ListLength(), e.Response.Truncated)
		}
		for _, id := range []string{"MINE", "told", "faulty", "f00000"} {
			if _, position := e.Listed(id); position < 0 {
				t.Errorf("%s is not kept", id)
			}
		}
		if ids := e.ListedIDs(); round == 0 && (len(ids) != len(items)-1 || ids[2998] != "f02999") {
			t.Errorf("%d ids, the last %q", len(ids), ids[len(ids)-1])
		}
	}
}

// An account that is wanted is read once, however many lists show it, and read again when it has changed.
func TestWantedItemsAreReadOnce(t *testing.T) {
	t.Parallel()
	reads := 0
	l := NewLists(func(account any) bool { reads++; return ours(account) })
	item := `{"metadata":{"id":"MINE","name":"ours"}}`
	for range 3 {
		e := reduced(t, l, "["+strings.Repeat(" ", smallList)+item+","+strings.Replace(item, "MINE", "other", 1)+"]", false)
		if items, _ := e.Items(); len(items) != 2 || reads != 2 {
			t.Fatalf("%d items, %d reads", len(items), reads)
		}
	}
	e := reduced(t, l, "["+strings.Repeat(" ", smallList)+item+","+strings.Replace(item, "ours", "theirs", 1)+"]", false)
	if items, _ := e.Items(); len(items) != 2 || reads != 3 || strings.Join(e.Response.Reduction.Twice, " ") != "mine" {
		t.Errorf("%d items, %d reads, twice: %q", len(items), reads, e.Response.Reduction.Twice)
	}
}

// An account that appears during the run may be the run's, whatever it says of itself.
func TestNewcomersAreKept(t *testing.T) {
	t.Parallel()
	l := NewLists(ours)
	items := manyForeign(3000)
	l.Remember("/", reduced(t, l, "["+strings.Join(items, ",")+"]", true).ListedIDs())
	e := reduced(t, l, "["+strings.Join(append(items[1:], foreign(90_000)), ",")+"]", false)
	if _, position := e.Listed("F90000"); position < 0 {
		t.Error("the newcomer is not kept")
	}
	if items, _ := e.Items(); len(items) != fewSound+1 {
		t.Errorf("%d are kept", len(items))
	}
	if e.Response.Reduction.IDs != nil {
		t.Error("ids are kept of a list that was read during the run")
	}
}

func TestRepeatedIDsAreTold(t *testing.T) {
	t.Parallel()
	items := append(manyForeign(3000), strings.ToLower(foreign(1500)))
	e := reduced(t, NewLists(ours), "["+strings.Join(items, ",")+"]", false)
	if diff := cmp.Diff([]string{"f01500"}, e.Response.Reduction.Twice); diff != "" {
		t.Error(diff)
	}
}

// A long list that is broken stays broken, and one that goes on behind its end shows that.
func TestBrokenListsStayBroken(t *testing.T) {
	t.Parallel()
	good := strings.Join(manyForeign(3000), ",")
	for name, text := range map[string]string{
		"no end":          "[" + good,
		"a comma at end":  "[" + good + ",]",
		"two commas":      "[" + good + ",," + good + "]",
		"a brace":         "[" + good + "}" + good + "]",
		"an open string":  "[" + good + `,{"a":"b]`,
		"an open object":  "[" + good + `,{"a":[]`,
		"a broken item":   "[" + good + `,{"a":}]`,
		"a word":          "[" + good + `,tru]`,
		"a second text":   "[" + good + "] {}",
		"a missing comma": "[" + good + " " + good + "]",
	} {
		e := reduced(t, NewLists(ours), text, false)
		if document, ok := e.Document(); ok && name != "a second text" {
			t.Errorf("%s: it is read as %T", name, document)
		}
		if body := string(e.Response.Body); name == "a second text" && !strings.HasSuffix(body, "] {}") && !strings.HasSuffix(body, "]{}") {
			t.Errorf("%s: it ends in %q", name, body[len(body)-9:])
		}
	}
}

func TestListsBeyondTheLimitsAreCut(t *testing.T) {
	t.Parallel()
	tooMany := strings.Repeat("{},", MostItems+1)
	mine := `{"metadata":{"id":"mine","name":"ours"},"d":"` + strings.Repeat("x", 10_000) + `"},`
	for name, text := range map[string]string{
		"items":        "[" + tooMany + "{}]",
		"a long item":  `[[` + strings.Repeat(`"`+strings.Repeat("x", 1000)+`",`, 200) + `0]]`,
		"a long begin": `[` + strings.Repeat("{", 10) + strings.Repeat(`"`+strings.Repeat("x", 1000)+`"`, 200),
		"what is kept": "[" + strings.Repeat(mine, 10*mostKept/10_000) + "{}]",
	} {
		if e := reduced(t, NewLists(ours), text, false); !e.Response.Truncated || len(e.Response.Body) > CutBody {
			t.Errorf("%s: cut: %t, %d bytes", name, e.Response.Truncated, len(e.Response.Body))
		}
	}
	l := NewLists(ours)
	l.left.Store(100_000)
	list := l.Begin("/", false)
	if _, cut, err := NewBudget(1).Read(strings.NewReader("["+strings.Join(manyForeign(3000), ",")+"]"), list); !cut || err != nil {
		t.Errorf("beyond the limit of a run: cut: %t, %v", cut, err)
	}
}

func TestListsBrokenOff(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	text := "[" + strings.Join(manyForeign(3000), ",")
	_, cut, err := NewBudget(1).Read(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), NewLists(ours).Begin("/", false))
	if !errors.Is(err, broken) || cut {
		t.Errorf("cut: %t, %v", cut, err)
	}
}

func BenchmarkReduce(b *testing.B) {
	l := NewLists(ours)
	text := "[" + strings.Join(manyForeign(20_000), ",") + "]"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := NewBudget(1).Read(strings.NewReader(text), l.Begin("/", false)); err != nil {
			b.Fatal(err)
		}
	}
}

// An account of this run is found in a list whatever the target adds to it.
func TestLongItemsArePruned(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]string{
		"members": strings.Repeat(`"m":{"x":[1]},`, 100_000), "a string": `"m":"` + strings.Repeat(`\\x`, 1_000_000) + `",`,
		"items": `"m":[` + strings.Repeat(`"x",`, 400_000) + `0],`, "depth": `"m":` + strings.Repeat("[", 400_000) + strings.Repeat("]", 400_000) + `,`,
	} {
		mine := `{` + more + `"metadata":{` + more + `"id":"mine","name":"ours"}}`
		e := reduced(t, NewLists(ours), "["+foreign(1)+" ,"+mine+","+foreign(2)+","+mine[:len(mine)-1]+`,"again":1}`+"]", false)
		if _, position := e.Listed("mine"); position != 1 || e.ListLength() != 4 || e.Response.Truncated || !e.Response.Reduction.Shortened {
			t.Errorf("%s: at %d of %d, cut %t, shortened %t", name, position, e.ListLength(), e.Response.Truncated, e.Response.Reduction.Shortened)
		}
	}
}
