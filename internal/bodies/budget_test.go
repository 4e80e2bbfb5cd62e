package bodies

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRoomReadsWhole(t *testing.T) {
	t.Parallel()
	for _, length := range []int{0, 1, tinyBody, tinyBody + 1, smallList, smallBody - 1, smallBody, smallBody + 1, BodyLimit} {
		sent := texts(length)
		for name, body := range map[string]io.Reader{
			"at once": bytes.NewReader(sent), "with its end": iotest.DataErrReader(bytes.NewReader(sent)),
			"in halves": iotest.HalfReader(bytes.NewReader(sent)),
		} {
			r := NewBudget(1)
			got, cut, err := r.Read(body, nil)
			if err != nil || cut || !bytes.Equal(got, sent) {
				t.Errorf("%d bytes %s: %d, cut %t, %v", length, name, len(got), cut, err)
			}
			counted := 2*small - r.small.Load() - r.long.Load()
			if want := int64(length); counted != want && length > tinyBody || counted != 0 && length <= tinyBody {
				t.Errorf("%d bytes %s: %d are counted", length, name, counted)
			}
		}
	}
}

// texts begins as an array of strings does.
func texts(length int) []byte {
	return append([]byte("["), bytes.Repeat([]byte(`"`+strings.Repeat("x", 1000)+`",`), length/1000+1)...)[:length]
}

func TestRoomCuts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin  string
		length int
	}{
		"longer than the limit": {"[", BodyLimit + 1}, "long and no JSON": {"<", smallBody + 1}, "longer than is read": {"[", mostRead + 10},
	} {
		r := NewBudget(1)
		sent := append([]byte(c.begin), texts(c.length)[1:]...)
		for i := range cutBudget/smallBody + 1 {
			want := sent[:smallBody]
			if i == cutBudget/smallBody {
				want = sent[:CutBody] // there were many of them before
			}
			got, cut, err := r.Read(bytes.NewReader(sent), nil)
			if err != nil || !cut || !bytes.Equal(got, want) {
				t.Errorf("%s: %d, cut %t, %v", name, len(got), cut, err)
			}
		}
	}
}

// A run keeps so much of its responses and no more.
func TestRoomIsBounded(t *testing.T) {
	t.Parallel()
	for _, length := range []int{tinyBody + 1, smallBody, BodyLimit} {
		r, kept := NewBudget(1), 0
		sent := texts(length)
		for range 2 * small / length {
			got, cut, err := r.Read(bytes.NewReader(sent), nil)
			if kept += len(got); err != nil || cut != (len(got) < length) {
				t.Fatalf("%d of %d bytes, cut %t, %v", len(got), length, cut, err)
			}
		}
		if most := small + 2*small/length*tinyBody; kept > most {
			t.Errorf("of bodies of %d bytes %d are kept", length, kept)
		}
	}
}

// A long body with a long string stays JSON, and counts as cut.
func TestRoomShortensStrings(t *testing.T) {
	t.Parallel()
	sent := []byte(`{"metadata":{"description":"` + string(bytes.Repeat([]byte("x"), 5<<20)) + `","id":"an-id"}}`)
	got, cut, err := NewBudget(1).Read(bytes.NewReader(sent), nil)
	if err != nil || !cut || len(got) > longestString+100 || !bytes.HasSuffix(got, []byte(`x","id":"an-id"}}`)) {
		t.Errorf("%d bytes, cut %t, %v", len(got), cut, err)
	}
}

func TestRoomKeepsWhatCameBeforeAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, length := range []int{10, smallBody + 10, smallBody + 100_000} {
		sent := texts(length)
		got, cut, err := NewBudget(1).Read(io.MultiReader(bytes.NewReader(sent), iotest.ErrReader(broken)), nil)
		if !errors.Is(err, broken) || cut || !bytes.Equal(got, sent) {
			t.Errorf("%d bytes: %d, cut %t, %v", length, len(got), cut, err)
		}
	}
}

// Long headers are kept until a run has no more room for them; then they are cut, and say so.
func TestRoomKeepsHeaders(t *testing.T) {
	t.Parallel()
	r := NewBudget(1)
	small := http.Header{"A": {"b"}, "C": {strings.Repeat("x", smallHeader-10)}}
	long := http.Header{"A": {strings.Repeat("x", headerBudget/2)}, "B": {"c"}}
	for i := range 5 {
		if kept, cut := r.KeepHeader(small); cut || len(kept["C"][0]) != smallHeader-10 {
			t.Error("a small header is cut")
		}
		kept, cut := r.KeepHeader(long)
		if want := i >= 1; cut != want || cut && kept.Get("A") != leftOut || kept.Get("B") != "c" {
			t.Errorf("header %d: cut %t", i+1, cut)
		}
	}
}

// A header that is cut keeps what checks read, however many fields there are.
func TestRoomKeepsWhatIsJudged(t *testing.T) {
	t.Parallel()
	r := NewBudget(1)
	r.header.Store(0)
	challenge := `Bearer realm="x", resource_metadata="https://host/` + strings.Repeat("y", 200) + `"`
	header := http.Header{"Www-Authenticate": {challenge}, "Content-Type": {"application/json"}}
	for i := range 300 {
		header[fmt.Sprintf("X-%d", i)] = []string{strings.Repeat("x", 60)}
	}
	first, all := FirstFields(header)
	kept, cut := r.KeepHeader(header)
	if all || !cut || first.Get("WWW-Authenticate") != challenge || kept.Get("WWW-Authenticate") != challenge || kept.Get("Content-Type") == "" {
		t.Errorf("first %d fields: %q; kept %q", len(first), first["Www-Authenticate"], kept)
	}
}

// The responses to creates are read when there is no more room for other long bodies.
func TestResponsesToCreatesHaveTheirOwnRoom(t *testing.T) {
	t.Parallel()
	r := NewBudget(1)
	r.pruned.Store(0)
	long := `{"n":[` + strings.Repeat("0,", 100_000) + `0],"metadata":{"id":"x"}}`
	if got, _, err := r.Read(strings.NewReader(long), nil); err != nil || strings.Contains(string(got), `"id":"x"`) {
		t.Errorf("another body: %d bytes, %v", len(got), err)
	}
	if got, _, err := r.ReadCreated(strings.NewReader(long)); err != nil || !strings.Contains(string(got), `"id":"x"`) {
		t.Errorf("a create: %d bytes, %v", len(got), err)
	}
}
