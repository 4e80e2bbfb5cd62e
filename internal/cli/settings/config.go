// Package settings turns flags, variables and files into what a run is told: target, credentials, limits, depth and set. It sends
// nothing but a request to a token endpoint that the operator names.
package settings

import (
	"crypto/x509"
	"io"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/spec"
)

// uuid is the textual form of RFC 9562 section 4.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// EngineConfig checks the flags and makes the configuration of the run out of them.
func EngineConfig(a *app.App, cmd *cobra.Command, f *RunFlags) (engine.Config, error) {
	cfg := engine.Config{
		Insecure:         f.Insecure,
		Timeout:          f.Timeout,
		Await:            f.await,
		RevocationWindow: f.revocation,
		Concurrency:      f.Concurrency,
		Focus:            f.Focus,
		LabelFilter:      f.LabelFilter,
		Strict:           f.Strict,
		NoPreflight:      f.NoPreflight,
		Disguise:         f.Disguise,
		NotOffered:       a.NotOffered,
		Version:          a.Build.Version,
		Commit:           a.Build.Commit,
		// The report says all there is to say.
		GinkgoOutput: io.Discard,
	}
	if cmd.Flags().Lookup("await") != nil && f.await <= 0 { // commands without the flag keep to the default
		return cfg, app.Wrong("%s: %s is not positive; write 5s or 500ms", a.Source("await"), f.await)
	}
	if cmd.Flags().Lookup("revocation-window") != nil && f.revocation <= 0 {
		return cfg, app.Wrong("%s: %s is not positive; write 5s or 5m", a.Source("revocation-window"), f.revocation)
	}
	if f.Timeout <= 0 {
		return cfg, app.Wrong("%s: %s is not positive; write 10s or 1m30s", a.Source("timeout"), f.Timeout)
	}
	if f.Concurrency < 1 || f.Concurrency > 64 {
		return cfg, app.Wrong("%s: %d is not between 1 and 64", a.Source("concurrency"), f.Concurrency)
	}
	if _, err := regexp.Compile(f.Focus); err != nil {
		return cfg, app.Wrong("%s: %s is not a regular expression; check its brackets and escapes (RE2 syntax)",
			a.Source("focus"), app.Shown(f.Focus))
	}
	if f.Quiet && a.Verbose {
		return cfg, app.Wrong("%s and %s contradict each other; give one of them", a.Source("quiet"), a.Source("verbose"))
	}
	var err error
	if cfg.Profiles, err = chosenProfiles(a, f.Profiles); err != nil {
		return cfg, err
	}
	if err := chooseOnly(a, &f.OnlyFlags, f.Target, &cfg); err != nil {
		return cfg, err
	}
	if cfg.Contract, err = GivenContract(cmd.Context(), a, f.Contract); err != nil {
		return cfg, err
	}
	if err := setDepth(a, &f.DepthFlags, cmd.Flags().Changed, &cfg); err != nil {
		return cfg, err
	}
	if err := SetSafety(a, &f.SafetyFlags, f.Target, &cfg); err != nil {
		return cfg, err
	}
	switch cfg.Reference = f.Target == ""; {
	case cfg.Reference && f.targetName != "":
		return cfg, app.Wrong("%s: there is no %s here to name targets; add --config FILE, or name the address with --target", a.Source("target-name"), app.ConfigName)
	case f.reference && f.Target != "":
		return cfg, app.Wrong("%s and %s contradict each other; give one of them", a.Source("reference"), a.Source("target"))
	case cfg.Reference && !f.reference && a.Automatic() != "" && cmd.Name() != "plan":
		return cfg, app.Wrong("%s is set and no target is named: name one with --target or CONFORMANCE_TARGET, or judge the built-in reference with --reference", a.Automatic())
	case cfg.Reference:
		return cfg, embedded(a, cmd)
	}
	return cfg, SetTarget(a, &f.TargetFlags, &cfg)
}

// embedded checks that nothing was said about a target that was not named.
func embedded(a *app.App, cmd *cobra.Command) error {
	for _, flag := range app.AboutTarget() {
		if cmd.Flags().Changed(flag) {
			return app.Wrong("--%s says something about a target, and no target was named; add --target URL, or leave "+
				"--%s out to judge the reference inside this process", flag, flag)
		}
	}
	for _, name := range []string{"CONFORMANCE_TOKEN", "CONFORMANCE_TOKEN_FILE", "CONFORMANCE_TOKEN_COMMAND", "CONFORMANCE_ORGANIZATION"} {
		if value, _ := a.Lookup(name); value != "" {
			a.Warn("%s is set and no target is: judging the reference inside this process", name)
			break
		}
	}
	return nil
}

// SetTarget fills in what belongs to a target of the operator's.
func SetTarget(a *app.App, f *TargetFlags, cfg *engine.Config) error {
	base, err := baseURL(a, f.Target)
	if err != nil {
		return err
	}
	cfg.Target = strings.TrimRight(base.String(), "/")
	cfg.Organization, cfg.OtherOrganization = f.organization, f.otherOrganization
	switch {
	case f.organization == "":
		return app.Wrong("the target's organization is missing; add --organization UUID or set CONFORMANCE_ORGANIZATION")
	case !uuid.MatchString(f.organization):
		return app.Wrong("%s: %s is not a UUID; write 8-4-4-4-12 hexadecimal digits",
			a.Source("organization"), app.Shown(f.organization))
	case f.otherOrganization != "" && !uuid.MatchString(f.otherOrganization):
		return app.Wrong("%s: %s is not a UUID; write 8-4-4-4-12 hexadecimal digits",
			a.Source("other-organization"), app.Shown(f.otherOrganization))
	case strings.EqualFold(f.organization, f.otherOrganization):
		return app.Wrong("%s names the organization of the run; name another one, closed to the token, or none",
			a.Source("other-organization"))
	}
	for _, group := range f.groups {
		if group == "" || strings.ContainsFunc(group, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return app.Wrong("%s: %s is not the ID of a group", a.Source("group"), app.Shown(group))
		}
	}
	cfg.Groups = f.groups
	if err := setCredentials(a, f, cfg); err != nil {
		return err
	}
	if cfg.RootCAs, err = Authorities(a, "ca-file", f.caFile); err != nil {
		return err
	}
	if cfg.Certificates, err = certificates(a, f); err != nil {
		return err
	}
	if base.Scheme == "http" && !Loopback(base.Hostname()) {
		a.Warn("the target is not https: tokens go over the network in clear text")
	}
	return nil
}

// baseURL parses the target without ever echoing a password in it.
func baseURL(a *app.App, target string) (*url.URL, error) {
	source := a.Source("target")
	base, err := url.Parse(target)
	switch {
	case strings.Contains(target, "@"):
		return nil, app.Wrong("%s: leave user and password out of the URL; the credential is a token", source)
	case err != nil:
		return nil, app.Wrong("%s: %s is not a URL; write https://host or https://host/prefix", source, app.Shown(target))
	case base.Scheme != "http" && base.Scheme != "https":
		return nil, app.Wrong("%s: %s does not begin with https:// or http://", source, app.Shown(target))
	case base.Hostname() == "":
		return nil, app.Wrong("%s: %s names no host; write https://host or https://host/prefix", source, app.Shown(target))
	case base.RawQuery != "" || base.ForceQuery || base.Fragment != "":
		return nil, app.Wrong("%s: leave ? and # and what follows out of the URL", source)
	}
	if port := base.Port(); port != "" {
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return nil, app.Wrong("%s: %s is no port; write a number from 1 to 65535", source, app.Shown(port))
		}
	}
	return base, nil
}

func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Authorities reads the authorities to trust beside the system's; nil if no file is named.
func Authorities(a *app.App, flag, path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	source := a.Source(flag)
	data, err := a.ReadPublic(source, path)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, app.Wrong("%s: %s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", source, app.Shown(path))
	}
	return pool, nil
}

// maxPublic is the longest file of certificates or keys that is read, in bytes. All authorities of a system take a quarter of
// a megabyte.

func chosenProfiles(a *app.App, names []string) ([]spec.Profile, error) {
	known := spec.Profiles()
	for _, name := range names {
		if !slices.Contains(known, spec.Profile(name)) {
			return nil, app.Wrong("%s: there is no profile %s; there are %s", a.Source("profile"), app.Shown(name), app.Join(known))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	return slices.DeleteFunc(known, func(p spec.Profile) bool { return !slices.Contains(names, string(p)) }), nil
}
