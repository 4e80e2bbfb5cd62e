package witness

import (
	"context"
	"crypto/rand"
	"math/big"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/proxy"

	"github.com/sa-conformance/conformance/internal/wire"
)

// mostLater bounds how long a repeat waits, so that it does not follow the request that it repeats.
const mostLater = 20 * time.Second

// wait waits a while by chance; a session that ends waits for nothing.
func (s *session) wait() {
	later := s.server.later
	if later == nil {
		later = func() time.Duration { return time.Duration(below(int64(mostLater))) }
	}
	timer := time.NewTimer(later())
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ending:
	}
}

// below is a number from 0 to n-1 by chance.
func below(n int64) int64 {
	x, err := rand.Int(rand.Reader, big.NewInt(n))
	if err != nil {
		return 0
	}
	return x.Int64()
}

// repeater is who sends a repeat: the witness itself, or by chance one of the places elsewhere, which connects to the address that
// answered the first time and to no other. TLS is between witness and target in either case.
func (s *session) repeater(first sent) (client *http.Client, elsewhere bool) {
	n := below(int64(len(s.server.Elsewhere)) + 1)
	if n == 0 || first.peer == nil {
		return s.alone, false
	}
	forward, err := proxy.SOCKS5("tcp", s.server.Elsewhere[n-1], nil, &net.Dialer{Timeout: 10 * time.Second})
	if err != nil {
		return s.alone, false
	}
	c := wire.NewClient(s.server.Roots, false, 1)
	if transport, ok := c.Transport.(*http.Transport); ok {
		transport.Proxy, transport.DisableKeepAlives = nil, true
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			_, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			if dialer, ok := forward.(proxy.ContextDialer); ok {
				return dialer.DialContext(ctx, network, net.JoinHostPort(first.peer.Address, port))
			}
			return nil, net.ErrClosed
		}
	}
	return c, true
}
