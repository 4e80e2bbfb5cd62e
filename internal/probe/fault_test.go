package probe

import (
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/exchange"
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

// A target of which one operation gets a 5xx every time is asked less often, once that is plain. An error that passes is waited for.
func TestServerErrorsEverywhere(t *testing.T) {
	t.Parallel()
	always := busy(t, 500, "", 1<<20)
	request := get("/")
	request.Operation = ListOperation
	for range 3 * mostRepeated {
		always.Send(t.Context(), "s", request)
	}
	if sent, want := always.run.recording.Len(), mostRepeated*3+2*mostRepeated*2; sent != want {
		t.Errorf("%d exchanges, want %d", sent, want)
	}
	before := always.run.recording.Len()
	always.Await(t.Context(), "awaited", request, func(*exchange.Exchange) bool { return false })
	if sent := always.run.recording.Len() - before; sent != leastAsked*2 {
		t.Errorf("a list that never comes is read %d times, want %d", sent, leastAsked*2)
	}
	other := get("/")
	other.Operation = CreateOperation
	before = always.run.recording.Len()
	always.Send(t.Context(), "s", other)
	if sent := always.run.recording.Len() - before; sent != 3 {
		t.Errorf("another operation is sent %d times, want 3", sent)
	}
	mended := busy(t, 500, "", 1)
	mended.Send(t.Context(), "s", request)
	if mended.run.faults.lasting(ListOperation) {
		t.Error("one error that passed is one that lasts")
	}
}
