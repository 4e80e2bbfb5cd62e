package certificate

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Connection is how the signer's suite reached whoever answered. It is the signer's word, as the whole statement is.
type Connection struct {
	// Address is the IP address that was connected to: the target's, or that of the proxy.
	Address string `json:"address"`
	// Proxy is set if an HTTP proxy was in between.
	Proxy bool `json:"proxy"`
	// NamedCA is set if the operator named certificates to trust (--ca-file).
	NamedCA bool `json:"namedCA"`
	// Chain is what the peer showed, its own certificate first.
	Chain []PeerCertificate `json:"chain"`
}

// PeerCertificate is one certificate of TLS.
type PeerCertificate struct {
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
	// Names are the host names and addresses that it is for.
	Names []string `json:"names,omitempty"`
	// SHA256 is the hexadecimal digest of its DER form.
	SHA256 string `json:"sha256"`
}

// same reports whether both are to one address, with one certificate. Nothing is the same as what is not recorded.
func (c *Connection) same(other *Connection) bool {
	return other == nil || c.Address == other.Address && slices.EqualFunc(c.Chain, other.Chain, func(a, b PeerCertificate) bool { return a.SHA256 == b.SHA256 })
}

// notes are what whoever relies on the certificate should look at.
func (c *Connection) notes(target string) (notes []string) {
	if c == nil {
		return nil
	}
	if c.Proxy {
		notes = append(notes, "a proxy was between the suite and the target")
	}
	if address, err := netip.ParseAddr(c.Address); err == nil && address.IsLoopback() {
		notes = append(notes, "the address that answered, "+c.Address+", is on the signer's own machine (loopback)")
	} else if err == nil && address.IsPrivate() {
		notes = append(notes, "the address that answered, "+c.Address+", is of a private network")
	}
	if len(c.Chain) == 0 {
		return append(notes, "no certificate of the target is recorded")
	}
	leaf := c.Chain[0]
	if u, err := url.Parse(target); err == nil && !slices.ContainsFunc(leaf.Names, func(name string) bool { return covers(name, u.Hostname()) }) {
		notes = append(notes, "the certificate that the target showed is not for "+u.Hostname())
	}
	issuer := c.Chain[len(c.Chain)-1].Issuer
	switch {
	case leaf.Issuer == leaf.Subject:
		notes = append(notes, "the target's certificate is self-signed, and no public issuer stands for it")
	case c.NamedCA:
		notes = append(notes, "the target's certificate may not be of a public issuer: the operator named what to trust (--ca-file); the issuer is "+issuer)
	}
	return notes
}

// covers reports whether a name of a certificate is for a host.
func covers(name, host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.Equal(net.ParseIP(name))
	}
	if rest, wild := strings.CutPrefix(name, "*."); wild {
		_, parent, _ := strings.Cut(host, ".")
		return strings.EqualFold(rest, parent)
	}
	return strings.EqualFold(name, host)
}
