package suites

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Plan is what a run would send, learnt by holding the same conversations with the reference in memory.
type Plan struct {
	Requests []PlannedRequest `json:"requests"`
	// Created is the number of accounts that the run would create.
	Created int `json:"created"`
	// Identities counts the requests of each identity.
	Identities map[string]int `json:"identities"`
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
	server, err := reference.New(reference.Config{})
	if err != nil {
		return nil, fmt.Errorf("starting the reference: %w", err)
	}
	const base = "https://target.invalid"
	server.SetBaseURL(base)
	known := server.Credentials()
	foreseen := Config{
		Target: base, Organization: known.Organization, Token: known.Token, Profiles: cfg.Profiles, Focus: cfg.Focus,
		LabelFilter: cfg.LabelFilter, Concurrency: 1, Once: true, Plain: true, inMemory: server,
	}
	own := cfg.Target == "" // everything that the reference supplies would be there
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
	result, err := Judge(ctx, foreseen)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Created: result.Leftovers.Created, Identities: map[string]int{}}
	for _, e := range result.Recording.All() {
		plan.Requests = append(plan.Requests, planned(e, foreseen, result.Secrets.RedactString))
		plan.Identities[e.Identity]++
	}
	return plan, nil
}

var (
	uuidForm = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	hexForm  = regexp.MustCompile(`conf-[0-9a-f]{8}-`)
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
	path = uuidForm.ReplaceAllString(path, "{serviceAccountID}")
	step := e.Step
	if e.Probe == probe.Cleanup {
		step, _, _ = strings.Cut(step, " ")
	}
	return PlannedRequest{
		Probe: e.Probe, Step: hexForm.ReplaceAllString(step, "conf-…-"), Method: e.Request.Method, Path: redact(path),
		Identity: e.Identity, BodyBytes: len(e.Request.Body), Expected: e.Status(),
	}
}
