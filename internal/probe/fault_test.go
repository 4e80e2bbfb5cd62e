package probe

import (
	"strings"
	"testing"
)

// A server error counts if the same request repeats it, and not if it does not.
func TestServerErrorsThatRepeat(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		session *Session
		want    int
		sent    int
	}{
		"502, once":    {busy(t, 502, "", 1), 200, 2},
		"504, twice":   {busy(t, 504, "", 2), 200, 3},
		"500, always":  {busy(t, 500, "", 1000), 500, 3},
		"501, once":    {busy(t, 501, "", 1), 501, 1},
		"404, once":    {busy(t, 404, "", 1), 404, 1},
		"nothing odd":  {busy(t, 502, "", 0), 200, 1},
		"502, at once": {busy(t, 502, "", 1), 502, 1},
	} {
		request := get("/")
		request.Once = name == "502, at once"
		e := test.session.Send(t.Context(), "s", request)
		if sent := test.session.run.recording.Len(); e.Status() != test.want || sent != test.sent {
			t.Errorf("%s: %d after %d exchanges", name, e.Status(), sent)
		}
		warned := strings.Contains(strings.Join(test.session.run.Warnings(), "\n"), "a server error, and otherwise")
		if warned != (test.want == 200 && test.sent > 1) {
			t.Errorf("%s: warned %t", name, warned)
		}
	}
}
