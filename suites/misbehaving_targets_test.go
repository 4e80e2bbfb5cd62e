package suites

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// rude is a server below HTTP: it may do with a connection what it likes.
type rude struct {
	address string
	// open counts the connections that are open now, requests what was asked on all of them.
	open, requests atomic.Int64
	ended          chan struct{}
}

// talk answers one request. The connection stays open where it returns true.
type talk func(c net.Conn, r *http.Request, ended <-chan struct{}) (stays bool)

// impolite starts a server that reads requests and answers them with talk; it ends with the test. With a certificate it
// speaks TLS.
func impolite(t *testing.T, answer talk, certificates ...tls.Certificate) *rude {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.WithoutCancel(t.Context()), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &rude{address: "http://" + listener.Addr().String(), ended: make(chan struct{})}
	if len(certificates) > 0 {
		s.address = "https://" + listener.Addr().String()
		listener = tls.NewListener(listener, &tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS12})
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			s.open.Add(1)
			wg.Go(func() {
				defer s.open.Add(-1)
				defer func() { _ = c.Close() }()
				s.serve(c, answer)
			})
		}
	})
	t.Cleanup(func() {
		close(s.ended)
		_ = listener.Close()
		wg.Wait()
	})
	return s
}

func (s *rude) serve(c net.Conn, answer talk) {
	reader := bufio.NewReader(c)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		s.requests.Add(1)
		_, _ = io.Copy(io.Discard, request.Body)
		if !answer(c, request, s.ended) {
			return
		}
	}
}

// gone waits until whoever is at the other end hangs up, or the server ends.
func gone(c net.Conn, ended <-chan struct{}) {
	over := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, c)
		close(over)
	}()
	select {
	case <-over:
	case <-ended:
		_ = c.Close()
		<-over
	}
}

const okHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// says sends the same text every time and closes the connection.
func says(text string) talk {
	return func(c net.Conn, _ *http.Request, _ <-chan struct{}) bool {
		_, _ = io.WriteString(c, text)
		return false
	}
}

// hangs sends a text and then nothing more.
func hangs(text string) talk {
	return func(c net.Conn, _ *http.Request, ended <-chan struct{}) bool {
		_, _ = io.WriteString(c, text)
		gone(c, ended)
		return false
	}
}

// resets ends the connection with a reset.
func resets(c net.Conn, _ *http.Request, _ <-chan struct{}) bool {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	return false
}

// drips sends one byte after the other, each after a pause.
func drips(text string, pause time.Duration) talk {
	return func(c net.Conn, _ *http.Request, ended <-chan struct{}) bool {
		for i := range text {
			if _, err := io.WriteString(c, text[i:i+1]); err != nil {
				return false
			}
			select {
			case <-time.After(pause):
			case <-ended:
				return false
			}
		}
		return true
	}
}

// pours sends a text, and then pieces until size bytes of them are sent or nobody wants more.
func pours(text string, piece []byte, size int) talk {
	return func(c net.Conn, _ *http.Request, _ <-chan struct{}) bool {
		_, err := io.WriteString(c, text)
		for sent := 0; err == nil && sent < size; sent += len(piece) {
			_, err = c.Write(piece)
		}
		return err == nil
	}
}

const forever = 1 << 50

// bomb is a gzip stream that holds a thousand times as much as it is long, a gigabyte: members of one text, which follow
// each other (RFC 1952 section 2.2).
func bomb(t *testing.T) string {
	t.Helper()
	var member bytes.Buffer
	w := gzip.NewWriter(&member)
	if _, err := w.Write(make([]byte, 16<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return strings.Repeat(member.String(), 64)
}

// lines are many header fields.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "X-%d: x\r\n", i)
	}
	return b.String()
}

func sized(body string, length int) string {
	return fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", okHead, length, body)
}
