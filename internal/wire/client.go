// Package wire makes the HTTP client of a run and says what failed below HTTP: connections, proxies, certificates, a token endpoint. It
// knows nothing of service accounts.
package wire

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
)

// NewClient makes the client of a run. It follows no redirect, so that a token never reaches another host, undoes no
// compression, and drops idle connections before a target does that closes them after a second. It keeps as many idle as it
// is told: fewer than there are requests at once, and every burst of them makes new ones. The certificates are for targets
// that ask for one.
func NewClient(roots *x509.CertPool, insecure bool, connections int, certificates ...tls.Certificate) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			OnProxyConnectResponse: tunnelled,
			TLSClientConfig:        &tls.Config{RootCAs: roots, InsecureSkipVerify: insecure, MinVersion: tls.VersionTLS12, Certificates: certificates},
			ForceAttemptHTTP2:      true,
			DisableCompression:     true,
			MaxIdleConnsPerHost:    connections,
			IdleConnTimeout:        700 * time.Millisecond,
			MaxResponseHeaderBytes: bodies.FieldBytes,
			ExpectContinueTimeout:  time.Second, // for requests with Expect alone
		},
	}
}

// NewClientThrough makes the client of a run whose requests somebody else sends. If it has a method Alone, that sends each request
// on a connection of its own.
func NewClientThrough(sender http.RoundTripper) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     sender,
	}
}

// UnsentError is the error of a request that the one who sends for a run did not send.
type UnsentError struct{ Reason string }

func (u *UnsentError) Error() string { return u.Reason }

// Alone is a client like the given one whose every request has a connection of its own.
func Alone(client *http.Client) *http.Client {
	if client == nil { // a run that sends nothing
		return nil
	}
	if through, ok := client.Transport.(interface{ Alone() http.RoundTripper }); ok {
		return &http.Client{CheckRedirect: client.CheckRedirect, Transport: through.Alone()}
	}
	transport, ok := client.Transport.(*http.Transport)
	if !ok {
		return client
	}
	transport = transport.Clone()
	transport.DisableKeepAlives = true
	return &http.Client{CheckRedirect: client.CheckRedirect, Transport: transport}
}
