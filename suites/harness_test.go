package suites

import (
	"net/http"
	"testing"

	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// judgeReference judges the reference, configured by c and wrapped by wrap, nil for as it is. With mutate, which may be
// nil, a test changes the run.
func judgeReference(t *testing.T, c reference.Config, wrap func(http.Handler) http.Handler, mutate func(*Config)) *report.Report {
	t.Helper()
	server, err := reference.New(c)
	if err != nil {
		t.Fatal(err)
	}
	var handler http.Handler = server
	if wrap != nil {
		handler = wrap(server)
	}
	listener, err := reference.Listen(t.Context(), "", false, handler)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	server.SetBaseURL(listener.URL + c.Prefix)
	credentials := server.Credentials()
	cfg := Config{
		Target: listener.URL + c.Prefix, Organization: credentials.Organization, OtherOrganization: credentials.OtherOrganization,
		Groups: credentials.Groups, Token: credentials.Token, RestrictedToken: credentials.RestrictedToken,
		ExpiredToken: credentials.ExpiredToken, Plain: true,
	}
	if mutate != nil {
		mutate(&cfg)
	}
	result, err := Judge(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return result.Report
}
