package uicmd

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/certifycmd"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/ui"
	"github.com/sa-conformance/conformance/suites/evidence"
)

// Keygen makes a key as "conformance keygen" does.
func (b *uiBackend) Keygen(prefix string) (private, public string, err error) {
	a, _ := b.scratch(nil)
	if prefix == "" {
		return "", "", app.Wrong("the prefix of the files is missing; write one such as vendor")
	}
	return prefix + ".key.pem", prefix + ".pub.pem", certifycmd.RunKeygen(a, prefix, certificate.Ed25519)
}

// Certify writes a bundle for a run that is over, as "conformance certify" does for its own. Waivers are left out: a certificate
// rests on the whole verdict.
func (b *uiBackend) Certify(ctx context.Context, cfg engine.Config, result *engine.Result, backing ui.Backing, o ui.Order) (obstacles []string, done string, err error) {
	a, _ := b.scratch(nil)
	f := &certifycmd.CertifyFlags{SigningKey: o.Key, Bundle: o.Bundle, ValidFor: o.ValidFor, TargetVersion: o.TargetVersion, NotOffered: o.NotOffered, TSA: o.TSA}
	f.Backing, _ = backing.(*certifycmd.Backing)
	if o.TSACert != "" {
		f.TSACerts = []string{o.TSACert}
	}
	if o.Bundle == "" {
		return nil, "", app.Wrong("the name of the file is missing; write one such as certificate.zip")
	}
	set := cfg.Set
	if set == nil {
		if set, err = settings.ChosenSet(a, ""); err != nil {
			return nil, "", err
		}
	}
	terms, err := certifycmd.ReadTerms(a, f, set)
	if err != nil {
		return nil, "", err
	}
	if terms.NotOffered, err = certifycmd.Offered(a, f, &cfg, *set); err != nil {
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
	if terms.Connection == nil {
		terms.Connection = certifycmd.Connection(&whole)
	}
	claims, err := terms.Write(ctx, *set, &whole)
	if err != nil {
		return nil, "", err
	}
	return nil, fmt.Sprintf("%s is written, valid until %s.", o.Bundle, claims.ValidUntil.Format(time.DateOnly)), nil
}

// Verify checks a bundle as "conformance verify" does.
func (b *uiBackend) Verify(ctx context.Context, bundle, publicKey string, demands ui.Demands) (text string, valid bool, err error) {
	a, _ := b.scratch(nil)
	f := certifycmd.VerifyFlags{}
	if publicKey == "" {
		return "", false, app.Wrong("the file of the public key is missing")
	}
	f.Keys = []string{publicKey}
	options, err := certifycmd.Verification(a, f)
	if err != nil {
		return "", false, err
	}
	options.LiveOnly = evidence.NeedsLiveToken
	if err := certifycmd.Demand(a, demands.Witness, demands.TSACert, demands.Policy, &options); err != nil {
		return "", false, err
	}
	read, err := certifycmd.ReadBundle(bundle)
	if err != nil {
		return "", false, app.Wrong("%s: %s; name a bundle that was made here or by \"conformance certify\"", app.Shown(bundle), app.Cause(err))
	}
	v, err := certificate.Verify(ctx, read, options)
	if err != nil {
		return "", false, err
	}
	c := certifycmd.Certified(v, false)
	var page bytes.Buffer
	certifycmd.PrintVerification(&page, v, c)
	return page.String(), c.Code == app.ExitConformant, nil
}
