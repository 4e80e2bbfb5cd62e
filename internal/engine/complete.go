package engine

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/wire"
	"github.com/sa-conformance/conformance/spec"
)

// The defaults of the times of a run: see Config.
const (
	usualTimeout = 10 * time.Second
	usualAwait   = 5 * time.Second
	// usualRevocation is the revocation window that operators have who declare none.
	usualRevocation = 5 * time.Second
	usualSettling   = time.Second
	// embeddedSettling is the settling time of the reference inside the process.
	embeddedSettling = 30 * time.Millisecond
	usualPatience    = 30 * time.Second
)

// complete fills in the defaults and refuses what cannot be run. Without a target it starts the reference, which the
// returned function stops.
func (c Config) complete(ctx context.Context) (Config, func(), error) {
	stop := func() {}
	switch {
	case c.Reference && c.Target != "":
		return c, stop, newConfigError("the reference is asked for, and a target is named; give one of them (Config.Reference, Config.Target)")
	case c.Target == "" && !c.Reference:
		return c, stop, newConfigError("no target is named: give Config.Target, which may have come from an empty variable, or set Config.Reference to judge the reference inside the process")
	case c.Reference:
		var err error
		if c, stop, err = c.embed(ctx); err != nil {
			return c, stop, err
		}
	}
	address, err := url.Parse(c.Target)
	switch {
	case err != nil || address.Host == "" || (address.Scheme != "http" && address.Scheme != "https"):
		return c, stop, newConfigError("the target %q is not an http or https URL with a host", c.Target)
	case address.User != nil:
		return c, stop, newConfigError("the target must not hold user and password; the credential is a token")
	case spec.CheckUUID(c.Organization) != nil:
		return c, stop, newConfigError("the organization %q is not a UUID; give it with --organization", c.Organization)
	case c.OtherOrganization != "" && spec.CheckUUID(c.OtherOrganization) != nil:
		return c, stop, newConfigError("the other organization %q is not a UUID; give it with --other-organization", c.OtherOrganization)
	case c.sources() > 1:
		return c, stop, newConfigError("the token of the run is given in several ways; give one of Token, TokenSource and OAuth")
	case c.sources() == 0:
		return c, stop, newConfigError("there is no token for the target; set CONFORMANCE_TOKEN or --token-file")
	case c.Challenge != "" && slices.Contains([]string{c.Token, c.RestrictedToken, c.ExpiredToken, c.NotYetValidToken}, c.Challenge):
		return c, stop, newConfigError("the challenge is a credential of this run; take another nonce, since names of accounts are public")
	case c.Guard() != nil:
		return c, stop, c.Guard()
	case c.Depth != "" && !slices.Contains(check.Depths(), c.Depth):
		return c, stop, newConfigError("there is no depth %q; there are smoke, standard and deep", c.Depth)
	case c.Budget < 0 || c.DeepTime < 0:
		return c, stop, newConfigError("the budget of the depth deep is negative; 0 means the default")
	}
	if flag, reason := c.WrongLimit(); flag != "" {
		return c, stop, newConfigError("--%s%s", flag, reason)
	}
	c.Target = strings.TrimRight(c.Target, "/")
	if len(c.Profiles) == 0 {
		c.Profiles = spec.Profiles()
	}
	if c.Progress == nil {
		c.Progress = nobody{}
	}
	c.Depth = cmp.Or(c.Depth, check.Standard)
	c.Timeout = orDefault(c.Timeout, usualTimeout)
	c.Await = orDefault(c.Await, usualAwait)
	c.RevocationWindow, c.settle = orDefault(c.RevocationWindow, usualRevocation), orDefault(c.settle, usualSettling)
	if c.CleanupTimeout <= 0 {
		c.CleanupTimeout, c.cleansOn = time.Minute, true
	}
	if c.Concurrency <= 0 {
		c.Concurrency = 8
	}
	return c, stop, nil
}

// embed starts the reference inside the process and points the configuration at it.
func (c Config) embed(ctx context.Context) (Config, func(), error) {
	server, err := reference.New(reference.Config{})
	if err != nil {
		return c, func() {}, fmt.Errorf("starting the reference: %w", err)
	}
	listener, err := listen.Listen(context.WithoutCancel(ctx), "127.0.0.1:0", true, server)
	if err != nil {
		return c, func() {}, fmt.Errorf("starting the reference: %w", err)
	}
	server.SetBaseURL(listener.URL)
	known := server.Credentials()
	c.embedded = true
	c.settle = orDefault(c.settle, embeddedSettling) // it has no replicas
	c.Target, c.Organization, c.OtherOrganization, c.Groups = listener.URL, known.Organization, known.OtherOrganization, known.Groups
	c.TokenSource, c.OAuth = nil, nil
	c.Token, c.RestrictedToken = known.Token, known.RestrictedToken
	c.ExpiredToken, c.NotYetValidToken = known.ExpiredToken, known.NotYetValidToken
	c.RootCAs = x509.NewCertPool()
	c.RootCAs.AppendCertsFromPEM(listener.CertificatePEM)
	return c, func() { _ = listener.Close() }, nil
}

func (c Config) target() probe.Target {
	client := wire.NewClient(c.RootCAs, c.Insecure, probe.AtOnce(c.Concurrency), c.Certificates...)
	switch {
	case c.Through != nil:
		client = wire.NewClientThrough(c.Through)
	case c.inMemory != nil:
		client = wire.InMemory(c.inMemory)
	}
	return probe.Target{
		BaseURL: c.Target, Organization: c.Organization, OtherOrganization: c.OtherOrganization, Groups: c.Groups,
		Operator: c.Token, Restricted: c.RestrictedToken, Expired: c.ExpiredToken, NotYetValid: c.NotYetValidToken,
		Renew: c.renew, OperatorExpires: c.expires, Client: client,
	}
}

// WrongLimit names the flag of a limit that cannot be, and says what to do; "" if there is none.
func (c Config) WrongLimit() (flag, reason string) {
	const none, times = " is negative; 0 means no limit", ": %s is not positive; write 1m or 90s"
	switch {
	case c.MaxRequests < 0:
		return "max-requests", none
	case c.MaxCreated < 0:
		return "max-created", none
	case !(c.RPS >= 0): // NaN too
		return "rps", none
	case c.MaxTime < 0:
		return "max-time", fmt.Sprintf(times, c.MaxTime)
	case c.MaxCPU < 0:
		return "max-cpu", none
	case c.CleanupTimeout < 0:
		return "cleanup-timeout", fmt.Sprintf(times, c.CleanupTimeout)
	}
	return "", ""
}

func (c Config) limits() probe.Limits {
	return probe.Limits{
		Timeout: c.Timeout, Await: c.Await, Revocation: c.RevocationWindow, Settle: c.settle,
		Patience: orDefault(c.patience, usualPatience), Grace: min(5*time.Second, c.CleanupTimeout/4), Mute: c.mute(),
		Concurrency: c.Concurrency, Requests: c.MaxRequests, Created: c.MaxCreated, RPS: c.RPS, Bodies: c.bodies(),
	}
}

// mute is how long deletions go on if none gets a response: for twice the time limit of a request, and as long as the operator says if
// there is a time for the clean-up.
func (c Config) mute() time.Duration {
	if !c.cleansOn {
		return 0
	}
	return 2 * c.Timeout
}

// supplied lists what the operator supplied of what requirements can need.
func (c Config) supplied() []spec.Need {
	supplied := []spec.Need{}
	for need, given := range map[spec.Need]bool{
		spec.NeedGroup: len(c.Groups) > 0, spec.NeedOtherOrganization: c.OtherOrganization != "",
		spec.NeedExpiredToken: c.ExpiredToken != "", spec.NeedNotYetValidToken: c.NotYetValidToken != "",
	} {
		if given {
			supplied = append(supplied, need)
		}
	}
	slices.Sort(supplied)
	return supplied
}

func (c Config) described() report.Configuration {
	return report.Configuration{
		Depth: string(c.Depth), Seed: c.chosenBy(), Profiles: c.Profiles, Focus: c.Focus, LabelFilter: c.LabelFilter, Only: c.Only, Strict: c.Strict, Concurrency: c.Concurrency,
		TimeoutSeconds: c.Timeout.Seconds(), RevocationWindowSeconds: c.RevocationWindow.Seconds(), Groups: len(c.Groups), Supplied: c.supplied(),
		MaxRequests: c.MaxRequests, MaxCreated: c.MaxCreated, RPS: c.RPS, PlanDigest: c.planDigest,
	}
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

// nobody is told of progress and forgets it.
type nobody struct{}

func (nobody) Started(int, int)    {}
func (nobody) Answered(string)     {}
func (nobody) Judged(string, bool) {}
func (nobody) Cleaning(int)        {}
func (nobody) Finished()           {}
