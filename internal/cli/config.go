package cli

import (
	"crypto/x509"
	"io"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/spec"
)

// uuid is the textual form of RFC 9562 section 4.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// config checks the flags and makes the configuration of the run out of them.
func (a *app) config(cmd *cobra.Command, f *runFlags) (engine.Config, error) {
	cfg := engine.Config{
		Insecure:         f.insecure,
		Timeout:          f.timeout,
		Await:            f.await,
		RevocationWindow: f.revocation,
		Concurrency:      f.concurrency,
		Focus:            f.focus,
		LabelFilter:      f.labelFilter,
		Strict:           f.strict,
		NoPreflight:      f.noPreflight,
		Disguise:         f.disguise,
		NotOffered:       a.notOffered,
		Version:          a.Build.Version,
		Commit:           a.Build.Commit,
		// The report says all there is to say.
		GinkgoOutput: io.Discard,
	}
	if cmd.Flags().Lookup("await") != nil && f.await <= 0 { // commands without the flag keep to the default
		return cfg, wrong("%s: %s is not positive; write 5s or 500ms", a.source("await"), f.await)
	}
	if cmd.Flags().Lookup("revocation-window") != nil && f.revocation <= 0 {
		return cfg, wrong("%s: %s is not positive; write 5s or 5m", a.source("revocation-window"), f.revocation)
	}
	if f.timeout <= 0 {
		return cfg, wrong("%s: %s is not positive; write 10s or 1m30s", a.source("timeout"), f.timeout)
	}
	if f.concurrency < 1 || f.concurrency > 64 {
		return cfg, wrong("%s: %d is not between 1 and 64", a.source("concurrency"), f.concurrency)
	}
	if _, err := regexp.Compile(f.focus); err != nil {
		return cfg, wrong("%s: %s is not a regular expression; check its brackets and escapes (RE2 syntax)",
			a.source("focus"), shown(f.focus))
	}
	if f.quiet && a.verbose {
		return cfg, wrong("%s and %s contradict each other; give one of them", a.source("quiet"), a.source("verbose"))
	}
	var err error
	if cfg.Profiles, err = a.chosenProfiles(f.profiles); err != nil {
		return cfg, err
	}
	if err := a.choose(&f.onlyFlags, f.target, &cfg); err != nil {
		return cfg, err
	}
	if cfg.Contract, err = a.givenContract(cmd.Context(), f.contract); err != nil {
		return cfg, err
	}
	if err := a.depth(&f.depthFlags, cmd.Flags().Changed, &cfg); err != nil {
		return cfg, err
	}
	if err := a.safety(&f.safetyFlags, f.target, &cfg); err != nil {
		return cfg, err
	}
	switch cfg.Reference = f.target == ""; {
	case cfg.Reference && f.targetName != "":
		return cfg, wrong("%s: there is no %s here to name targets; add --config FILE, or name the address with --target", a.source("target-name"), configName)
	case f.reference && f.target != "":
		return cfg, wrong("%s and %s contradict each other; give one of them", a.source("reference"), a.source("target"))
	case cfg.Reference && !f.reference && a.automatic() != "" && cmd.Name() != "plan":
		return cfg, wrong("%s is set and no target is named: name one with --target or CONFORMANCE_TARGET, or judge the built-in reference with --reference", a.automatic())
	case cfg.Reference:
		return cfg, a.embedded(cmd)
	}
	return cfg, a.target(&f.targetFlags, &cfg)
}

// embedded checks that nothing was said about a target that was not named.
func (a *app) embedded(cmd *cobra.Command) error {
	for _, flag := range aboutTarget() {
		if cmd.Flags().Changed(flag) {
			return wrong("--%s says something about a target, and no target was named; add --target URL, or leave "+
				"--%s out to judge the reference inside this process", flag, flag)
		}
	}
	for _, name := range []string{"CONFORMANCE_TOKEN", "CONFORMANCE_TOKEN_FILE", "CONFORMANCE_TOKEN_COMMAND", "CONFORMANCE_ORGANIZATION"} {
		if value, _ := a.Lookup(name); value != "" {
			a.warn("%s is set and no target is: judging the reference inside this process", name)
			break
		}
	}
	return nil
}

// target fills in what belongs to a target of the operator's.
func (a *app) target(f *targetFlags, cfg *engine.Config) error {
	base, err := a.baseURL(f.target)
	if err != nil {
		return err
	}
	cfg.Target = strings.TrimRight(base.String(), "/")
	cfg.Organization, cfg.OtherOrganization = f.organization, f.otherOrganization
	switch {
	case f.organization == "":
		return wrong("the target's organization is missing; add --organization UUID or set CONFORMANCE_ORGANIZATION")
	case !uuid.MatchString(f.organization):
		return wrong("%s: %s is not a UUID; write 8-4-4-4-12 hexadecimal digits",
			a.source("organization"), shown(f.organization))
	case f.otherOrganization != "" && !uuid.MatchString(f.otherOrganization):
		return wrong("%s: %s is not a UUID; write 8-4-4-4-12 hexadecimal digits",
			a.source("other-organization"), shown(f.otherOrganization))
	case strings.EqualFold(f.organization, f.otherOrganization):
		return wrong("%s names the organization of the run; name another one, closed to the token, or none",
			a.source("other-organization"))
	}
	for _, group := range f.groups {
		if group == "" || strings.ContainsFunc(group, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return wrong("%s: %s is not the ID of a group", a.source("group"), shown(group))
		}
	}
	cfg.Groups = f.groups
	if err := a.credentials(f, cfg); err != nil {
		return err
	}
	if cfg.RootCAs, err = a.authorities("ca-file", f.caFile); err != nil {
		return err
	}
	if cfg.Certificates, err = a.certificates(f); err != nil {
		return err
	}
	if base.Scheme == "http" && !loopback(base.Hostname()) {
		a.warn("the target is not https: tokens go over the network in clear text")
	}
	return nil
}

// baseURL parses the target without ever echoing a password in it.
func (a *app) baseURL(target string) (*url.URL, error) {
	source := a.source("target")
	base, err := url.Parse(target)
	switch {
	case strings.Contains(target, "@"):
		return nil, wrong("%s: leave user and password out of the URL; the credential is a token", source)
	case err != nil:
		return nil, wrong("%s: %s is not a URL; write https://host or https://host/prefix", source, shown(target))
	case base.Scheme != "http" && base.Scheme != "https":
		return nil, wrong("%s: %s does not begin with https:// or http://", source, shown(target))
	case base.Hostname() == "":
		return nil, wrong("%s: %s names no host; write https://host or https://host/prefix", source, shown(target))
	case base.RawQuery != "" || base.ForceQuery || base.Fragment != "":
		return nil, wrong("%s: leave ? and # and what follows out of the URL", source)
	}
	if port := base.Port(); port != "" {
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return nil, wrong("%s: %s is no port; write a number from 1 to 65535", source, shown(port))
		}
	}
	return base, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// authorities reads the authorities to trust beside the system's; nil if no file is named.
func (a *app) authorities(flag, path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	source := a.source(flag)
	data, err := a.readPublic(source, path)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, wrong("%s: %s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", source, shown(path))
	}
	return pool, nil
}

// maxPublic is the longest file of certificates or keys that is read, in bytes. All authorities of a system take a quarter of
// a megabyte.
const maxPublic = 4 << 20

// readPublic reads a file of certificates or keys that holds nothing secret.
func (a *app) readPublic(source, path string) ([]byte, error) {
	data, err := a.readBounded(path, maxPublic)
	if err != nil {
		return nil, wrong("%s: %s cannot be read: %s", source, shown(path), cause(err))
	}
	if len(data) > maxPublic {
		return nil, wrong("%s: %s is longer than %d bytes; name a file that holds certificates or a key and nothing else",
			source, shown(path), maxPublic)
	}
	return data, nil
}

// readBounded reads a file, but not more than one byte beyond the limit.
func (a *app) readBounded(path string, limit int64) ([]byte, error) {
	defer a.reads()()
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, limit+1))
}

func (a *app) chosenProfiles(names []string) ([]spec.Profile, error) {
	known := spec.Profiles()
	for _, name := range names {
		if !slices.Contains(known, spec.Profile(name)) {
			return nil, wrong("%s: there is no profile %s; there are %s", a.source("profile"), shown(name), join(known))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	return slices.DeleteFunc(known, func(p spec.Profile) bool { return !slices.Contains(names, string(p)) }), nil
}
