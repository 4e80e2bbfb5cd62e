package suites

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/formats"
)

// middleware is put around a server to spoil or to watch it.
type middleware func(http.Handler) http.Handler

// serve starts the reference, of the given configuration and behind a middleware (nil: none), and says how to judge it
// with all that can be supplied.
func serve(t *testing.T, served reference.Config, wrap middleware) (engine.Config, *reference.Server) {
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
	listener, err := listen.Listen(ctx, "127.0.0.1:0", false, handler)
	if err != nil {
		t.Fatal(err)
	}
	server.SetBaseURL(listener.URL + served.Prefix)
	known := server.Credentials()
	return engine.Config{
		Target: listener.URL + served.Prefix, Organization: known.Organization, OtherOrganization: known.OtherOrganization,
		Groups: known.Groups, Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken,
		NotYetValidToken: known.NotYetValidToken, Plain: true, Journal: engine.NoJournal,
	}.Tuned(engine.Tuning{Flagless: true}), server
}

// judged is the result of a run that has no fault of its own.
func judged(t *testing.T, ctx context.Context, cfg engine.Config) *engine.Result {
	t.Helper()
	result, err := Judge(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// hasty makes a run give up soon on a target that will never do what is waited for.
func hasty(cfg engine.Config) engine.Config {
	cfg = cfg.Tuned(engine.Tuning{Settle: 50 * time.Millisecond})
	cfg.RevocationWindow = 200 * time.Millisecond
	cfg.Timeout, cfg.Await, cfg.CleanupTimeout, cfg.Once = 5*time.Second, 200*time.Millisecond, 10*time.Second, true
	return cfg
}

// nothingLeft wants the organization to be as it was.
func nothingLeft(t *testing.T, server *reference.Server, cfg engine.Config) {
	t.Helper()
	if left := server.Count(cfg.Organization); left != 0 {
		t.Errorf("%d accounts are left", left)
	}
}

// outcomes are the ids of the results with an outcome, in order.
func outcomes(r *report.Report, wanted ...report.Outcome) []string {
	ids := []string{}
	for _, result := range r.Results {
		for _, outcome := range wanted {
			if result.Outcome == outcome {
				ids = append(ids, result.ID)
			}
		}
	}
	return ids
}

// renderings are all that a run writes, through the filter of secrets.
func renderings(t *testing.T, result *engine.Result) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, format := range formats.All() {
		var b bytes.Buffer
		if err := format.Render(&b, result.Report, report.Options{Verbose: true}); err != nil {
			t.Fatal(err)
		}
		all[cmp.Or(format.File, format.Name)] = result.Secrets.Redact(b.Bytes())
	}
	return all
}

// validReport wants a report.json by its schema.
func validReport(t *testing.T, text []byte) {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(instance); err != nil {
		t.Error(err)
	}
}

// judgeReference judges the reference behind a middleware, by a configuration that mutate may change; nothing may be left.
func judgeReference(t *testing.T, served reference.Config, wrap middleware, mutate func(*engine.Config)) *report.Report {
	t.Helper()
	cfg, server := serve(t, served, wrap)
	if mutate != nil {
		mutate(&cfg)
	}
	result := judged(t, context.WithoutCancel(t.Context()), cfg)
	nothingLeft(t, server, cfg)
	return result.Report
}

// roots are the ids of the requirements that are not kept and whose failure no other explains.
func roots(r *report.Report) []string {
	var ids []string
	for _, result := range r.Results {
		if (result.Outcome.Broke() || result.Outcome == report.Inconclusive) && result.ConsequenceOf == "" {
			ids = append(ids, result.ID)
		}
	}
	return ids
}
