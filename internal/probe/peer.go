package probe

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

// peers keeps the first peer. It is safe for concurrent use.
type peers struct {
	mu    sync.Mutex
	first *Peer
}

func (p *peers) note(client *http.Client, message *http.Request, answer *http.Response, address net.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first != nil || address == nil {
		return
	}
	p.first = &Peer{Address: address.String(), Proxied: proxied(client, message)}
	if host, _, err := net.SplitHostPort(p.first.Address); err == nil {
		p.first.Address = host
	}
	if answer.TLS != nil {
		p.first.Chain = answer.TLS.PeerCertificates
	}
}

// Peer is who answered; nil if nobody did.
func (r *Run) Peer() *Peer {
	r.peers.mu.Lock()
	defer r.peers.mu.Unlock()
	return r.peers.first
}
