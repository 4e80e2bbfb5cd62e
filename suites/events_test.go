package suites

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sa-conformance/conformance/internal/event"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// Every event keeps to the schema, and none holds a secret or what a terminal obeys, whatever a target sends.
func TestEvents(t *testing.T) {
	cfg, _ := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/\u202e"+r.Header.Get("Authorization"))
			w.WriteHeader(http.StatusTeapot)
			_, _ = w.Write([]byte("\x1b[2J" + r.Header.Get("Authorization")))
		})
	})
	var b bytes.Buffer
	log := event.NewLog(&b)
	cfg.Only, cfg.Once, cfg.NoPreflight = []string{"create.status.created", "create.media-type.json", "list.body.schema", "auth.answer.no-token"}, true, true
	cfg.Events = append(cfg.Events, log)
	result := judged(t, t.Context(), cfg)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("../docs/events.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	kinds, failed := map[event.Kind]int{}, 0
	for line := range strings.Lines(b.String()) {
		var e event.Event
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err == nil {
			err = schema.Validate(document)
		}
		if err != nil || json.Unmarshal([]byte(line), &e) != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if kinds[e.Kind]++; e.Kind == event.Judged && e.Result.Outcome == report.Fail {
			failed++
		}
	}
	if text := b.String(); strings.Contains(text, cfg.Token) || strings.ContainsRune(text, '\x1b') {
		t.Error("the events hold a token or a control character")
	}
	if kinds[event.Judged] != len(cfg.Only) || failed == 0 || kinds[event.Started]+kinds[event.Cleaning]+kinds[event.Finished] != 3 {
		t.Errorf("%v, of which %d failures", kinds, failed)
	}
	if kinds[event.Exchanged] != result.Recording.Len() {
		t.Errorf("%d exchanges, and %d events of them", result.Recording.Len(), kinds[event.Exchanged])
	}
}
