package suites

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// A body behind the response to a HEAD is found, and found again in the recording.
func TestBodyOfHead(t *testing.T) {
	t.Parallel()
	cfg, _ := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodHead {
				next.ServeHTTP(w, r)
				return
			}
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, POST\r\nContent-Length: 2\r\n\r\n{}")
			_ = conn.Close()
		})
	})
	cfg.Focus = `method\.head`
	result := judged(t, t.Context(), hasty(cfg))
	var recorded bytes.Buffer
	if err := result.WriteRecording(&recorded); err != nil {
		t.Fatal(err)
	}
	again, err := Rejudge(t.Context(), &recorded, engine.RejudgeConfig{})
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*report.Report{"judged": result.Report, "judged again": again.Report} {
		if failed := outcomes(r, report.Fail); !slices.Equal(failed, []string{"method.head.no-body"}) {
			t.Errorf("%s: %q failed", name, failed)
		}
	}
}
