package certifycmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites"
	"github.com/sa-conformance/conformance/suites/evidence"
)

// VerifyFlags are the flags of "conformance verify" and "conformance matrix".
type VerifyFlags struct {
	identityFlags
	Keys     []string
	unsigned bool
	at       string
}

func (f *VerifyFlags) bind(s *pflag.FlagSet) {
	s.StringArrayVar(&f.Keys, "key", nil, "PEM `FILE` of a public key that is trusted (repeatable; variable CONFORMANCE_PUBLIC_KEY)")
	_ = s.SetAnnotation("key", app.Elsewhere, []string{"public-key"}) // of a flag that is there
	f.identityFlags.bind(s)
	s.BoolVar(&f.unsigned, "unsigned", false, "accept an unsigned bundle, if all else is valid")
	s.StringVar(&f.at, "at", "", "`TIME` at which it is to be valid (RFC 3339; default: now)")
}

func VerifyCommand(a *app.App) *cobra.Command {
	var (
		f      VerifyFlags
		d      demands
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "verify BUNDLE",
		Short: "Check a bundle of \"conformance certify\": signature, evidence and verdict",
		Long: `Checks a bundle and tells four things apart: whether the signature is that of a key or an identity that is trusted, whether the evidence
is complete (every byte of every member), whether the verdict reproduces when this suite judges the recording again, and what
cannot be judged again and rests on the signer's word. Nothing is sent.

A signature proves what was recorded, and not who answered: see docs/certification.md.

Exit codes: 0 valid: all that can be judged again agrees, and what rests on the signer's word is named; 1 not valid, or
something that --policy, --require-… or --max-age demands is not certified; 2 the command or the policy is wrong.`,
		Example: `  conformance verify certificate.zip --key vendor.pub.pem
  conformance verify certificate.zip --key vendor.pub.pem --challenge 5f0c2a9be417d3c8
  conformance verify certificate.zip --key vendor.pub.pem --require-profile core --max-age 90d
  conformance verify certificate.zip --policy policy.yaml
  conformance verify certificate.zip --identity https://github.com/acme/… --issuer https://token.actions.githubusercontent.com --trusted-root trusted_root.json`,
		Args: app.OneArgument("bundle"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runVerify(cmd.Context(), a, f, d, args[0], asJSON)
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	f.bind(s)
	d.bind(s)
	s.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func runVerify(ctx context.Context, a *app.App, f VerifyFlags, d demands, path string, asJSON bool) error {
	o, err := Verification(a, f)
	if err != nil {
		return err
	}
	if err := demanded(a, d, &o); err != nil {
		return err
	}
	over := a.Reads()
	b, err := ReadBundle(path)
	over()
	if err != nil {
		return app.Wrong("%s: %s; name a bundle that \"conformance certify\" wrote", app.Shown(path), app.Cause(err))
	}
	if err := checkable(b, o); err != nil {
		return err
	}
	v, err := certificate.Verify(ctx, b, o)
	switch {
	case ctx.Err() != nil: // what was not judged says nothing of the bundle
		return app.Stopped(ctx)
	case err != nil:
		return app.Broken("%v", err)
	}
	c := Certified(v, f.unsigned)
	if d.policy != "" && c.Code == app.ExitConformant {
		c.Text += "; the policy holds"
	}
	if asJSON {
		err = a.PrintJSON(struct {
			Result string `json:"result"`
			Exit   int    `json:"exit"`
			*certificate.Verification
		}{c.Text, c.Code, v})
	} else {
		var page bytes.Buffer
		PrintVerification(&page, v, c)
		_, err = a.Out.Write(page.Bytes())
	}
	a.Code = c.Code
	return a.Written(err)
}

// Certified is what a verification comes to.
func Certified(v *certificate.Verification, unsigned bool) outcome.Conclusion {
	switch {
	case !v.Sound(unsigned):
		return outcome.Conclusion{Code: app.ExitNonConformant, Text: "not valid"}
	case v.Date != "":
		return outcome.Conclusion{Code: app.ExitNonConformant, Text: "not valid at this date: " + v.Date}
	case len(v.Unmet) > 0:
		return outcome.Conclusion{Code: app.ExitNonConformant, Text: "valid, and not what is required: " + strings.Join(v.Unmet, "; ")}
	}
	text := "valid"
	if n := len(v.NotRejudgeable); n > 0 {
		text += "; " + plural(n, "requirement rests", "requirements rest") + " on the word of the " + wordOf(v)
	}
	for _, n := range v.Claims.NotOffered {
		text += "; not offered: " + string(n.Need)
	}
	return outcome.Conclusion{Code: app.ExitConformant, Text: text}
}

// Verification reads the keys, and prepares this suite as a judge.
func Verification(a *app.App, f VerifyFlags) (o certificate.Options, err error) {
	o = certificate.Options{Unsigned: f.unsigned, Now: time.Now(), Judge: func(ctx context.Context, recording []byte, set spec.Set) (*report.Report, error) {
		return rejudge(ctx, a, recording, set)
	}, LiveOnly: evidence.NeedsLiveToken, Sets: a.Sets}
	for _, path := range f.Keys {
		key, err := publicKey(a, a.Source("key"), path)
		if err != nil {
			return o, err
		}
		o.Keys = append(o.Keys, key)
	}
	if err := identities(a, f, &o); err != nil {
		return o, err
	}
	if f.at != "" {
		if o.Now, err = time.Parse(time.RFC3339, f.at); err != nil {
			return o, app.Wrong("%s: %s is not a time; write 2026-11-23T12:00:00Z", a.Source("at"), app.Shown(f.at))
		}
	}
	if o.Sets == nil {
		if o.Sets, err = spec.Sets(); err != nil {
			return o, app.Broken("%v", err)
		}
	}
	return o, nil
}

// rejudge judges a recording of a bundle with this suite.
func rejudge(ctx context.Context, a *app.App, recording []byte, set spec.Set) (*report.Report, error) {
	result, err := suites.Rejudge(ctx, bytes.NewReader(recording), engine.RejudgeConfig{Set: &set, Version: a.Build.Version, Commit: a.Build.Commit})
	if err != nil {
		return nil, err
	}
	return result.Report, nil
}

func ReadBundle(path string) (b *certificate.Bundle, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return certificate.Read(io.Reader(file))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
