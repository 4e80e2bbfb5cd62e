package certificate

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
)

// RequiredTLS is what is demanded of how the target was reached. The statement has that by the signer's word, and a witness by its
// own.
type RequiredTLS struct {
	// Public demands that the operator named no authority of his own, and a certificate for the target that is not self-signed.
	Public bool
	// Direct demands that no proxy was in between, and a public address.
	Direct bool
	// Certificates are hexadecimal SHA-256 digests, of which one has to be that of a certificate in the chain.
	Certificates []string
}

// unmet lists what is demanded and not there.
func (r RequiredTLS) unmet(c *Connection, target string) (lines []string) {
	if !r.Public && !r.Direct && len(r.Certificates) == 0 {
		return nil
	}
	if c == nil || len(c.Chain) == 0 {
		return []string{"how the target was reached is required, and the certificate does not say it"}
	}
	if r.Public {
		lines = append(lines, unmetPublic(c, target)...)
	}
	if r.Direct {
		lines = append(lines, unmetDirect(c)...)
	}
	if len(r.Certificates) > 0 && !slices.ContainsFunc(c.Chain, func(p PeerCertificate) bool { return slices.Contains(r.Certificates, p.SHA256) }) {
		lines = append(lines, fmt.Sprintf("one of %d certificates is required in the target's chain, and none is there", len(r.Certificates)))
	}
	return lines
}

func unmetPublic(c *Connection, target string) (lines []string) {
	const required = "a public authority is required for the target's certificate, and "
	leaf := c.Chain[0]
	if c.NamedCA {
		lines = append(lines, required+"the operator named what to trust (--ca-file)")
	}
	if leaf.Issuer == leaf.Subject {
		lines = append(lines, required+"it is self-signed")
	}
	u, err := url.Parse(target)
	if err != nil || !slices.ContainsFunc(leaf.Names, func(name string) bool { return covers(name, u.Hostname()) }) {
		lines = append(lines, required+"it is not for the host of the target")
	}
	return lines
}

func unmetDirect(c *Connection) (lines []string) {
	if c.Proxy {
		lines = append(lines, "a direct connection is required, and a proxy was between the suite and the target")
	}
	address, err := netip.ParseAddr(c.Address)
	if err != nil || !address.Unmap().IsGlobalUnicast() || address.Unmap().IsPrivate() {
		lines = append(lines, fmt.Sprintf("a public address is required, and %s answered", c.Address))
	}
	return lines
}
