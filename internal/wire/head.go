package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
)

const (
	// mostBehindHead bounds what is read of a connection behind the response to a HEAD, in bytes, and behindHead how long.
	mostBehindHead = bodies.FieldBytes + 64<<10
	behindHead     = 500 * time.Millisecond
)

// Watched is a client whose requests have a connection of their own, and what arrives on it. A response to HEAD has no body
// (RFC 9110 section 9.3.2), and net/http reads none, whatever the target sends. The second result is nil if the connection
// cannot be watched, such as that through a proxy for https.
func Watched(client *http.Client, message *http.Request) (*http.Client, *Watch) {
	transport, ok := client.Transport.(*http.Transport)
	if !ok || message.URL.Scheme == "https" && Proxied(client, message) {
		return client, nil
	}
	w := &Watch{closed: make(chan struct{})}
	transport = transport.Clone()
	transport.DisableKeepAlives, transport.ForceAttemptHTTP2 = true, false
	transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{} // HTTP/1.1: a frame of HTTP/2 would be left out before
	settings := transport.TLSClientConfig.Clone()
	settings.NextProtos = []string{"http/1.1"}
	var dialer net.Dialer
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		return w.around(conn), err
	}
	transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&tls.Dialer{Config: settings}).DialContext(ctx, network, address)
		return w.around(conn), err
	}
	return &http.Client{CheckRedirect: client.CheckRedirect, Transport: transport}, w
}

// Watch keeps what arrives on one connection.
type Watch struct {
	net.Conn

	once   sync.Once
	closed chan struct{}

	mu   sync.Mutex
	seen bytes.Buffer
}

func (w *Watch) around(conn net.Conn) net.Conn {
	if conn == nil {
		return nil
	}
	w.Conn = conn
	return w
}

func (w *Watch) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen.Write(b[:min(n, max(mostBehindHead-w.seen.Len(), 0))])
	return n, err
}

// Close reads on for a moment: what follows the head of a response may come after it.
func (w *Watch) Close() (err error) {
	w.once.Do(func() {
		_ = w.SetReadDeadline(time.Now().Add(behindHead))
		_, _ = io.CopyN(io.Discard, struct{ io.Reader }{w}, mostBehindHead)
		err = w.Conn.Close()
		close(w.closed)
	})
	return err
}

// Behind is what arrived behind the head of the response; nil if nothing did.
func (w *Watch) Behind(ctx context.Context) []byte {
	select {
	case <-w.closed:
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	reader := bufio.NewReader(bytes.NewReader(w.seen.Bytes()))
	for {
		response, err := http.ReadResponse(reader, &http.Request{Method: http.MethodHead})
		if err != nil {
			return nil
		}
		_ = response.Body.Close()
		if response.StatusCode/100 != 1 {
			break
		}
	}
	rest, _ := io.ReadAll(reader) // of a buffer
	return rest
}
