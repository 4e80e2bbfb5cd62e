package certifycmd

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Offered makes sure, before anything is sent, that what a certificate needs is supplied or said not to be offered. It returns
// the needs that are not offered.
func Offered(a *app.App, f *CertifyFlags, cfg *engine.Config, set spec.Set) (needs []spec.Need, err error) {
	for _, name := range f.NotOffered {
		if !slices.Contains(certificate.Offerable(), spec.Need(name)) {
			return nil, app.Wrong("%s: %s is none of %s", a.Source("not-offered"), app.Shown(name), app.Join(certificate.Offerable()))
		}
	}
	for _, need := range certificate.Offerable() { // in one order, each once
		if slices.Contains(f.NotOffered, string(need)) {
			needs = append(needs, need)
		}
	}
	supplied := map[spec.Need]bool{
		spec.NeedGroup: len(cfg.Groups) > 0, spec.NeedOtherOrganization: cfg.OtherOrganization != "",
		spec.NeedExpiredToken: cfg.ExpiredToken != "", spec.NeedNotYetValidToken: cfg.NotYetValidToken != "",
	}
	how := map[spec.Need]string{
		spec.NeedGroup: "--group", spec.NeedOtherOrganization: "--other-organization",
		spec.NeedExpiredToken: "--expired-token-file", spec.NeedNotYetValidToken: "--not-yet-valid-token-file",
	}
	catalogue, err := spec.LoadCatalogue()
	if err != nil {
		return nil, app.Broken("%v", err)
	}
	var flags, names []string
	for _, need := range []spec.Need{spec.NeedGroup, spec.NeedOtherOrganization, spec.NeedExpiredToken, spec.NeedNotYetValidToken} {
		switch {
		case supplied[need] && slices.Contains(needs, need):
			return nil, app.Wrong("%s: %s is supplied (%s); leave one of them out", a.Source("not-offered"), need, how[need])
		case supplied[need] || slices.Contains(needs, need) || !demandedBy(catalogue, set, cfg.Profiles, need):
			continue
		}
		flags = append(flags, how[need])
		if need != spec.NeedGroup {
			names = append(names, string(need))
		}
	}
	switch {
	case len(flags) == 0:
		return needs, nil
	case len(names) == 0:
		return nil, app.Wrong("a certificate of these profiles needs %s", strings.Join(flags, ", "))
	}
	return nil, app.Wrong("a certificate of these profiles needs %s; supply them, or show what depends on them as not offered: --not-offered %s",
		strings.Join(flags, ", "), strings.Join(names, ","))
}

// demandedBy reports whether a MUST of the set, in one of the profiles, needs something.
func demandedBy(catalogue *spec.Catalogue, set spec.Set, profiles []spec.Profile, need spec.Need) bool {
	return slices.ContainsFunc(set.Requirements(), func(s spec.SetRequirement) bool {
		r, known := catalogue.Find(s.ID)
		return known && s.Level == spec.Must && (len(profiles) == 0 || slices.Contains(profiles, s.Profile)) && slices.Contains(r.Needs, need)
	})
}

// Connection is how whoever answered was reached; nil if nobody did.
func Connection(result *engine.Result) *certificate.Connection {
	if result.Peer == nil {
		return nil
	}
	c := &certificate.Connection{
		Address: result.Peer.Address, Proxy: result.Peer.Proxied, NamedCA: result.NamedCA, Chain: []certificate.PeerCertificate{},
	}
	for _, cert := range result.Peer.Chain[:min(len(result.Peer.Chain), mostPeerCertificates)] {
		sum := sha256.Sum256(cert.Raw)
		p := certificate.PeerCertificate{
			Subject: plainName(cert.Subject.String()), Issuer: plainName(cert.Issuer.String()), SHA256: hex.EncodeToString(sum[:]),
		}
		for _, name := range cert.DNSNames[:min(len(cert.DNSNames), mostPeerNames)] {
			p.Names = append(p.Names, plainName(name))
		}
		for _, ip := range cert.IPAddresses[:min(len(cert.IPAddresses), mostPeerNames)] {
			p.Names = append(p.Names, ip.String())
		}
		c.Chain = append(c.Chain, p)
	}
	return c
}

const (
	// mostPeerCertificates and mostPeerNames bound what is recorded of a chain that a target made up.
	mostPeerCertificates, mostPeerNames = 10, 100
	longestPeerName                     = 256
)

func plainName(text string) string {
	text = report.Printable(text)
	return strings.ToValidUTF8(text[:min(len(text), longestPeerName)], "")
}
