// Package listen serves a handler on an address of this machine, with a certificate of its own if TLS is asked for. A closed
// listener has dropped its connections.
package listen

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// grace is how long requests in flight may take once a listener is closed.
const grace = 800 * time.Millisecond

// Listener serves a handler until it is closed.
type Listener struct {
	URL            string // such as https://127.0.0.1:43210, without a trailing slash
	CertificatePEM []byte // what a client must trust; nil without TLS

	server *http.Server
	done   chan struct{}
	err    error // of serving; to be read after done
	once   sync.Once
	closed error
}

// Listen serves h on addr ("": a free port of 127.0.0.1) until Close is called or the context ends. With TLS the
// certificate is self-signed, made for this listener, and HTTP/2 is offered.
func Listen(ctx context.Context, addr string, useTLS bool, h http.Handler) (*Listener, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("reading address: %w", err)
	}
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	l := &Listener{done: make(chan struct{}), server: &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0),
	}}
	l.URL = "http://" + reachable(host, socket.Addr())
	serve := func() error { return l.server.Serve(socket) }
	if useTLS {
		certificate, text, err := newCertificate(host, time.Now())
		if err != nil {
			_ = socket.Close()
			return nil, fmt.Errorf("making certificate: %w", err)
		}
		l.URL, l.CertificatePEM = "https://"+reachable(host, socket.Addr()), text
		l.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		serve = func() error { return l.server.ServeTLS(socket, "", "") }
	}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	go func() {
		defer stop()
		defer close(l.done)
		if err := serve(); !errors.Is(err, http.ErrServerClosed) {
			l.err = fmt.Errorf("serving: %w", err)
		}
	}()
	return l, nil
}

// Close waits for the requests in flight, and cuts off those that take about a second. It may be called again.
func (l *Listener) Close() error {
	l.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		if l.server.Shutdown(ctx) != nil {
			l.closed = l.server.Close()
		}
		<-l.done
	})
	return l.closed
}

// Done is closed when no more connections are accepted.
func (l *Listener) Done() <-chan struct{} { return l.done }

// Err waits for Done, and tells why serving ended: nil after Close.
func (l *Listener) Err() error {
	<-l.done
	return l.err
}

// reachable is host and port that a client on this machine can connect to.
func reachable(host string, bound net.Addr) string {
	_, port, _ := net.SplitHostPort(bound.String())
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
