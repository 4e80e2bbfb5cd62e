// Package certifycmd holds the commands about certificates: keygen, certify, verify, witness, matrix and registry. What makes a
// certificate valid is decided in internal/certificate and internal/registry.
package certifycmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	reportjson "github.com/sa-conformance/conformance/internal/report/json"
	"github.com/sa-conformance/conformance/internal/runs"
	"github.com/sa-conformance/conformance/spec"
)

// CertifyFlags are the flags of "conformance certify".
type CertifyFlags struct {
	settings.RunFlags
	SigningKey               string
	unsigned                 bool
	Bundle, appeal, ValidFor string
	challenge, TargetVersion string
	NotOffered               []string
	TSA                      string
	TSACerts                 []string
	Backing                  *Backing
	keyless                  keylessFlags
	witness                  witnessFlags
	runs                     string
}

// terms are what a bundle needs beside a run, read before anything is sent.
type terms struct {
	certificate.Terms
	signer *certificate.Signer
	// identity signs without a key; nil if a key signs, or nobody.
	identity *identitySigner
	appeal   []byte
	bundle   string
	stamps   *stamper
	// witness is who sends the requests of the run, and witnessed what they signed.
	witness   *witnessOf
	witnessed []byte
	// reported is the report as the witness wrote it; nil if the run is ours.
	reported []byte
	// chain is the vendor's chain of runs, and chained what it is at the end of the run; nil for none.
	chain   *runs.File
	chained []byte
}

func CertifyCommand(a *app.App) *cobra.Command {
	var f CertifyFlags
	cmd := &cobra.Command{
		Use:   "certify",
		Short: "Judge a target, and pack what others need to check the verdict",
		Long: `Judges a target as "conformance run" does, and writes a bundle that others can check with "conformance verify": report,
recording, requirement set, contract, configuration, and a signed statement over all of them.

There is a bundle only if every MUST of the profiles passed, nothing was left out, the target's certificate was verified
and no limit was hit. That needs a group, another organization, an expired token and one that is not yet valid; if you
cannot supply one of the last three, say so (--not-offered); the certificate shows it. If there is no bundle, each reason
is printed, and the reports of --out are written. A signature proves what was recorded, and not who answered:
see docs/certification.md.

--challenge puts a certifier's nonce into the name of every account. Whoever holds the key can write any nonce into a
recording: it shows that the signer knew the nonce when signing, and no more. An appeal (--appeal) says how the vendor reads what the contract leaves open; it changes no verdict.

Exit codes: 0 the bundle is written, 1 non-conformant, 2 the command or its configuration is wrong, 3 there is no bundle for
another reason, 4 the suite itself failed, 129, 130 and 143 stopped by SIGHUP, SIGINT or SIGTERM.`,
		Example: `  conformance keygen --out vendor
  conformance certify --target https://identity.example.com --organization 8f0a6bd2-… --key vendor.key.pem --bundle certificate.zip`,
		Args: app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCertify(a, cmd, &f) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.SigningKey, "key", "", "PEM `FILE` of the private key that signs (PKCS #8, Ed25519 or ECDSA; variable CONFORMANCE_SIGNING_KEY)")
	_ = s.SetAnnotation("key", app.Elsewhere, []string{"signing-key"}) // of a flag that is there
	s.BoolVar(&f.unsigned, "unsigned", false, "write a bundle without a signature")
	f.keyless.bind(s)
	s.StringVar(&f.Bundle, "bundle", "certificate.zip", "`FILE` to write; an existing one is not overwritten")
	s.StringVar(&f.ValidFor, "valid-for", "90d", "`DURATION` for which the certificate is valid, in days (90d) or hours (36h)")
	s.StringVar(&f.challenge, "challenge", "", "`NONCE` of the certifier: 8 to 20 lower-case letters and digits")
	s.StringVar(&f.appeal, "appeal", "", "`FILE` of the vendor's appeals (appeal.yaml)")
	s.StringVar(&f.TargetVersion, "target-version", "", "`VERSION` of the target, as the operator knows it")
	s.StringSliceVar(&f.NotOffered, "not-offered", nil, "`NEED` that cannot be supplied: other-organization, expired-token or not-yet-valid-token\n"+
		"(repeatable); what depends on it is shown as not offered")
	s.StringVar(&f.TSA, "tsa", "", "`URL` of a timestamp authority (RFC 3161), which gets a digest of the signed statement and nothing else")
	s.StringArrayVar(&f.TSACerts, "tsa-cert", nil, "PEM `FILE` of the authority's certificates: a timestamp of another authority is refused (repeatable)")
	s.StringVar(&f.runs, "runs", "", "`FILE` of your chain of runs, to which every run is added, and which the bundle holds; keep it from run to run")
	s.StringVar(&f.witness.address, "witness", "", "`URL` of a witness, which sends the requests of the run and signs what it saw")
	s.StringVar(&f.witness.token, "witness-token-file", "", "`FILE` of the token that the witness's operator gave you")
	s.BoolVar(&f.witness.runs, "witness-runs", false, "let the witness hold the run itself; it gets the tokens, so give it one that lives for an hour and no longer")
	s.StringVar(&f.witness.roots, "witness-ca-file", "", "PEM `FILE` of authorities of the witness to trust beside the system's")
	f.KeyFlag = "cert-key"
	f.Bind(s)
	disguise := s.Lookup("disguise")
	disguise.DefValue, f.Disguise = "true", true
	return cmd
}

func runCertify(a *app.App, cmd *cobra.Command, f *CertifyFlags) error {
	if err := checkWhole(a, cmd.Flags(), f); err != nil {
		return err
	}
	set, err := settings.ChosenSet(a, f.Set)
	if err != nil {
		return err
	}
	terms, err := ReadTerms(a, f, set)
	if err != nil {
		return err
	}
	p, err := outcome.Prepare(a, cmd, &f.RunFlags)
	if err != nil {
		return err
	}
	if terms.NotOffered, err = Offered(a, f, &p.Cfg, *set); err != nil {
		return err
	}
	if err := terms.identity.try(cmd.Context()); err != nil {
		return err
	}
	if err := terms.stamps.try(cmd.Context()); err != nil {
		return err
	}
	p.Cfg.Challenge = f.challenge
	if err := beginRun(a, &terms, p.Cfg.Target); err != nil {
		return err
	}
	result, fault, err := runToCertify(cmd.Context(), a, p.Cfg, f.Quiet, &terms)
	defer terms.witness.leave(cmd.Context())
	if err != nil {
		return err
	}
	// What the run itself comes to is the last word, if there is no bundle.
	c := outcome.ShowResult(cmd.Context(), a, &f.RunFlags, p.Out, p.Door, result, fault)
	if terms.chain != nil {
		if terms.chained, err = terms.chain.End(result.Report.RunID, string(result.Report.Verdict)); err != nil {
			outcome.ConcludeRun(a, result, outcome.Conclusion{Code: app.ExitBroken, Text: "the chain of runs (--runs) could not be written: " + app.Cause(err)})
			return nil
		}
	}
	outcome.ConcludeRun(a, result, pack(cmd.Context(), a, c, terms, *set, result))
	return nil
}

// runToCertify holds the run, or has the witness hold it.
func runToCertify(ctx context.Context, a *app.App, cfg engine.Config, quiet bool, t *terms) (result *engine.Result, fault, err error) {
	if t.witness != nil && t.witness.runs {
		result, err = runByWitness(ctx, a, cfg, t)
		return result, nil, err
	}
	if err := t.witness.begin(ctx, &cfg, t); err != nil {
		return nil, nil, err
	}
	return outcome.JudgeTarget(ctx, a, cfg, quiet)
}

// checkWhole refuses what a certificate cannot rest on, before anything is sent.
func checkWhole(a *app.App, s *pflag.FlagSet, f *CertifyFlags) error {
	for _, flag := range []string{"focus", "label-filter", "waivers", "baseline"} {
		if s.Lookup(flag).Value.String() != "" {
			return app.Wrong("%s: a certificate rests on the whole verdict; leave it out", a.Source(flag))
		}
	}
	if f.Contract != "" {
		return app.Wrong("%s: a certificate rests on the contract of the suite, and on no other document; leave it out", a.Source("contract"))
	}
	switch {
	case f.Target == "":
		return app.Wrong("there is nothing to certify without a target; name it with --target or --target-name")
	case f.Insecure:
		return app.Wrong("%s: a certificate needs a target whose own certificate was verified; leave it out, or name the authority with --ca-file", a.Source("insecure"))
	case strings.HasPrefix(strings.ToLower(f.Target), "http:"):
		return app.Wrong("%s: a certificate needs a target that is https, so that it is known who answered", a.Source("target"))
	case f.AcceptIncomplete:
		return app.Wrong("%s: nothing incomplete is certified; leave it out", a.Source("accept-incomplete"))
	}
	return nil
}

// ReadTerms reads what the flags of the bundle name.
func ReadTerms(a *app.App, f *CertifyFlags, set *spec.Set) (t terms, err error) {
	if err := oneSignature(a, f); err != nil {
		return t, err
	}
	if t.identity, err = newIdentitySigner(a, f.keyless); err != nil {
		return t, err
	}
	if f.SigningKey != "" {
		text, err := a.ReadPrivate(a.Source("key"), f.SigningKey)
		if err != nil {
			return t, err
		}
		if t.signer, err = certificate.ParseSigner(text); err != nil {
			return t, app.Wrong("%s: %s cannot sign: %s", a.Source("key"), app.Shown(f.SigningKey), err)
		}
	}
	if t.ValidFor, err = certificate.ParseDuration(f.ValidFor); err != nil {
		return t, app.Wrong("%s: %s is not a duration of one hour to ten years; write 90d or 36h", a.Source("valid-for"), app.Shown(f.ValidFor))
	}
	if t.Challenge = f.challenge; f.challenge != "" {
		if err := certificate.CheckChallenge(f.challenge); err != nil {
			return t, app.Wrong("%s: %s", a.Source("challenge"), err)
		}
	}
	if t.TargetVersion = f.TargetVersion; len(t.TargetVersion) > 100 || report.Printable(t.TargetVersion) != t.TargetVersion {
		return t, app.Wrong("%s: a version has up to 100 characters that can be printed", a.Source("target-version"))
	}
	if f.appeal != "" {
		if t.appeal, err = a.ReadLimited("appeal", f.appeal); err != nil {
			return t, err
		}
		if _, err := certificate.ParseAppeal(t.appeal, *set); err != nil {
			return t, app.Wrong("%s: %s", f.appeal, report.Printable(err.Error()))
		}
	}
	if t.stamps, err = newStamper(a, f); err != nil {
		return t, err
	}
	if t.witness, err = newWitnessOf(a, f); err != nil {
		return t, err
	}
	if f.runs != "" {
		t.chain = runs.Open(f.runs, time.Now)
	}
	t.bundle = f.Bundle
	f.Backing.into(&t)
	return t, checkFree(a, f.Bundle)
}

// checkFree makes sure that the bundle can be written, and does not exist.
func checkFree(a *app.App, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		if err != nil {
			return app.Wrong("%s: %s cannot be written: %s", a.Source("bundle"), app.Shown(path), app.Cause(err))
		}
		return app.Wrong("%s: %s is there already; remove it, or name another file", a.Source("bundle"), app.Shown(path))
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".conformance-*")
	if err == nil {
		err = errors.Join(file.Close(), os.Remove(file.Name()))
	}
	if err != nil {
		return app.Wrong("%s: %s cannot be written: %s; name a file in a directory that can", a.Source("bundle"), app.Shown(path), app.Cause(err))
	}
	return nil
}

// pack writes the bundle, or says why there is none.
func pack(ctx context.Context, a *app.App, c outcome.Conclusion, t terms, set spec.Set, result *engine.Result) outcome.Conclusion {
	obstacles := certificate.Obstacles(result.Report, t.NotOffered)
	if c.Code == app.ExitUntold && len(obstacles) == 0 { // incomplete for what is not offered, and for nothing else
		c = outcome.Conclusion{Code: app.ExitConformant, Text: "conformant in all that is offered"}
	}
	if c.Code == app.ExitConformant && len(obstacles) > 0 {
		c = outcome.Conclusion{Code: app.ExitUntold, Text: app.Meaning(app.ExitUntold)}
	}
	if c.Code != app.ExitConformant {
		for _, reason := range obstacles {
			a.PrintErr("conformance: not certified: %s\n", brief(result.Secrets.RedactString(report.Printable(reason))))
		}
		c.Text = "no bundle was written: " + c.Text
		return c
	}
	t.Connection = Connection(result)
	if err := t.witness.end(ctx, &t); err != nil {
		return outcome.Conclusion{Code: app.ExitUntold, Text: "no bundle was written: " + err.Error()}
	}
	claims, err := t.Write(ctx, set, result)
	if stamp, signing := (stampError{}), (signingError{}); errors.As(err, &stamp) || errors.As(err, &signing) {
		return outcome.Conclusion{Code: app.ExitUntold, Text: "no bundle was written: " + err.Error()}
	} else if err != nil {
		return outcome.BrokenRun(err)
	}
	if t.signer == nil && t.identity == nil {
		a.Warn("the bundle is NOT SIGNED: it says what was seen, and nobody stands for it")
	}
	c.Text = fmt.Sprintf("%s; %s is written, valid until %s%s", c.Text, t.bundle, claims.ValidUntil.Format(time.DateOnly), t.identity.signed())
	return c
}

// brief is a reason on a line that a person reads; the report has the whole of it.
func brief(text string) string {
	const most = 200
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// Write packs the members, each through the filter of secrets, and writes bundle and badge.
func (t terms) Write(ctx context.Context, set spec.Set, result *engine.Result) (claims certificate.Claims, err error) {
	var reported, recorded bytes.Buffer
	if err := errors.Join(reportjson.Render(&reported, result.Report, report.Options{}), result.WriteRecording(&recorded)); err != nil {
		return claims, err
	}
	text := result.Secrets.Redact(reported.Bytes())
	if t.reported != nil {
		text = t.reported
	}
	r, err := reportjson.Read(bytes.NewReader(text)) // what is stated is what others will read
	if err != nil {
		return claims, err
	}
	configuration, err := certificate.Configuration(r)
	if err != nil {
		return claims, err
	}
	members := []certificate.Member{
		{Name: certificate.ReportFile, Data: text},
		{Name: certificate.RecordingFile, Data: recorded.Bytes()},
		{Name: certificate.SetFile, Data: set.File()},
		{Name: certificate.ContractFile, Data: spec.ContractFile()},
		{Name: certificate.ConfigurationFile, Data: configuration},
	}
	if t.witnessed != nil {
		members = append(members, certificate.Member{Name: certificate.WitnessFile, Data: t.witnessed})
	}
	if t.chained != nil {
		members = append(members, certificate.Member{Name: certificate.RunsFile, Data: t.chained})
	}
	if t.appeal != nil {
		members = append(members, certificate.Member{Name: certificate.AppealFile, Data: t.appeal})
	}
	for i := range members {
		members[i].Data = result.Secrets.Redact(members[i].Data)
	}
	badge := certificate.Badge(certificate.State(r, nil, t.Terms).Claims())
	members = append(members, certificate.Member{Name: certificate.BadgeFile, Data: badge})
	statement := certificate.State(r, members, t.Terms)
	text, err = statement.Encode()
	if err != nil {
		return claims, err
	}
	sealed, err := t.seal(ctx, text, result.Secrets)
	if err != nil {
		return claims, err
	}
	if t.stamps != nil {
		token, err := t.stamps.stamp(ctx, sealed.Data, statement.Claims().ValidFrom)
		if err != nil {
			return claims, err
		}
		members = append(members, certificate.Member{Name: certificate.TimestampFile, Data: token})
	}
	var bundle bytes.Buffer
	if err := certificate.Pack(&bundle, append(members, sealed)); err != nil {
		return claims, err
	}
	claims = statement.Claims()
	endpoint, err := certificate.BadgeEndpoint(claims)
	if err != nil {
		return claims, err
	}
	beside := filepath.Dir(t.bundle)
	// Redacting once more would change bytes that are signed: what it would change is not written at all.
	for name, data := range map[string][]byte{
		t.bundle: bundle.Bytes(), filepath.Join(beside, certificate.BadgeFile): badge, filepath.Join(beside, certificate.BadgeEndpointFile): endpoint,
	} {
		if label, found := result.Secrets.Find(data); found {
			return claims, fmt.Errorf("the bundle would have held a secret (%s) and was not kept; please report this", label)
		}
		if err := outcome.WriteFile(name, result.Secrets, data); err != nil {
			return claims, fmt.Errorf("writing %s: %s", name, app.Cause(err))
		}
	}
	return claims, nil
}
