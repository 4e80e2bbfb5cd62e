package probe

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

func TestRefused(t *testing.T) {
	socket, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := socket.Addr().String()
	_ = socket.Close()
	e := newRun(t, "http://"+address).session("p").Send(t.Context(), "s", get("/"))
	want(t, "nothing listens", e, exchange.Refused, "the connection was refused")
}

func want(t *testing.T, name string, e *exchange.Exchange, kind exchange.Kind, message string) {
	t.Helper()
	if e.Failure == nil || e.Failure.Kind != kind || e.Failure.Message != message {
		t.Errorf("%s: the failure is %+v, want %s: %s", name, e.Failure, kind, message)
	}
	if e.Answered() {
		t.Errorf("%s: it is answered", name)
	}
	if e.Timings.Total <= 0 {
		t.Errorf("%s: it took no time", name)
	}
}

const (
	malformedMessage = "what arrived is not a well-formed HTTP answer"
	droppedMessage   = "the connection was closed before the response was complete"
)

// Bytes in place of a response. Where a status line and headers arrived, they are kept.
func TestMalformedAnswers(t *testing.T) {
	ok := "HTTP/1.1 200 OK\r\n"
	for name, test := range map[string]struct {
		text   string
		kind   exchange.Kind
		status int
		body   string
	}{
		"nothing":                {"", exchange.Dropped, 0, ""},
		"half a status line":     {"HTTP/1.1 20", exchange.Malformed, 0, ""},
		"half a word":            {"HT", exchange.Malformed, 0, ""},
		"half the headers":       {ok + "Content-Type: text/pl", exchange.Dropped, 0, ""},
		"garbage":                {"connection reset by garbage\r\n\r\n", exchange.Malformed, 0, ""},
		"SMTP":                   {"220 smtp.example.com ESMTP\r\n", exchange.Malformed, 0, ""},
		"a bad status":           {"HTTP/1.1 abc OK\r\n\r\n", exchange.Malformed, 0, ""},
		"a bad version":          {"HTTP/x.y 200 OK\r\n\r\n", exchange.Malformed, 0, ""},
		"a header without colon": {ok + "nonsense\r\n\r\n", exchange.Malformed, 0, ""},
		"a bad length":           {ok + "Content-Length: x\r\n\r\n", exchange.Malformed, 0, ""},
		"two lengths":            {ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", exchange.Malformed, 0, ""},
		"a bad encoding":         {ok + "Transfer-Encoding: x\r\n\r\n", exchange.Malformed, 0, ""},
		"a bad chunk":            {ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", exchange.Malformed, 200, ""},
		"a bad end of chunk":     {ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n", exchange.Malformed, 200, "ab"},
		"half a chunk":           {ok + "Transfer-Encoding: chunked\r\n\r\n4\r\nab", exchange.Dropped, 200, "ab"},
		"no last chunk":          {ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", exchange.Dropped, 200, "ab"},
		"half a body":            {ok + "Content-Length: 10\r\n\r\nabc", exchange.Dropped, 200, "abc"},
	} {
		s := newRun(t, serve(t, raw(test.text))).session("p")
		e := s.Send(t.Context(), "s", get("/"))
		message := malformedMessage
		switch {
		case test.kind == exchange.Dropped:
			message = droppedMessage
		case !strings.HasPrefix(test.text, ok):
			message = exchange.NotHTTP
		}
		want(t, name, e, test.kind, message)
		if e.Status() != test.status || test.status > 0 && string(e.Response.Body) != test.body {
			t.Errorf("%s: status %d, answer %+v", name, e.Status(), e.Response)
		}
		if n := s.run.recording.Len(); n != mostTries {
			t.Errorf("%s: %d exchanges", name, n)
		}
	}
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_, _ = w.Write([]byte("abc"))
			w.(http.Flusher).Flush()
		}
		<-release
	})
	t.Cleanup(func() { close(release) }) // before the server closes
	s := newRun(t, base).session("p")
	s.run.limits.Timeout = 400 * time.Millisecond
	want(t, "no response", s.Send(t.Context(), "s", get("/")), exchange.Timeout, "no complete response within 400ms")
	e := s.Send(t.Context(), "s", get("/body"))
	want(t, "half a response", e, exchange.Timeout, "no complete response within 400ms")
	if e.Status() != 200 || string(e.Response.Body) != "abc" {
		t.Errorf("the response is %+v", e.Response)
	}

	s.run.limits.Timeout = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	want(t, "interrupted", s.Send(ctx, "s", get("/")), exchange.Canceled, "the run was interrupted")
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	want(t, "out of time", s.Send(ctx, "s", get("/")), exchange.Canceled, "the run was interrupted")
}

// What is dropped is sent again on a connection of its own, until it gets through or was dropped every time. A connection
// that had been used before may have been closed for want of use, which is no try.
func TestDropped(t *testing.T) {
	for name, test := range map[string]struct {
		drops  func(connection string, nth int) bool // whether the nth request of all is dropped
		half   bool
		warm   bool
		status int
		sent   int
	}{
		"always":              {drops: func(string, int) bool { return true }, sent: mostTries},
		"three times":         {drops: func(_ string, n int) bool { return n < 4 }, status: 200, sent: 4},
		"reused":              {drops: func(_ string, n int) bool { return n == 2 }, warm: true, status: 200, sent: 2},
		"reused, and again":   {drops: func(_ string, n int) bool { return n > 1 }, warm: true, sent: 1 + mostTries},
		"reused, half a body": {drops: func(_ string, n int) bool { return n == 2 }, warm: true, half: true, status: 200, sent: 2},
	} {
		var n atomic.Int32
		var connections sync.Map
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			connections.Store(r.RemoteAddr, true)
			if !test.drops(r.RemoteAddr, int(n.Add(1))) {
				return
			}
			if test.half {
				raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")(w, r)
			} else {
				hangUp(w)
			}
		})
		s := newRun(t, base).session("p")
		request := Request{Method: http.MethodPost, Path: "/", Body: []byte("x")} // net/http itself repeats a GET
		if test.warm {
			s.Send(t.Context(), "warm", request)
		}
		e := s.Send(t.Context(), "s", request)
		if e.Status() != test.status {
			t.Errorf("%s: status %d", name, e.Status())
		}
		if test.status == 0 {
			want(t, name, e, exchange.Dropped, droppedMessage)
		}
		if sent := len(s.run.recording.All()); sent != test.sent+map[bool]int{true: 1}[test.warm] {
			t.Errorf("%s: %d exchanges", name, sent)
		}
		made := 0
		connections.Range(func(any, any) bool { made++; return true })
		if made != test.sent {
			t.Errorf("%s: %d connections for %d requests", name, made, test.sent)
		}
		s.run.target.Client.CloseIdleConnections()
	}
}

func TestTLS(t *testing.T) {
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	start := func(change func(*httptest.Server)) *httptest.Server {
		server := httptest.NewUnstartedServer(handler)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		change(server)
		server.StartTLS()
		t.Cleanup(server.Close)
		return server
	}
	with := func(template x509.Certificate) func(*httptest.Server) {
		return func(s *httptest.Server) {
			s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate(t, template)}}
		}
	}
	now := time.Now()
	good := x509.Certificate{NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	expired, early, elsewhere, client := good, good, good, good
	expired.NotAfter = now.Add(-time.Minute)
	early.NotBefore = now.Add(time.Minute)
	elsewhere.DNSNames, elsewhere.IPAddresses = []string{"example.com"}, nil
	client.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}

	for name, test := range map[string]struct {
		server  *httptest.Server
		trust   bool
		message string
	}{
		"good":            {start(with(good)), true, ""},
		"unknown CA":      {start(with(good)), false, "the certificate is signed by an authority that is not trusted here"},
		"another host":    {start(with(elsewhere)), true, "the certificate is for another host name"},
		"expired":         {start(with(expired)), true, "the certificate has expired or is not yet valid"},
		"not yet valid":   {start(with(early)), true, "the certificate has expired or is not yet valid"},
		"another purpose": {start(with(client)), true, "the certificate or the TLS handshake is not acceptable"},
		"wants ours": {start(func(s *httptest.Server) {
			with(good)(s)
			s.TLS.ClientAuth = tls.RequireAnyClientCert
			s.TLS.MaxVersion = tls.VersionTLS12
		}), true, "the certificate or the TLS handshake is not acceptable"},
		"too old": {start(func(s *httptest.Server) {
			with(good)(s)
			s.TLS.MaxVersion = tls.VersionTLS11
			s.TLS.MinVersion = tls.VersionTLS10
		}), true, "the target speaks another version of TLS than 1.2 and 1.3"},
		"HTTP/2": {start(func(s *httptest.Server) { with(good)(s); s.EnableHTTP2 = true }), true, ""},
	} {
		roots := x509.NewCertPool()
		if leaf, err := x509.ParseCertificate(test.server.TLS.Certificates[0].Certificate[0]); err != nil {
			t.Fatal(err)
		} else if test.trust {
			roots.AddCert(leaf)
		}
		s := newRun(t, test.server.URL, func(r *Run) { r.target.Client = wire.NewClient(roots, false, 1) }).session("p")
		e := s.Send(t.Context(), "s", get("/"))
		if test.message != "" {
			want(t, name, e, exchange.TLS, test.message)
			e = newRun(t, test.server.URL, func(r *Run) { r.target.Client = wire.NewClient(roots, true, 1) }).session("p").Send(t.Context(), "s", get("/"))
			if insecure := name != "wants ours" && name != "too old"; e.Answered() != insecure {
				t.Errorf("%s, without verification: %+v", name, e.Failure)
			}
			continue
		}
		if e.Status() != 200 || name == "HTTP/2" && e.Response.Proto != "HTTP/2.0" {
			t.Errorf("%s: %+v, failure %+v", name, e.Response, e.Failure)
		}
	}

	plain := serve(t, handler)
	e := newRun(t, strings.Replace(plain, "http", "https", 1)).session("p").Send(t.Context(), "s", get("/"))
	want(t, "plain HTTP", e, exchange.TLS, "the target does not speak TLS on this port")
	socket, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("220 smtp.example.com ESMTP\r\n"))
			_, _ = io.CopyN(io.Discard, conn, 1)
			_ = conn.Close()
		}
	}()
	e = newRun(t, "https://"+socket.Addr().String()).session("p").Send(t.Context(), "s", get("/"))
	want(t, "SMTP", e, exchange.TLS, "the target does not speak TLS on this port")
}

func certificate(t *testing.T, template x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, template.BasicConstraintsValid, template.IsCA = big.NewInt(1), true, true
	template.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// What is hard to provoke; and no message holds anything of the error's text.
func TestClassify(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		kind exchange.Kind
	}{
		"DNS":            {&net.DNSError{Err: "no such host", Name: operator}, exchange.DNS},
		"unreachable":    {&net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH}, exchange.Refused},
		"reset":          {fmt.Errorf("%s: %w", operator, syscall.ECONNRESET), exchange.Dropped},
		"pipe":           {syscall.EPIPE, exchange.Dropped},
		"closed":         {net.ErrClosed, exchange.Dropped},
		"HTTP/2 reset":   {errors.New("stream error: stream ID 1; INTERNAL_ERROR; received from peer"), exchange.Dropped},
		"HTTP/2 GOAWAY":  {errors.New("http2: server sent GOAWAY and closed the connection"), exchange.Dropped},
		"dial timeout":   {&net.OpError{Op: "dial", Err: timeout{}}, exchange.Timeout},
		"no descriptor":  {&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)}, exchange.Local},
		"none for DNS":   {&net.DNSError{Err: "dial udp 192.0.2.1:53: socket: too many open files", Name: "x"}, exchange.Local},
		"a closed proxy": {&net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED}, exchange.Proxy},
		"anything else":  {errors.New(operator), exchange.Other},
		"our own words":  {&url.Error{Op: "Get", URL: "https://a/malformed error: tls: EOF", Err: errors.New("x")}, exchange.Other},
		"their words":    {errors.New(`malformed HTTP response "x error: tls: connection reset"`), exchange.Malformed},
	} {
		f := wire.Classify(context.Background(), test.err, time.Second)
		if f.Kind != test.kind || strings.Contains(f.Message, operator) || f.Message == "" {
			t.Errorf("%s: %+v, want %s", name, f, test.kind)
		}
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// Limits of the suite are no fault of the target, and the request is not sent again.
func TestLongHeaders(t *testing.T) {
	t.Parallel()
	for text, message := range map[string]string{
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20) + "\r\n\r\n":                                    "the header of the response is longer than 64 KiB; this is a limit of the suite",
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + strings.Repeat("X: y\r\n", bodies.MostFields+1) + "\r\n": "the response has more than 200 header fields; this is a limit of the suite",
	} {
		s := newRun(t, serve(t, raw(text))).session("p")
		want(t, message, s.Send(t.Context(), "s", get("/")), exchange.Other, message)
		if n := s.run.recording.Len(); n != 1 {
			t.Errorf("%s: %d exchanges", message, n)
		}
	}
}
