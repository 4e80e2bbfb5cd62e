package suites

import (
	"context"
	"net/http"
	"testing"

	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// judgeReference judges the reference, of the given configuration and behind the given middleware (nil: none), by a
// configuration that mutate may change (nil: as it is).
func judgeReference(t *testing.T, served reference.Config, wrap func(http.Handler) http.Handler, mutate func(*Config)) *report.Report {
	t.Helper()
	server, err := reference.New(served)
	if err != nil {
		t.Fatal(err)
	}
	var handler http.Handler = server
	if wrap != nil {
		handler = wrap(server)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(cancel)
	listener, err := reference.Listen(ctx, "127.0.0.1:0", false, handler)
	if err != nil {
		t.Fatal(err)
	}
	server.SetBaseURL(listener.URL + served.Prefix)
	known := server.Credentials()
	cfg := Config{
		Target: listener.URL + served.Prefix, Organization: known.Organization, OtherOrganization: known.OtherOrganization,
		Groups: known.Groups, Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken,
		Plain: true,
	}
	if mutate != nil {
		mutate(&cfg)
	}
	result, err := Judge(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if left := server.Count(known.Organization); left != 0 {
		t.Errorf("%d accounts are left", left)
	}
	return result.Report
}

// roots are the ids of the requirements that are not kept and whose failure no other explains.
func roots(r *report.Report) []string {
	var ids []string
	for _, result := range r.Results {
		if (result.Outcome == report.Fail || result.Outcome == report.Inconclusive) && result.ConsequenceOf == "" {
			ids = append(ids, result.ID)
		}
	}
	return ids
}
