package settings

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	for line, want := range map[string][]string{
		"":                                {},
		"  \t\n":                          {},
		"a b":                             {"a", "b"},
		` a  'b c' "d e" f\ g `:           {"a", "b c", "d e", "f g"},
		`'' ""`:                           {"", ""},
		`a'b'"c"d`:                        {"abcd"},
		`'it'\''s'`:                       {"it's"},
		`"a\"b\\c\$d"`:                    {`a"b\c$d`},
		`'a\b"'`:                          {`a\b"`},
		`$HOME * ~ # $(x) {a,b}`:          {"$HOME", "*", "~", "#", "$(x)", "{a,b}"},
		`'|' ";" \&`:                      {"|", ";", "&"},
		`sh -c 'print "$TOKEN" | base64'`: {"sh", "-c", `print "$TOKEN" | base64`},
		"é 'ü'":                           {"é", "ü"},
	} {
		got, err := split(line)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", line, err, diff)
		}
	}
	for _, line := range []string{`'a`, `"a`, `a\`, `"a\`, `"a'`, "a | b", "a; b", "a & b", "a > b", "a < b", "a (b)"} {
		if got, err := split(line); err == nil {
			t.Errorf("%q is %q", line, got)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(`a 'b c' "d\"e" f\ g`)
	f.Fuzz(func(t *testing.T, line string) {
		words, err := split(line)
		if err == nil && len(words) > len(line) {
			t.Errorf("%q has %d words", line, len(words))
		}
	})
}

// A command that never ends, or leaves somebody behind who holds its output open, is not waited for.
func TestTokenCommandIsBounded(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := runTokenCommand(ctx, []string{"sh", "-c", "sleep 60 & sleep 60"})
	if err == nil || err.Error() != "the command was interrupted" || time.Since(began) > 20*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	_, err = runTokenCommand(t.Context(), []string{"sh", "-c", "yes s3cr3t | head -c 1000000"})
	if err == nil || !strings.Contains(err.Error(), "more than 65536 bytes") {
		t.Errorf("%v", err)
	}
	_, err = runTokenCommand(t.Context(), []string{"."})
	if err == nil || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("%v", err)
	}
	token, err := runTokenCommand(t.Context(), []string{"sh", "-c", "cat; printf '\\n some-token \\n'; echo s3cr3t >&2"})
	if err != nil || token != "some-token" {
		t.Errorf("%q, %v", token, err)
	}
}
