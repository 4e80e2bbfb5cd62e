//go:build !race

package suites

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/variants"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference/listen"
	"github.com/sa-conformance/conformance/internal/report"
)

// paceParts is how many parts the table is cut into, since each case waits for most of a minute: another part is tried every day.
const paceParts = 4

// Deployments that pace creates, take long for deletions or for every response are conformant, with one conversation at a
// time and with many. Their times, and the time for which reads may be behind, are a third of the real ones.
func TestPace(t *testing.T) {
	const scale = variants.PaceScale
	for _, v := range variants.Paced(scale) {
		for _, conversations := range []int{1, 16} {
			name := fmt.Sprintf("%s, %d at a time", v.Name, conversations)
			if raced.Part(name, paceParts) != time.Now().YearDay()%paceParts || !raced.Tried(name) { // make prove tries each deployment every time
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				paced(t, v.Layer, func(c *engine.Config) { c.Concurrency, c.Await = conversations, 5*time.Second/scale })
			})
		}
	}
}

// The same in real time and with the defaults of a run, for what depends most on the pace.
func TestPaceInRealTime(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes as long as a real deployment")
	}
	for _, v := range variants.Paced(1) {
		if !slices.Contains([]string{"creates-paced", "deletions-slow-later", "slow-responses"}, v.Name) {
			continue
		}
		if !raced.Tried(v.Name) {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			paced(t, v.Layer, func(c *engine.Config) {
				c.Concurrency, c.Focus = 16, `many\.|delete\.`
			})
		})
	}
}

// paced judges a deployment, which has to be conformant, and wants nothing to stay behind.
func paced(t *testing.T, layer *mutant.Layer, change func(*engine.Config)) {
	t.Helper()
	handler, server, err := layer.Build()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := listen.Listen(context.WithoutCancel(t.Context()), "127.0.0.1:0", true, handler)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	server.SetBaseURL(listener.URL)
	known := server.Credentials()
	cfg := engine.Config{
		Target: listener.URL, RootCAs: x509.NewCertPool(), Organization: known.Organization, OtherOrganization: known.OtherOrganization,
		Groups: known.Groups, Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken,
		NotYetValidToken: known.NotYetValidToken, Plain: true,
	}
	cfg.RootCAs.AppendCertsFromPEM(listener.CertificatePEM)
	change(&cfg)
	began := time.Now()
	result := judged(t, t.Context(), cfg)
	r := result.Report
	if r.Verdict != report.Conformant && cfg.Focus == "" || r.Accounts.Left != 0 {
		t.Errorf("%s, accounts %+v, warnings %q", r.Verdict, r.Accounts, r.Warnings)
	}
	for _, x := range r.Results {
		if x.Outcome.Broke() || x.Outcome == report.Inconclusive {
			t.Errorf("%s %s: %s", x.ID, x.Outcome, x.Message)
		}
	}
	nothingLeft(t, server, cfg)
	t.Logf("%s, %d exchanges", time.Since(began).Round(time.Second), result.Recording.Len())
}
