package probe

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// proxyRefusal is the error of a proxy that does not open a tunnel to the target (RFC 9110 section 9.3.6).
type proxyRefusal struct {
	method string
	status int
}

func (p *proxyRefusal) Error() string {
	text := fmt.Sprintf("the proxy on the way answers %s with %d", p.method, p.status)
	if p.status == http.StatusProxyAuthRequired {
		text += ": it asks for credentials of its own (Proxy Authentication Required)"
	}
	return text
}

// tunnelled refuses every response to CONNECT but a success, with an error that names the proxy.
func tunnelled(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode/100 == 2 {
		return nil
	}
	return &proxyRefusal{http.MethodConnect, response.StatusCode}
}

// proxied reports whether a client sends a request to a proxy.
func proxied(client *http.Client, request *http.Request) bool {
	transport, ok := client.Transport.(*http.Transport)
	if !ok || transport.Proxy == nil {
		return false
	}
	address, err := transport.Proxy(request)
	return err == nil && address != nil
}

// exhausted reports whether a connection could not be made because the process or the machine has no file descriptor
// left. The resolver of the standard library keeps only the words of such an error.
func exhausted(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || strings.Contains(err.Error(), "too many open files")
}

// SpeaksTLS reports whether something at the host and port of the target completes a TLS handshake, whatever its
// certificate. It sends no HTTP, and is for a target that is given as http.
func (s *Session) SpeaksTLS(ctx context.Context) bool {
	address, err := url.Parse(s.run.target.BaseURL)
	if err != nil || s.run.target.Client == nil {
		return false
	}
	if _, network := s.run.target.Client.Transport.(*http.Transport); !network {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, s.run.limits.Timeout)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, ServerName: address.Hostname()}}
	connection, err := dialer.DialContext(limited, "tcp", net.JoinHostPort(address.Hostname(), cmp.Or(address.Port(), "80")))
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}
