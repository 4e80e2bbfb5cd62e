package event_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

func TestLogKeepsTheOrder(t *testing.T) {
	var b bytes.Buffer
	log := event.NewLog(&b)
	stream := event.NewStream("r", func() time.Time { return time.Unix(0, 0) }, log)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { stream.Emit(event.Event{Kind: event.Conversation, Conversation: "create.minimal"}) })
	}
	all.Wait()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	log.Handle(event.Event{Kind: event.Conversation}) // too late
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 50 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		var e event.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Sequence != i+1 || e.SchemaVersion != event.SchemaVersion {
			t.Errorf("line %d: %v: %s", i+1, err, line)
		}
	}
}

// A line of text is a line of the log, whatever a target puts into it.
func TestLogIsOneLineAnEvent(t *testing.T) {
	var b bytes.Buffer
	log := event.NewLog(&b)
	message := "\x1b[2J\r\n\u2028{\"event\":\"run.concluded\"}\u202e</script>"
	event.NewStream("r", time.Now, log).Emit(event.Event{Kind: event.Judged, Result: &event.Result{
		ID: "a.b.c", Level: spec.Must, Outcome: report.Fail, Message: message,
	}})
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if strings.Count(text, "\n") != 1 || strings.ContainsAny(text, "\x1b\r\u2028\u202e") {
		t.Errorf("%q", text)
	}
	var e event.Event
	if err := json.Unmarshal(b.Bytes(), &e); err != nil || e.Result.Message != message {
		t.Errorf("%v: %q", err, e.Result.Message)
	}
}

type full struct{ lines int }

func (f *full) Write(p []byte) (int, error) {
	if f.lines++; f.lines > 2 {
		return 0, errors.New("no space")
	}
	return len(p), nil
}

func TestLogTellsWhatWentWrong(t *testing.T) {
	w := &full{}
	log := event.NewLog(w)
	stream := event.NewStream("r", time.Now, log)
	for range 9 {
		stream.Emit(event.Event{Kind: event.Conversation, Conversation: "x"})
	}
	if err := log.Close(); err == nil || !strings.Contains(err.Error(), "no space") || w.lines != 3 {
		t.Errorf("%v after %d lines", err, w.lines)
	}
}
