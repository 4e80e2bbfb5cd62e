package suites

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// misbehaviour is a way for a target to misbehave, and what comes of a run against it.
type misbehaviour struct {
	name    string
	answer  talk
	verdict report.Verdict
	// cause is a part of the text report.
	cause string
	// certificate makes the target speak TLS; nil: it does not.
	certificate *tls.Certificate
}

const (
	// quick bounds each run.
	quick = 10 * time.Second
	// shortly is the limit of one exchange in the table.
	shortly = 300 * time.Millisecond
)

func misbehaviours(t *testing.T, elsewhere string) []misbehaviour {
	body := `{"metadata":{"id":"`
	cut := "the connection was closed before the response was complete"
	garbled := "what arrived is not a well-formed HTTP answer"
	late := "no complete response within 300ms"
	bombed := bomb(t)
	now := time.Now()
	expired, foreign := certificate(t, "127.0.0.1", now.Add(-time.Minute)), certificate(t, "192.0.2.1", now.Add(time.Hour))
	const no, untold = report.NonConformant, report.Incomplete
	redirect := func(location string) string {
		return "HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n"
	}
	asked := func(status, after string) string {
		return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nRetry-After: " + after + "\r\n\r\n"
	}
	return []misbehaviour{
		{"nobody there", nil, untold, "the target answered nothing: the connection was refused", nil},
		{"an expired certificate", says(sized("{}", 2)), untold, "the target answered nothing: the certificate has expired", &expired},
		{"the certificate of another host", says(sized("{}", 2)), untold, "the target answered nothing: the certificate is for another host name", &foreign},
		{"reset", resets, untold, "the target answered nothing: " + cut, nil},
		{"closed without a response", says(""), untold, "the target answered nothing: " + cut, nil},
		{"closed half-way through the head", says("HTTP/1.1 200 OK\r\nContent-Type: app"), no, cut, nil},
		{"closed half-way through the body", says(sized(body, 99)), no, cut, nil},
		{"hangs before the head", hangs(""), untold, late, nil},
		{"hangs in the head", hangs(okHead), untold, late, nil},
		{"hangs in the body", hangs(sized(body, 99)), untold, late, nil},
		{"one byte a second", drips(sized("{}", 2), time.Second), untold, late, nil},
		{"one byte of the body a second", func(c net.Conn, r *http.Request, ended <-chan struct{}) bool {
			says(sized("", 99))(c, r, ended)
			return drips("[]", time.Second)(c, r, ended)
		}, untold, late, nil},
		{"an endless body", pours(okHead+"\r\n", bytes.Repeat([]byte(" "), 64<<10), forever), no, "expected", nil},
		{"a body of 100 MB", pours(sized("", 100_000_000), bytes.Repeat([]byte("x"), 50_000), 100_000_000), no, "expected", nil},
		{"a gzip bomb", says(strings.Replace(sized(bombed, len(bombed)), "\r\n", "\r\nContent-Encoding: gzip\r\n", 1)), no, "expected", nil},
		{"endless redirects", says(redirect("/again")), untold, "redirect (307) to another page", nil},
		{"a redirect to another host", says(redirect(elsewhere)), untold, "redirect (307) to another host", nil},
		{"a flood of 1xx", pours("", bytes.Repeat([]byte("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), 100), forever), untold, "longer than 64 KiB; this is a limit of the suite", nil},
		{"HTTP/0.9", says("<html>it works</html>"), untold, "the target answered nothing: what arrived is not HTTP", nil},
		{"another protocol", says("SSH-2.0-OpenSSH_9.6\r\n"), untold, "the target answered nothing: what arrived is not HTTP", nil},
		{"a Content-Length that is too long", says(sized("{}", 3)), no, cut, nil},
		{"a Content-Length that is too short", says(sized("{}", 1)), no, "expected", nil},
		{"two lengths", says(okHead + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"), no, garbled, nil},
		{"an invalid header", says(okHead + "a header\r\n\r\n{}"), no, garbled, nil},
		{"a header field with a NUL", says(okHead + "X: a\x00b\r\nContent-Length: 2\r\n\r\n{}"), no, garbled, nil},
		{"10,000 header fields", says(okHead + lines(10_000) + "Content-Length: 2\r\n\r\n{}"), untold, "longer than 64 KiB; this is a limit of the suite", nil},
		{"5,000 header fields", says(okHead + lines(5000) + "Content-Length: 2\r\n\r\n{}"), untold, "more than 200 header fields", nil},
		{"429, at once", says(asked("429 Too Many Requests", "0")), untold, "429", nil},
		{"429, in a week", says(asked("429 Too Many Requests", "604800")), untold, "answers 429 Too Many Requests to the list", nil},
		{"429, in an age", says(asked("429 Too Many Requests", strings.Repeat("9", 400))), untold, "answers 429 Too Many Requests to the list", nil},
		{"503, in a second", says(asked("503 Service Unavailable", "1")), untold, "answers 503 Service Unavailable to the list", nil},
		{"503, in a week", says(asked("503 Service Unavailable", "604800")), untold, "answers 503 Service Unavailable to the list", nil},
		{"429, at a date", says(asked("429 Too Many Requests", "Fri, 31 Dec 9999 23:59:59 GMT")), untold, "answers 429 Too Many Requests to the list", nil},
	}
}

// Whatever a target does, a run ends in time with a verdict or with the cause of there being none, its reports are whole,
// and neither a goroutine nor a connection outlives it.
func TestMisbehavingTargets(t *testing.T) {
	log.SetOutput(io.Discard) // net/http complains of odd answers there
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	before := runtime.NumGoroutine()
	var led atomic.Int64 // requests that were led elsewhere
	t.Run("table", func(t *testing.T) {
		elsewhere := impolite(t, func(net.Conn, *http.Request, <-chan struct{}) bool {
			led.Add(1)
			return false
		})
		for _, m := range misbehaviours(t, elsewhere.address) {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				endures(t, m)
			})
		}
	})
	if n := led.Load(); n > 0 {
		t.Errorf("%d requests went to another host", n)
	}
	for deadline := time.Now().Add(3 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines, %d before:\n%s", n, before, stacks[:runtime.Stack(stacks, true)])
	}
}

// endures runs the suite against a target that misbehaves.
func endures(t *testing.T, m misbehaviour) {
	server := deaf(t)
	roots := x509.NewCertPool()
	switch {
	case m.certificate != nil:
		server = impolite(t, m.answer, *m.certificate)
		roots.AddCert(m.certificate.Leaf)
	case m.answer != nil:
		server = impolite(t, m.answer)
	}
	limit := shortly
	if strings.HasPrefix(m.cause, "redirect") || strings.HasPrefix(m.cause, "the target answered nothing") { // by responses, whatever the load
		limit = quick / 2
	}
	cfg := engine.Config{
		RootCAs: roots,
		Target:  server.address, Organization: "d4600d6e-e965-4b44-a808-84fb2fa36702", Token: "a-token-that-is-secret", Plain: true, Journal: engine.NoJournal,
		Timeout: limit, Await: 200 * time.Millisecond, CleanupTimeout: 2 * time.Second,
		Profiles: []spec.Profile{spec.Core, spec.Lifecycle}, Focus: `create\.(status\.created|metadata|answers\.(large|always))|many\.answered`,
	}
	cfg = cfg.Tuned(engine.Tuning{Patience: 2 * time.Second})
	if m.certificate != nil {
		cfg.Timeout = 10 * shortly // a handshake takes time, and nothing hangs
	}
	began := time.Now()
	result := judged(t, t.Context(), cfg)
	took := time.Since(began)
	r := result.Report
	if r.Verdict != m.verdict || !r.Complete {
		t.Errorf("%s, complete: %v; want %s", r.Verdict, r.Complete, m.verdict)
	}
	if took > quick {
		t.Errorf("it took %s, more than %s", took, quick)
	}
	written := renderings(t, result)
	validReport(t, written["report.json"])
	if err := readXML(written["junit.xml"]); err != nil {
		t.Errorf("junit.xml: %v", err)
	}
	text := strings.Join(strings.Fields(string(written["text"])), " ") // lines may be wrapped anywhere
	if !strings.Contains(text, m.cause) {
		t.Errorf("the text does not say %q:\n%s", m.cause, written["text"])
	}
	for where, data := range written {
		if bytes.Contains(data, []byte(cfg.Token)) {
			t.Errorf("%s holds the token", where)
		}
	}
	for deadline := time.Now().Add(2 * time.Second); server.open.Load() > 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	if n := server.open.Load(); n > 0 {
		t.Errorf("%d connections are left open", n)
	}
	t.Logf("%s after %.2f s, %d exchanges", r.Verdict, took.Seconds(), len(r.Exchanges))
}
