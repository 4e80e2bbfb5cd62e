package probe

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Reached tells how far a request came on its way to the target: each step is empty if it was not taken.
type Reached struct {
	// Resolved holds the addresses of the host; Connected is the one that took the connection.
	Resolved  []string
	Connected string
	// TLS is the state of the handshake; nil if there was none, or where it failed.
	TLS *tls.ConnectionState
	// Certificate is what the target showed, also if it is not acceptable.
	Certificate *x509.Certificate
}

// Reach sends a request as Send does, on a fresh connection, and tells how it came there.
func (s *Session) Reach(ctx context.Context, step string, request Request) (*exchange.Exchange, Reached) {
	s.run.target.Client.CloseIdleConnections()
	var (
		mu    sync.Mutex
		found Reached
	)
	note := func(change func()) {
		mu.Lock()
		defer mu.Unlock()
		change()
	}
	watched := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSDone: func(info httptrace.DNSDoneInfo) {
			note(func() {
				found.Resolved = nil
				for _, address := range info.Addrs {
					found.Resolved = append(found.Resolved, address.String())
				}
			})
		},
		ConnectDone: func(_, address string, err error) {
			if err == nil {
				note(func() { found.Connected = address })
			}
		},
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			note(func() {
				var unacceptable *tls.CertificateVerificationError
				switch {
				case err == nil:
					found.TLS = &state
					if len(state.PeerCertificates) > 0 {
						found.Certificate = state.PeerCertificates[0]
					}
				case errors.As(err, &unacceptable) && len(unacceptable.UnverifiedCertificates) > 0:
					found.Certificate = unacceptable.UnverifiedCertificates[0]
				}
			})
		},
	})
	e := s.Send(watched, step, request)
	mu.Lock()
	defer mu.Unlock()
	return e, found
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
