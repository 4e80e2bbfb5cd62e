package cli

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/ui"
	"github.com/sa-conformance/conformance/suites"
)

// Keygen makes a key as "conformance keygen" does.
func (b *uiBackend) Keygen(prefix string) (private, public string, err error) {
	a, _ := b.scratch(nil)
	if prefix == "" {
		return "", "", wrong("the prefix of the files is missing; write one such as vendor")
	}
	return prefix + ".key.pem", prefix + ".pub.pem", a.keygen(prefix, certificate.Ed25519)
}

// Certify writes a bundle for a run that is over, as "conformance certify" does for its own. Waivers are left out: a certificate
// rests on the whole verdict.
func (b *uiBackend) Certify(ctx context.Context, cfg engine.Config, result *engine.Result, o ui.Order) (obstacles []string, done string, err error) {
	a, _ := b.scratch(nil)
	f := &certifyFlags{signingKey: o.Key, bundle: o.Bundle, validFor: o.ValidFor, targetVersion: o.TargetVersion, notOffered: o.NotOffered}
	if o.Bundle == "" {
		return nil, "", wrong("the name of the file is missing; write one such as certificate.zip")
	}
	set := cfg.Set
	if set == nil {
		if set, err = a.chosenSet(""); err != nil {
			return nil, "", err
		}
	}
	terms, err := a.terms(f, set)
	if err != nil {
		return nil, "", err
	}
	if terms.NotOffered, err = a.offered(f, &cfg, *set); err != nil {
		return nil, "", err
	}
	whole := *result
	told := *result.Report
	told.Results = slices.Clone(told.Results)
	report.Decide(&told, report.Policy{Today: time.Now()})
	whole.Report = &told
	if obstacles = certificate.Obstacles(&told, terms.NotOffered); len(obstacles) > 0 {
		return obstacles, "", nil
	}
	terms.Connection = connection(&whole)
	claims, err := terms.write(ctx, *set, &whole)
	if err != nil {
		return nil, "", err
	}
	return nil, fmt.Sprintf("%s is written, valid until %s.", o.Bundle, claims.ValidUntil.Format(time.DateOnly)), nil
}

// Verify checks a bundle as "conformance verify" does.
func (b *uiBackend) Verify(ctx context.Context, bundle, publicKey string) (text string, valid bool, err error) {
	a, _ := b.scratch(nil)
	f := verifyFlags{}
	if publicKey == "" {
		return "", false, wrong("the file of the public key is missing")
	}
	f.keys = []string{publicKey}
	options, err := a.verification(f)
	if err != nil {
		return "", false, err
	}
	options.LiveOnly = suites.NeedsLiveToken
	read, err := readBundle(bundle)
	if err != nil {
		return "", false, wrong("%s: %s; name a bundle that was made here or by \"conformance certify\"", shown(bundle), cause(err))
	}
	v, err := certificate.Verify(ctx, read, options)
	if err != nil {
		return "", false, err
	}
	c := certified(v, false)
	var page bytes.Buffer
	printVerification(&page, v, c)
	return page.String(), c.code == exitConformant, nil
}
