package witness

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/sa-conformance/conformance/internal/wire"
)

// errPrivate is the error of a connection to an address that is not a public one.
var errPrivate = errors.New("the target has no public address")

// connections is how many connections a session keeps idle.
const connections = 64

// clients are those of a session. They use no proxy, follow no redirect, and keep no connection of another session. The address
// is checked when it is connected to, so that a name cannot lead to another one in between.
func (s *Server) clients() (usual, alone *http.Client) {
	dialer := &net.Dialer{Timeout: 10 * time.Second, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		ip, err := netip.ParseAddrPort(address)
		if err != nil || !s.AllowPrivate && !public(ip.Addr()) {
			return errPrivate
		}
		return nil
	}}
	client := func(keepAlive bool) *http.Client {
		c := wire.NewClient(s.Roots, false, connections)
		if transport, ok := c.Transport.(*http.Transport); ok {
			transport.Proxy, transport.DialContext, transport.DisableKeepAlives = nil, dialer.DialContext, !keepAlive
		}
		return c
	}
	return client(true), client(false)
}

// reserved are networks that net/netip does not count as private and that lead to no public host.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
}

// public reports whether an address is one of the public Internet.
func public(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	if !address.IsGlobalUnicast() || address.IsPrivate() {
		return false
	}
	for _, network := range reserved {
		if network.Contains(address) {
			return false
		}
	}
	return true
}
