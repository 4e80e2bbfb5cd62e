package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// ProxyRefusal is the error of a proxy that does not open a tunnel to the target (RFC 9110 section 9.3.6).
type ProxyRefusal struct {
	Method string
	Status int
}

func (p *ProxyRefusal) Error() string {
	text := fmt.Sprintf("the proxy on the way answers %s with %d", p.Method, p.Status)
	if p.Status == http.StatusProxyAuthRequired {
		text += ": it asks for credentials of its own (Proxy Authentication Required)"
	}
	return text
}

// tunnelled refuses every response to CONNECT but a success, with an error that names the proxy.
func tunnelled(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode/100 == 2 {
		return nil
	}
	return &ProxyRefusal{http.MethodConnect, response.StatusCode}
}

// Proxied reports whether a client sends a request to a proxy.
func Proxied(client *http.Client, request *http.Request) bool {
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
