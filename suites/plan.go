package suites

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Plan is what a run would send, learnt by holding the same conversations with the reference in memory.
type Plan struct {
	// Digest is "sha256:" and 64 hexadecimal digits over what is planned, whatever the order and the target; reports hold
	// it too.
	Digest   string           `json:"digest"`
	Requests []PlannedRequest `json:"requests"`
	// Created is the number of accounts that the run would create, and Alive how many of them there are at most at once.
	Created int `json:"created"`
	Alive   int `json:"alive"`
	// Identities counts the requests of each identity.
	Identities map[string]int `json:"identities"`
	// Conversations go at a time, and in one of them up to AtOnce requests.
	Conversations int `json:"conversations"`
	AtOnce        int `json:"atOnce"`
	// RequestsPerSecond, MaxRequests and MaxCreated are the limits that were asked for; 0: none.
	RequestsPerSecond float64 `json:"requestsPerSecond"`
	MaxRequests       int     `json:"maxRequests"`
	MaxCreated        int     `json:"maxCreated"`
}

// PlannedRequest is one request of a plan. Repetitions that a slow target causes are not in it.
type PlannedRequest struct {
	Probe  string `json:"probe"`
	Step   string `json:"step"`
	Method string `json:"method"`
	// Path has {organizationID}, {otherOrganizationID} and {serviceAccountID} in the place of ids.
	Path      string `json:"path"`
	Identity  string `json:"identity"`
	BodyBytes int    `json:"bodyBytes"`
	// Expected is the status that the reference answers; the contract may allow others.
	Expected int `json:"expected"`
}

// Foresee works out what a run with this configuration would send. It sends nothing.
func Foresee(ctx context.Context, cfg Config) (*Plan, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	return foresee(ctx, suite, cfg)
}

func foresee(ctx context.Context, suite *check.Suite, cfg Config) (*Plan, error) {
	foreseen, err := inMemory(cfg)
	if err != nil {
		return nil, err
	}
	foreseen, stop, err := foreseen.complete(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	selection, err := suite.Select(check.Filter{
		Profiles: foreseen.Profiles, Focus: foreseen.Focus, LabelFilter: foreseen.LabelFilter, Supplied: foreseen.supplied(),
		NotOffered: foreseen.NotOffered,
	})
	if err != nil {
		return nil, &ConfigError{message: err.Error()}
	}
	secrets := foreseen.secrets()
	run := probe.New(foreseen.target(), foreseen.limits(), runID(), secrets, time.Now)
	(&preflight{cfg: foreseen}).hold(ctx, run)
	futures := run.RunAll(ctx, suite.Probes(selection.Chosen), func(string) {})
	if _, _, err := futures[probe.Everything].Wait(ctx); err != nil {
		return nil, fmt.Errorf("planning: %w", err)
	}
	plan := &Plan{
		Alive: alive(run.Recording().All()), Created: run.CleanUp(ctx).Created, Identities: map[string]int{},
		Conversations: cfg.Concurrency, AtOnce: together,
		RequestsPerSecond: cfg.RPS, MaxRequests: cfg.MaxRequests, MaxCreated: cfg.MaxCreated,
	}
	for _, e := range run.Recording().All() {
		plan.Requests = append(plan.Requests, planned(e, foreseen, secrets.RedactString))
		plan.Identities[e.Identity]++
	}
	plan.Digest = planDigest(suite, selection, foreseen)
	return plan, run.Fault()
}

// inMemory is the configuration of a run against the reference in memory, to which is supplied what cfg supplies. Without
// a target that is everything.
func inMemory(cfg Config) (Config, error) {
	server, err := reference.New(reference.Config{Signing: reference.ES256}) // nothing of the plan depends on it
	if err != nil {
		return cfg, fmt.Errorf("starting the reference: %w", err)
	}
	const base = "https://target.invalid"
	server.SetBaseURL(base)
	known := server.Credentials()
	foreseen := Config{
		Target: base, Organization: known.Organization, Token: known.Token, Profiles: cfg.Profiles, Focus: cfg.Focus,
		LabelFilter: cfg.LabelFilter, NotOffered: cfg.NotOffered, NoPreflight: cfg.NoPreflight, Concurrency: 1, inMemory: server,
		Version: cfg.Version, Commit: cfg.Commit,
	}
	own := cfg.Target == "" || cfg.embedded
	if own || len(cfg.Groups) > 0 {
		foreseen.Groups = known.Groups
	}
	if own || cfg.OtherOrganization != "" {
		foreseen.OtherOrganization = known.OtherOrganization
	}
	if own || cfg.RestrictedToken != "" {
		foreseen.RestrictedToken = known.RestrictedToken
	}
	if own || cfg.ExpiredToken != "" {
		foreseen.ExpiredToken = known.ExpiredToken
	}
	if own || cfg.NotYetValidToken != "" {
		foreseen.NotYetValidToken = known.NotYetValidToken
	}
	return foreseen, nil
}

var (
	uuidForm = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	hexForm  = regexp.MustCompile(`conf-[0-9a-f]{8}-`)
	// numberForm is a placeholder of a credential, whose number follows the order of sending.
	numberForm = regexp.MustCompile(`(\[redacted:[a-z-]+)-[0-9]+\]`)
)

func planned(e *exchange.Exchange, cfg Config, redact func(string) string) PlannedRequest {
	path := e.Request.URL
	if address, err := url.Parse(e.Request.URL); err == nil {
		path = address.RequestURI()
	}
	path = strings.ReplaceAll(path, cfg.Organization, "{organizationID}")
	if cfg.OtherOrganization != "" {
		path = strings.ReplaceAll(path, cfg.OtherOrganization, "{otherOrganizationID}")
	}
	for form, name := range map[string]string{ // forms that the organization must not be named by
		strings.ToUpper(cfg.Organization): "{ORGANIZATIONID}", strings.ReplaceAll(cfg.Organization, "-", ""): "{organizationIDWithoutDashes}",
		cfg.Organization[:len(cfg.Organization)-1]: "{organizationIDCutShort}",
	} {
		path = strings.ReplaceAll(path, form, name)
	}
	path = uuidForm.ReplaceAllString(path, "{serviceAccountID}")
	step := e.Step
	if e.Probe == probe.Cleanup {
		step, _, _ = strings.Cut(step, " ")
	}
	return PlannedRequest{
		Probe: e.Probe, Step: hexForm.ReplaceAllString(step, "conf-…-"), Method: e.Request.Method, Path: numberForm.ReplaceAllString(redact(path), "$1]"),
		Identity: e.Identity, BodyBytes: len(e.Request.Body), Expected: e.Status(),
	}
}
