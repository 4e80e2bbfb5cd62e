package wire

import (
	"crypto/x509"
	"net"
	"net/http"
	"sync"
)

// Peer is who answered the first request: the address that was connected to, and the certificates that it showed.
type Peer struct {
	Address string
	Proxied bool
	Chain   []*x509.Certificate
}

// Peers keeps the first peer. It is safe for concurrent use.
type Peers struct {
	mu    sync.Mutex
	first *Peer
}

func (p *Peers) Note(client *http.Client, message *http.Request, answer *http.Response, address net.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first != nil || address == nil {
		return
	}
	p.first = &Peer{Address: address.String(), Proxied: Proxied(client, message)}
	if host, _, err := net.SplitHostPort(p.first.Address); err == nil {
		p.first.Address = host
	}
	if answer.TLS != nil {
		p.first.Chain = answer.TLS.PeerCertificates
	}
}

// Get is who answered; nil if nobody did.
func (p *Peers) Get() *Peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.first
}
