// Package sample holds a report that has one of everything, for the tests of formats. Only tests use it.
package sample

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// updateVariable is the variable of the environment that has the golden files rewritten.
const updateVariable = "UPDATE_GOLDEN"

// Hostile holds what breaks terminals, XML, JSON, and the layout of a page.
const Hostile = "\x1b[2J\x1b]0;owned\x07\u009b31m\u202eevil\u2066 ]]><script>alert(1)</script> \xff\xfe\x00\r\nVerdict: conformant \ufffe \U000e0041"

// Same hides nothing.
func Same(s string) string { return s }

// Started is when the run of the sample started.
var Started = time.Date(2025, 3, 1, 12, 0, 0, 250_000_000, time.UTC)

// Report is a report that has one of everything.
func Report() *report.Report {
	create := &exchange.Exchange{
		ID: "create.minimal/create", Probe: "create.minimal", Step: "create", Operation: "createServiceAccount", Identity: "operator",
		StartedAt: Started, Timings: exchange.Timings{Total: 42 * time.Millisecond},
		Request: exchange.Request{
			Method: http.MethodPost, URL: "https://identity.example/api/v1/organizations/d4600d6e-e965-4b44-a808-84fb2fa36702/serviceaccounts",
			Header: http.Header{"Authorization": {"Bearer very-secret"}, "Content-Type": {"application/json"}, "User-Agent": {"conformance"}},
			Body:   []byte(`{"metadata":{"name":"it's"},"spec":{"groupIDs":[]}}`),
		},
		Response: &exchange.Response{
			Status: http.StatusOK, Proto: "HTTP/1.1",
			Header: http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"a=very-secret"}, "Www-Authenticate": {Hostile}},
			Body:   []byte(`{"metadata":{"name":"it's","tags":[` + strings.Repeat(`{"name":"a","value":"b"},`, 12) + `{}]},"spec":{}}`),
		},
	}
	list := &exchange.Exchange{
		ID: "create.minimal/list", Probe: "create.minimal", Step: "list", Identity: "none", StartedAt: Started.Add(time.Second),
		Request:  exchange.Request{Method: http.MethodGet, URL: "https://identity.example/list"},
		Response: &exchange.Response{Status: http.StatusOK, Proto: "HTTP/2.0", Body: []byte(Hostile), Truncated: true},
		Failure:  &exchange.Failure{Kind: exchange.Dropped, Message: "the connection was closed: " + Hostile},
	}
	r := &report.Report{
		SchemaVersion: report.SchemaVersion, RunID: "r4nd0m",
		Suite: report.Suite{
			Version: "v1.2.3", ContractVersion: "1.13.0", Requirements: 10,
			ContractDigest: "sha256:" + strings.Repeat("0a", 32), CatalogueDigest: "sha256:" + strings.Repeat("f1", 32),
		},
		Target:          report.Target{URL: "https://identity.example", Organization: "d4600d6e-e965-4b44-a808-84fb2fa36702", Insecure: true, TokenKind: "JWS"},
		Configuration:   report.Configuration{Profiles: []spec.Profile{spec.Core, spec.Token}, Concurrency: 8, TimeoutSeconds: 10},
		Set:             report.Set{Name: "2026-11", Digest: "sha256:" + strings.Repeat("5e", 32)},
		StartedAt:       Started,
		DurationSeconds: 1.5,
		Complete:        true,
		Accounts:        report.Accounts{Created: 3, Deleted: 2, Left: 1, Remaining: []string{"conf-1 " + Hostile}, Sweep: "conformance sweep --target https://h --organization o --journal j"},
		Warnings:        []string{"the clocks differ by 3 s"},
		Exchanges:       []report.Exchange{report.View(create, Same), report.View(list, Same)},
	}
	result := func(id string, level spec.Level, profile spec.Profile, outcome report.Outcome, message string) report.Result {
		return report.Result{
			ID: id, Level: level, Profile: profile, Section: "Creating a service account", Statement: "The promise of " + id + ".",
			Citation: "RFC 6750 section 3", Outcome: outcome, Message: message, Probe: "create.minimal", DurationSeconds: 0.001,
		}
	}
	status := result("create.status.created", spec.Must, spec.Core, report.Fail, "")
	status.Expected, status.Seen, status.Evidence = "status 201", "status 200", []string{"create.minimal/create"}
	name := result("create.metadata.name", spec.Must, spec.Core, report.Fail, "expected: \"it's\"\nseen: nothing")
	name.Expected, name.Seen, name.Pointer = `"it's"`, "nothing", "/metadata/name"
	name.Evidence = []string{"create.minimal/create", "create.minimal/list", "gone"}
	body := result("create.body.valid", spec.Must, spec.Core, report.Fail, "the body is "+Hostile)
	body.Seen, body.ConsequenceOf = Hostile, status.ID
	later := result("create.listed", spec.Must, spec.Core, report.Inconclusive, "there is no id to look for")
	later.ConsequenceOf = status.ID
	store := result("token.cache.no-store", spec.Should, spec.Token, report.Fail, "Cache-Control is missing "+Hostile)
	store.Section, store.Contested = "The token", []string{"no-store", "no-cache"}
	contested := result("token.form.compact", spec.Must, spec.Token, report.Pass, "the token is a JWS")
	contested.Section, contested.Contested = "The token", []string{"JWS", "JWE"}
	noted := result("create.time.recent", spec.Must, spec.Core, report.Pass, "the clocks differ by 3 s")
	needs := result("create.groups.set", spec.Must, spec.Core, report.NotTested, "needs a group that accounts may be put into (--group)")
	needs.Needs, needs.Section, needs.Probe = []spec.Need{spec.NeedGroup}, "", ""
	unclear := result("token.life.expired", spec.Must, spec.Token, report.Inconclusive, "no response: timeout")
	unclear.Section, unclear.Contested = "The token", []string{"401", "403"}
	beside := result("life.rotate.works", spec.Must, spec.Lifecycle, report.Fail, "not asked for")
	r.Results = []report.Result{body, needs, later, name, status, noted, store, contested, unclear, beside}
	r.Verdict, r.Profiles = report.Conclude(r.Results, r.Configuration.Profiles, false)
	return r
}

// Update reports whether the tests rewrite their golden files.
func Update() bool { return os.Getenv(updateVariable) != "" }

// Golden compares an output with a file of testdata in the package under test; UPDATE_GOLDEN=1 rewrites the file.
func Golden(t *testing.T, file string, got []byte) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if os.Getenv(updateVariable) != "" {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), UPDATE_GOLDEN=1 rewrites it:\n%s", file, diff)
	}
}

// Render renders a report and checks that it did not change on the way.
func Render(t *testing.T, r *report.Report, renderer func(*bytes.Buffer) error) []byte {
	t.Helper()
	text := func() string {
		before, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return string(before)
	}
	before := text()
	var b bytes.Buffer
	if err := renderer(&b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, text()); diff != "" {
		t.Errorf("rendering changed the report:\n%s", diff)
	}
	return b.Bytes()
}
