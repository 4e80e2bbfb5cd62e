package bodies

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// What is within the limits stays as it is, be it JSON or not.
func TestPruningLeavesWhatIsSmall(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		``, `{}`, `[]`, `[1,2]`, `{"a":1,"b":[{},{"c":"d\"e\\"}]} `, ` [ 1 , "a" , null ] `, `[1,]`, `[,1]`, `[1,,2]`, `{"a":1,}`, `{,"a":1}`, `[1 2]`,
		`["a" "b"]`, `{"a":1 "b":2}`, `{"a" 1}`, `{"a":}`, `{1:2}`, `[1}`, `{]`, `]]`, `,,`, `tru e`, `{"a":"\u00`, `"a`, `[1],[2]`, `{"a":{"b":1}},{}`, `nullnull`,
		`[[],[[]],{"x":[]}]`, `{"a":-1.5e+10}`, `[],`,
	} {
		if got, pruned := Prune([]byte(text)); string(got) != text || pruned {
			t.Errorf("%s becomes %s, pruned: %t", text, got, pruned)
		}
	}
}

func TestPruning(t *testing.T) {
	t.Parallel()
	numbered := strings.Repeat(`"m":{"x":[1,2,{}]},`, 250_000)
	for name, text := range map[string]string{
		"members":        `{` + numbered + `"metadata":{"id":"an-id"}}`,
		"nested members": `{"metadata":{` + numbered + `"id":"an-id"}}`,
		"items":          `{"a":[` + strings.Repeat(`{"b":[0]},`, 250_000) + `0],"metadata":{"id":"an-id"}}`,
		"arrays":         `{"a":` + strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000) + `,"metadata":{"id":"an-id"}}`,
		"objects":        `{"a":` + strings.Repeat(`{"a":`, 300_000) + "0" + strings.Repeat("}", 300_000) + `,"metadata":{"id":"an-id"}}`,
		"digits":         `{"a":1` + strings.Repeat("7", 1_000_000) + `.5,"metadata":{"id":"an-id"}}`,
		"strings":        `{"a":"` + strings.Repeat(`\"\u0041x`, 300_000) + `","metadata":{"id":"an-id"}}`,
		"names":          `{"` + strings.Repeat(`\"x`, 300_000) + `":1,"metadata":{"id":"an-id"}}`,
	} {
		for way, body := range map[string]io.Reader{"at once": strings.NewReader(text), "in pieces": iotest.HalfReader(strings.NewReader(text))} {
			p := &pruner{from: body}
			got, err := io.ReadAll(p)
			var read struct{ Metadata struct{ ID string } }
			if err := json.Unmarshal(got, &read); err != nil || read.Metadata.ID != "an-id" {
				t.Errorf("%s %s: %v, %.100s", name, way, err, got)
			}
			if err != nil || !p.pruned || len(got) > 40_000 {
				t.Errorf("%s %s: %v, pruned %t, %d bytes", name, way, err, p.pruned, len(got))
			}
		}
	}
	spaces := `{"metadata":` + strings.Repeat(" ", 4<<20) + `{"id":"an-id"}}`
	if got, pruned := Prune([]byte(spaces)); pruned || len(got) > 100 || !json.Valid(got) {
		t.Errorf("white space: %d bytes, pruned %t", len(got), pruned)
	}
}

// Nothing that is no JSON becomes JSON unless something was left out.
func FuzzPrune(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":"c\"d"}],}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, pruned := Prune(text)
		if json.Valid(text) && !json.Valid(got) || !pruned && json.Valid(got) != json.Valid(text) {
			t.Errorf("%q becomes %q, pruned: %t", text, got, pruned)
		}
	})
}
