package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
)

// Old is a client that sends its requests as HTTP/1.0, each on a connection of its own. It is not ok if that cannot be told, as
// through a proxy, or if the client is none of net/http.
func Old(client *http.Client, message *http.Request) (old *http.Client, ok bool) {
	transport, ok := client.Transport.(*http.Transport)
	if !ok || Proxied(client, message) {
		return client, false
	}
	transport = transport.Clone()
	transport.DisableKeepAlives, transport.ForceAttemptHTTP2 = true, false
	transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{} // HTTP/2 has no version in a request
	settings := transport.TLSClientConfig.Clone()
	if settings == nil {
		settings = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	settings.NextProtos = []string{"http/1.1"}
	var dialer net.Dialer
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		return downgraded(conn), err
	}
	transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&tls.Dialer{Config: settings}).DialContext(ctx, network, address)
		return downgraded(conn), err
	}
	return &http.Client{CheckRedirect: client.CheckRedirect, Transport: transport}, true
}

func downgraded(conn net.Conn) net.Conn {
	if conn == nil {
		return nil
	}
	return &oldConn{Conn: conn}
}

// oldConn writes another version into the first request line that passes: net/http writes HTTP/1.1 alone.
type oldConn struct {
	net.Conn

	done bool
}

var newVersion, oldVersion = []byte(" HTTP/1.1\r\n"), []byte(" HTTP/1.0\r\n")

func (c *oldConn) Write(b []byte) (int, error) {
	if c.done || !bytes.Contains(b, newVersion) {
		return c.Conn.Write(b)
	}
	c.done = true
	return c.Conn.Write(bytes.Replace(b, newVersion, oldVersion, 1)) // of the same length
}
