// Package plan lists the requests that a run would send, by running the same probes against the reference in memory. Nothing
// reaches a target.
package plan

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/internal/report"
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
	// RPS, MaxRequests and MaxCreated are the limits that were asked for; 0: none.
	RPS         float64 `json:"requestsPerSecond"`
	MaxRequests int     `json:"maxRequests"`
	MaxCreated  int     `json:"maxCreated"`
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

// New works out what a run of the suite with this configuration would send. It sends nothing. Of the requests of one
// conversation up to atOnce go at a time. The error is a *ConfigError, or a fault of the suite itself.
func New(ctx context.Context, suite *check.Suite, cfg engine.Config, atOnce int) (*Plan, error) {
	r, err := engine.Rehearse(ctx, suite, cfg)
	if err != nil {
		return nil, err
	}
	plan := &Plan{
		Digest: r.Digest, Alive: alive(r.Exchanges), Created: r.Created, Identities: map[string]int{},
		Conversations: cfg.Concurrency, AtOnce: atOnce,
		RPS: cfg.RPS, MaxRequests: cfg.MaxRequests, MaxCreated: cfg.MaxCreated,
	}
	for _, e := range r.Exchanges {
		if report.IsRaced(e.Probe+"/"+e.Step) && e.Status() == http.StatusConflict {
			continue // it is sent again; whether it meets the other one is chance
		}
		plan.Requests = append(plan.Requests, planned(e, r))
		plan.Identities[e.Identity]++
	}
	return plan, nil
}

var (
	uuidForm = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	hexForm  = regexp.MustCompile(`conf-[0-9a-f]{8}-`)
	// numberForm is a placeholder of a credential, whose number follows the order of sending.
	numberForm = regexp.MustCompile(`(\[redacted:[a-z-]+)-[0-9]+\]`)
)

func planned(e *exchange.Exchange, r *engine.Rehearsal) PlannedRequest {
	path := e.Request.URL
	if address, err := url.Parse(e.Request.URL); err == nil {
		path = address.RequestURI()
	}
	path = strings.ReplaceAll(path, r.Organization, "{organizationID}")
	if r.OtherOrganization != "" {
		path = strings.ReplaceAll(path, r.OtherOrganization, "{otherOrganizationID}")
	}
	for form, name := range map[string]string{ // forms that the organization must not be named by
		strings.ToUpper(r.Organization): "{ORGANIZATIONID}", strings.ReplaceAll(r.Organization, "-", ""): "{organizationIDWithoutDashes}",
		r.Organization[:len(r.Organization)-1]: "{organizationIDCutShort}",
	} {
		path = strings.ReplaceAll(path, form, name)
	}
	path = uuidForm.ReplaceAllString(path, "{serviceAccountID}")
	step := e.Step
	if e.Probe == probe.Cleanup {
		step, _, _ = strings.Cut(step, " ")
	}
	return PlannedRequest{
		Probe: e.Probe, Step: hexForm.ReplaceAllString(step, "conf-…-"), Method: e.Request.Method, Path: numberForm.ReplaceAllString(r.Redact(path), "$1]"),
		Identity: e.Identity, BodyBytes: len(e.Request.Body), Expected: e.Status(),
	}
}
