package bodies

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestLongStringsAreShortened(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		kept int // characters of the string; 0: the text stays as it is
	}{
		"short":             {`{"a":"b\"c","d":[1,"e"]}`, 0},
		"at the limit":      {`["` + strings.Repeat("x", longestString) + `"]`, 0},
		"long":              {`["` + strings.Repeat("x", longestString+1) + `"]`, longestString},
		"very long":         {`["` + strings.Repeat("x", 10*longestString) + `"]`, longestString},
		"quotes":            {`["` + strings.Repeat(`\"`, longestString) + `"]`, longestString / 2},
		"backslashes":       {`["` + strings.Repeat(`\\`, longestString) + `"]`, longestString / 2},
		"code units":        {`["` + strings.Repeat(`\u0041`, longestString) + `"]`, longestString/6 + 1},
		"an odd escape":     {`["x` + strings.Repeat(`\u0022`, longestString) + `"]`, longestString/6 + 2},
		"a later one":       {`["` + strings.Repeat("x", longestString+5) + `\u0041\"\\", "b"]`, longestString},
		"behind a long one": {`["` + strings.Repeat("x", longestString+5) + `","\"]"]`, longestString},
	} {
		for way, body := range map[string]io.Reader{
			"at once": strings.NewReader(c.text), "byte by byte": iotest.OneByteReader(strings.NewReader(c.text)),
			"in halves": iotest.HalfReader(strings.NewReader(c.text)),
		} {
			s := &shortener{from: body}
			got, err := io.ReadAll(s)
			if err != nil {
				t.Fatal(err)
			}
			if c.kept == 0 {
				if string(got) != c.text || s.shortened {
					t.Errorf("%s %s: %d bytes of %d", name, way, len(got), len(c.text))
				}
				continue
			}
			var texts []string
			if err := json.Unmarshal(got, &texts); err != nil || len(texts[0]) != c.kept || !s.shortened {
				t.Errorf("%s %s: %v, %d characters, shortened: %t", name, way, err, len(texts[0]), s.shortened)
			}
		}
	}
}
