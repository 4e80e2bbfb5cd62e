package report_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

func TestView(t *testing.T) {
	secrets := redact.New()
	secrets.Add("token", "known-token")
	e := &exchange.Exchange{
		ID: "p/s", Probe: "p", Step: "s", Operation: "o", Identity: "operator", StartedAt: sample.Started.In(time.FixedZone("", 3600)),
		Timings: exchange.Timings{Total: 1500 * time.Millisecond},
		Request: exchange.Request{
			Method: "PUT", URL: "https://h/a%2Fb?t=known%2Dtoken",
			Header: http.Header{
				"Authorization":       {"bearer known-token", "Bearer unknown", "unknown", "Bearer", "a!b c"},
				"Proxy-Authorization": {"Basic dTpw"},
				"Cookie":              {"a=b"},
				"X-Two":               {"2", "1"},
				"Accept":              {"known-token"},
			},
			Body: []byte("a known-token \xff"),
		},
		Response: &exchange.Response{Status: 201, Proto: "HTTP/1.1", Header: http.Header{"Set-Cookie": {"x=y; Secure"}, "X": {"\xfe\ufffd"}}},
		Failure:  &exchange.Failure{Kind: exchange.Timeout, Message: "known-token was too slow"},
	}
	want := report.Exchange{
		ID: "p/s", Probe: "p", Step: "s", Operation: "o", Identity: "operator", StartedAt: sample.Started, Seconds: 1.5,
		Request: report.Message{
			Method: "PUT", URL: "https://h/a%2Fb?t=[redacted:token-1]",
			Headers: []string{
				"Accept: [redacted:token-1]",
				"Authorization: bearer [redacted:token-1]", "Authorization: Bearer [redacted:opaque-7]", "Authorization: [redacted:opaque-7]",
				"Authorization: Bearer", "Authorization: [redacted:opaque-5]",
				"Cookie: [redacted:opaque-3]", "Proxy-Authorization: Basic [redacted:opaque-4]", "X-Two: 2", "X-Two: 1",
			},
			Body: `a [redacted:token-1] \xff`, BodyBytes: 15,
		},
		Response: &report.Message{Status: 201, Proto: "HTTP/1.1", Headers: []string{"Set-Cookie: [redacted:opaque-11]", "X: \\xfe\ufffd"}},
		Failure:  "timeout: [redacted:token-1] was too slow",
	}
	got := report.View(e, secrets.RedactString)
	if strings.Contains(got.Curl, "known") || strings.Contains(got.Curl, "dTpw") {
		t.Errorf("the curl line tells: %s", got.Curl)
	}
	got.Curl = ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestViewCutsLongBodies(t *testing.T) {
	secrets := redact.New()
	secrets.Add("token", "known-token")
	e := &exchange.Exchange{Response: &exchange.Response{Body: []byte(strings.Repeat("x", 8<<10-4) + "known-token" + strings.Repeat("é", 9000))}}
	got := report.View(e, secrets.RedactString).Response
	if !got.BodyTruncated || got.BodyBytes != 8<<10-4+11+18000 || !strings.HasSuffix(got.Body, "x[red") {
		t.Errorf("truncated %v, of %d bytes, ending in %q", got.BodyTruncated, got.BodyBytes, got.Body[len(got.Body)-20:])
	}
	e.Response.Body = []byte("x" + strings.Repeat("é", 9000))
	if got := report.View(e, sample.Same).Response; !utf8.ValidString(got.Body) || len(got.Body) != 8<<10-1 {
		t.Errorf("the body is cut to %d bytes", len(got.Body))
	}
}
