package suites

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// Nested tokens and a prefix before the paths are judged as what TestConformance judges, within the budget of a run, and
// every verdict points at its evidence.
func TestTokensOfTheOtherKindBehindAPrefix(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	cfg, server := serve(t, reference.Config{Tokens: reference.JWE, Prefix: "/identity/v2"}, nil)
	result := judged(t, t.Context(), cfg)
	r := result.Report
	if bad := outcomes(r, report.Fail, report.Inconclusive, report.NotTested); r.Verdict != report.Conformant || len(bad) > 0 {
		t.Errorf("%s: %v", r.Verdict, bad)
	}
	if len(r.Exchanges) > 640 || r.Accounts.Created > 75 || r.Accounts.Left != 0 || !r.Complete {
		t.Errorf("%d requests, accounts %+v, complete: %v", len(r.Exchanges), r.Accounts, r.Complete)
	}
	if r.Target.TokenKind != "JWE" {
		t.Errorf("the tokens are taken for %s", r.Target.TokenKind)
	}
	nothingLeft(t, server, cfg)

	recorded, shown := map[string]bool{}, map[string]bool{}
	for _, e := range result.Recording.All() {
		recorded[e.ID] = true
	}
	for _, e := range r.Exchanges {
		shown[e.ID] = true
	}
	if diff := cmp.Diff(recorded, shown); diff != "" {
		t.Errorf("exchanges: -recorded +shown:\n%s", diff)
	}
	for _, r := range r.Results {
		if i := slices.IndexFunc(r.Evidence, func(id string) bool { return !recorded[id] }); i >= 0 {
			t.Errorf("%s points at %s, which was never held", r.ID, r.Evidence[i])
		}
		if len(r.Evidence) == 0 && r.Message == "" { // where a promise does not apply the message says so
			t.Errorf("%s passes without evidence", r.ID)
		}
	}
}

// With the least that a run needs, what takes more is named with the reason, and all else passes.
func TestTheLeastInput(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	cfg, server := serve(t, reference.Config{}, nil)
	result := judged(t, t.Context(), engine.Config{Target: cfg.Target, Organization: cfg.Organization, Token: cfg.Token, Plain: true, Journal: engine.NoJournal})
	r := result.Report
	if bad := outcomes(r, report.Fail, report.Inconclusive); r.Verdict != report.Incomplete || len(bad) > 0 || !r.Complete {
		t.Errorf("%s, complete: %v: %v", r.Verdict, r.Complete, bad)
	}
	suite, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	var needy []string
	for _, c := range suite.Checks() {
		if len(c.Requirement.Needs) > 0 {
			needy = append(needy, c.Requirement.ID)
		}
	}
	if diff := cmp.Diff(needy, outcomes(r, report.NotTested)); diff != "" || len(needy) < 4 {
		t.Errorf("not tested: -want +got:\n%s", diff)
	}
	flags := map[spec.Need]string{
		spec.NeedGroup: "--group", spec.NeedOtherOrganization: "--other-organization",
		spec.NeedExpiredToken: "CONFORMANCE_EXPIRED_TOKEN", spec.NeedNotYetValidToken: "CONFORMANCE_NOT_YET_VALID_TOKEN",
	}
	for _, judgement := range r.Results {
		for _, need := range judgement.Needs {
			if !strings.HasPrefix(judgement.Message, "needs ") || !strings.Contains(judgement.Message, flags[need]) {
				t.Errorf("%s: %s", judgement.ID, judgement.Message)
			}
		}
	}
	text := string(renderings(t, result)["text"])
	for _, id := range needy {
		if !strings.Contains(text, id) {
			t.Errorf("the text does not name %s", id)
		}
	}
	nothingLeft(t, server, cfg)
}

// Of a target that is not there nothing is said, for better or worse, and the reason is told once.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	cfg, _ := serve(t, reference.Config{}, nil)
	cfg.Target = "http://127.0.0.1:1"
	result := judged(t, t.Context(), cfg)
	r := result.Report
	told := outcomes(r, report.Pass, report.Fail, report.Unstable, report.NotTested)
	if diff := cmp.Diff([]string{}, told); r.Verdict != report.Incomplete || diff != "" {
		t.Errorf("%s, of nobody: -want +got:\n%s", r.Verdict, diff)
	}
	if r.DurationSeconds > 4 {
		t.Errorf("it takes %.1f s to find out that nobody is there", r.DurationSeconds)
	}
	if text := string(renderings(t, result)["text"]); strings.Count(text, "connection was refused") != 1 || !strings.Contains(text, "the connection was refused; check --target") {
		t.Errorf("the reason is not told once:\n%s", text)
	}
}

// An interrupted run, whenever that is, says so and leaves nothing.
func TestInterruptedRunsLeaveNothing(t *testing.T) {
	for name, at := range map[string]int64{"early": 40, "late": 280} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var requests atomic.Int64
			cfg, server := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if requests.Add(1) == at {
						cancel()
					}
					next.ServeHTTP(w, r)
				})
			})
			result := judged(t, ctx, cfg)
			r := result.Report
			if r.Complete || r.Verdict == report.Conformant || len(outcomes(r, report.Fail)) > 0 {
				t.Errorf("complete: %v, %s: %v", r.Complete, r.Verdict, outcomes(r, report.Fail))
			}
			if len(outcomes(r, report.Inconclusive)) == 0 || r.Accounts.Left != 0 || r.Accounts.Deleted != r.Accounts.Created {
				t.Errorf("inconclusive: %v; accounts: %+v", outcomes(r, report.Inconclusive), r.Accounts)
			}
			validReport(t, renderings(t, result)["report.json"])
			nothingLeft(t, server, cfg)
		})
	}
}

// answering200 is a server with a defect from which failures and missing evidence follow.
func answering200(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/userinfo") {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		next.ServeHTTP(okWriter{w}, r)
	})
}

// Specs of Ginkgo and the direct way come to the same results. Ginkgo runs once in a process, so that this takes one of
// its own.
func TestGinkgoAgreesWithTheDirectWay(t *testing.T) {
	if os.Getenv("SUITES_GINKGO_CHILD") == "" {
		t.Parallel()
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		command.Env = append(os.Environ(), "SUITES_GINKGO_CHILD=yes")
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, output)
		}
		return
	}
	var results [][]report.Result
	var output bytes.Buffer
	for _, plain := range []bool{true, false} {
		cfg, server := serve(t, reference.Config{}, answering200)
		cfg.Plain, cfg.GinkgoOutput = plain, &output
		r := judged(t, t.Context(), hasty(cfg)).Report
		for i := range r.Results { // what differs between any two runs
			r.Results[i].DurationSeconds, r.Results[i].Message, r.Results[i].Seen, r.Results[i].Expected = 0, "", "", ""
			r.Results[i].Evidence = nil
		}
		results = append(results, r.Results)
		if r.Verdict != report.NonConformant || len(outcomes(r, report.Fail)) < 2 || len(outcomes(r, report.Inconclusive)) == 0 {
			t.Errorf("plain: %v: %s, failed %v, inconclusive %v", plain, r.Verdict, outcomes(r, report.Fail), outcomes(r, report.Inconclusive))
		}
		nothingLeft(t, server, cfg)
	}
	if diff := cmp.Diff(results[0], results[1]); diff != "" {
		t.Errorf("-direct +Ginkgo:\n%s", diff)
	}
	if !strings.Contains(output.String(), "create.status.created") {
		t.Errorf("Ginkgo's own report does not name the failure:\n%s", &output)
	}
}

// A filter sends only what it needs, and what it leaves out is not tested, with the reason.
func TestAFocusSendsOnlyWhatItNeeds(t *testing.T) {
	t.Parallel()
	cfg, server := serve(t, reference.Config{}, nil)
	cfg.Focus, cfg.Profiles = `create\.status\.created`, []spec.Profile{spec.Core}
	result := judged(t, t.Context(), cfg)
	if diff := cmp.Diff([]string{"create.status.created"}, outcomes(result.Report, report.Pass)); diff != "" {
		t.Errorf("passed: -want +got:\n%s", diff)
	}
	for _, r := range result.Report.Results {
		want := "left out by the focus"
		switch {
		case r.Outcome == report.Pass:
			continue
		case r.Profile != spec.Core:
			want = "the profile " + string(r.Profile) + " was not asked for"
		}
		if r.Outcome != report.NotTested || r.Message != want {
			t.Errorf("%s: %s: %s", r.ID, r.Outcome, r.Message)
		}
	}
	probes := map[string]bool{}
	for _, e := range result.Recording.All() {
		probes[e.Probe] = true
	}
	if diff := cmp.Diff(map[string]bool{"preflight": true, "setup": true, "create.minimal": true, "cleanup": true}, probes); diff != "" {
		t.Errorf("the probes that sent: -want +got:\n%s", diff)
	}
	nothingLeft(t, server, cfg)
}
