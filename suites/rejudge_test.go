package suites

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/defects"
	"github.com/sa-conformance/conformance/internal/mutant/variants"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
	"github.com/sa-conformance/conformance/suites/evidence"
)

// judgeBoth judges a layer over the reference, and its recording.
func judgeBoth(t *testing.T, layer *mutant.Layer, mutate func(*engine.Config)) (live, again *engine.Result, recording []byte) {
	t.Helper()
	layer = mutant.Chain(&mutant.Layer{Configure: func(c *reference.Config) { c.Signing = reference.ES256 }}, layer)
	handler, server, err := layer.Build()
	if err != nil {
		t.Fatal(err)
	}
	target, roots := "https://target.invalid"+layer.Prefix, x509.NewCertPool()
	if layer.Wire || layer.Plain {
		listener, err := listen.Listen(context.WithoutCancel(t.Context()), "127.0.0.1:0", !layer.Plain, handler)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = listener.Close() }()
		roots.AppendCertsFromPEM(listener.CertificatePEM)
		target, handler = listener.URL+layer.Prefix, nil
	}
	server.SetBaseURL(target)
	known := server.Credentials()
	cfg := engine.Config{
		Target: target, Organization: known.Organization, OtherOrganization: known.OtherOrganization,
		Groups: known.Groups, Token: known.Token, RestrictedToken: known.RestrictedToken, ExpiredToken: known.ExpiredToken,
		NotYetValidToken: known.NotYetValidToken,
		RootCAs:          roots, Timeout: 8 * time.Second, Await: 2 * time.Second, Plain: true, Journal: engine.NoJournal, Version: "v1",
	}.InMemory(handler)
	if mutate != nil {
		mutate(&cfg)
	}
	if live, err = Judge(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := live.WriteRecording(&b); err != nil {
		t.Fatal(err)
	}
	if name, found := live.Secrets.Find(b.Bytes()); found {
		t.Errorf("the recording holds %s", name)
	}
	if again, err = Rejudge(t.Context(), bytes.NewReader(b.Bytes()), engine.RejudgeConfig{Version: "v2"}); err != nil {
		t.Fatal(err)
	}
	return live, again, b.Bytes()
}

var redacted = regexp.MustCompile(`\[redacted:[^\]]*\]`)

// plain is a message in which every secret is called alike.
func plain(r *engine.Result, message string) string {
	return redacted.ReplaceAllString(r.Secrets.RedactString(message), "[redacted]")
}

// expectSame compares the verdicts of a run with those on its recording.
func expectSame(t *testing.T, live, again *engine.Result) {
	t.Helper()
	for i, want := range live.Report.Results {
		got := again.Report.Results[i]
		if got.Outcome == report.NotTested && got.Message == evidence.NeedsLiveToken {
			if got.ID != "token.signature.verifies" {
				t.Errorf("%s needs the live token", got.ID)
			}
			continue
		}
		if got.ID != want.ID || got.Outcome != want.Outcome || plain(again, got.Message) != plain(live, want.Message) ||
			got.ConsequenceOf != want.ConsequenceOf || got.Pointer != want.Pointer || strings.Join(got.Evidence, " ") != strings.Join(want.Evidence, " ") {
			t.Errorf("live:  %s %s %s %q (%s)\nagain: %s %s %s %q (%s)", want.ID, want.Outcome, want.Pointer, want.Message, want.ConsequenceOf,
				got.ID, got.Outcome, got.Pointer, got.Message, got.ConsequenceOf)
		}
	}
	if live.Report.Target.TokenKind != again.Report.Target.TokenKind || len(live.Report.Exchanges) != len(again.Report.Exchanges) {
		t.Error("the token's kind, or the exchanges, are not the same")
	}
}

// TestARecordingIsJudgedAlike tries one defect of each family; under the race detector, the part of them whose day it is.
func TestARecordingIsJudgedAlike(t *testing.T) {
	layers := map[string]*mutant.Layer{}
	families := map[string]bool{}
	for _, d := range defects.All() {
		if !families[d.Family] { // all of them, with every message, would take a quarter of an hour
			families[d.Family] = true
			layers[d.Name] = d.Layer
		}
	}
	for _, v := range variants.All() {
		if strings.Contains(v.Name, "jwe") || strings.Contains(v.Name, "chunked") {
			layers[v.Name] = v.Layer
		}
	}
	for name, layer := range layers {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live, again, _ := judgeBoth(t, layer, hurried)
			expectSame(t, live, again)
		})
	}
}

// TestARecordingOfAnUnstableTarget holds the further attempts too.
func TestARecordingOfAnUnstableTarget(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	var creates atomic.Int64
	flaky := okInstead(func(body string) bool { return strings.Contains(body, "-minimal") && creates.Add(1) == 1 })
	live, again, _ := judgeBoth(t, wrapped(flaky), nil)
	expectSame(t, live, again)
	if r := resultOf(again.Report, "create.status.created"); r.Outcome != report.Unstable {
		t.Errorf("%s is %s: %s", r.ID, r.Outcome, r.Message)
	}
}

// TestAnUntestedRequirementStaysUntested leaves out what a run can leave out.
func TestAnUntestedRequirementStaysUntested(t *testing.T) {
	for name, mutate := range map[string]func(*engine.Config){
		"profiles": func(c *engine.Config) { c.Profiles = []spec.Profile{spec.Core} },
		"focus":    func(c *engine.Config) { c.Focus = "create.status" },
		"labels":   func(c *engine.Config) { c.LabelFilter = "SHOULD" },
		"needs": func(c *engine.Config) {
			c.Groups, c.OtherOrganization, c.ExpiredToken, c.NotYetValidToken = nil, "", "", ""
		},
		"strict": func(c *engine.Config) { c.Strict = true },
	} {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live, again, _ := judgeBoth(t, &mutant.Layer{}, mutate)
			expectSame(t, live, again)
			if again.Report.Configuration.Strict != live.Report.Configuration.Strict {
				t.Error("strict was forgotten")
			}
		})
	}
}

// TestAHostileTargetForgesNoFacts answers creates with what looks like a placeholder of a perfect token, plain or escaped.
func TestAHostileTargetForgesNoFacts(t *testing.T) {
	perfect := jwt.InspectSalted(`eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`, nil).Placeholder()
	for name, forged := range map[string]string{
		"plain": perfect, "escaped": `\u0072` + perfect[1:], "within": "Bearer " + perfect, "ours": strings.ReplaceAll(perfect, ".v1.", ".v1.redacted-token.v1."),
	} {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live, again, _ := judgeBoth(t, wrapped(issuing(forged)), hurried)
			expectSame(t, live, again)
			if r := resultOf(again.Report, "token.kind.segments"); name != "ours" && r.Outcome != resultOf(live.Report, r.ID).Outcome {
				t.Errorf("%s is %s: %s", r.ID, r.Outcome, r.Message)
			}
		})
	}
}

// TestATargetThatEchoesCredentials has its leaks found in a recording too, which has none of the credentials.
func TestATargetThatEchoesCredentials(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	echo := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Echo", r.Header.Get("Authorization"))
			w.Header().Set("X-Bytes", "caf\xe9 \x1b[31m")
			w.Header().Set("X-Encoded", base64.StdEncoding.EncodeToString([]byte(r.Header.Get("Authorization"))))
			next.ServeHTTP(w, r)
		})
	}
	live, again, _ := judgeBoth(t, wrapped(echo), hurried)
	expectSame(t, live, again)
	for _, id := range []string{"auth.answer.no-token", "create.rejects.no-echo"} {
		if r := resultOf(again.Report, id); r.Outcome != report.Fail {
			t.Errorf("%s is %s", id, r.Outcome)
		}
	}
}

// TestOpaqueTokensHaveNoForm that a placeholder could be told by.
func TestOpaqueTokens(t *testing.T) {
	for _, opaque := range []string{"an opaque token +/=<>", `\u0061 token of \"quotes\" \\ and \u003c`, "short", "naïve-tökens-✓"} {
		if !raced.Tried(opaque) {
			continue
		}
		t.Run(opaque, func(t *testing.T) {
			t.Parallel()
			live, again, _ := judgeBoth(t, wrapped(issuing(opaque)), hurried)
			expectSame(t, live, again)
		})
	}
}

func TestARecordingIsSmall(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	_, _, recording := judgeBoth(t, &mutant.Layer{}, nil)
	if len(recording) > 5<<20 {
		t.Errorf("a recording of the reference has %d bytes", len(recording))
	}
	for _, c := range recording {
		if c != '\n' && (c < ' ' || c > '~') {
			t.Fatalf("a recording holds the byte %#x", c)
		}
	}
}

// TestAnOlderRecording lacks conversations, and has members that nobody knows.
func TestAnOlderRecording(t *testing.T) {
	t.Parallel()
	_, _, recording := judgeBoth(t, &mutant.Layer{}, nil)
	var file map[string]any
	if err := json.Unmarshal(recording, &file); err != nil {
		t.Fatal(err)
	}
	log := file["log"].(map[string]any)
	log["_new"], log["creator"].(map[string]any)["new"] = true, 1
	own := log["_conformance"].(map[string]any)
	own["new"] = map[string]any{}
	of := func(probe string) bool {
		return strings.HasPrefix(probe, "many.") || strings.HasPrefix(probe, "token.")
	}
	own["conversations"] = slices.DeleteFunc(own["conversations"].([]any), func(c any) bool { return of(c.(map[string]any)["probe"].(string)) })
	log["entries"] = slices.DeleteFunc(log["entries"].([]any), func(e any) bool { return of(e.(map[string]any)["pageref"].(string)) })
	older, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Rejudge(t.Context(), bytes.NewReader(older), engine.RejudgeConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if again.Report.Verdict != report.Incomplete {
		t.Errorf("the verdict is %s", again.Report.Verdict)
	}
	if r := resultOf(again.Report, "many.listed.all"); r.Outcome != report.NotTested || !strings.Contains(r.Message, "many.together") {
		t.Errorf("%s: %s", r.Outcome, r.Message)
	}
	if r := resultOf(again.Report, "create.status.created"); r.Outcome != report.Pass {
		t.Errorf("%s: %s", r.Outcome, r.Message)
	}
}

func TestAHeadThatCannotBeRead(t *testing.T) {
	for name, file := range map[string]string{
		"nothing":     ``,
		"no head":     `{"log":{"version":"1.2","entries":[],"_conformance":{"format":1,"conversations":[{"probe":"x"}]}}}`,
		"no time":     `{"log":{"version":"1.2","entries":[],"_conformance":{"format":1,"conversations":[{"probe":"x"}],"head":{}}}}`,
		"no profiles": `{"log":{"version":"1.2","entries":[],"_conformance":{"format":1,"conversations":[{"probe":"x"}],"head":{"startedAt":"2025-03-01T12:00:00Z","configuration":{"profiles":["gold"]}}}}}`,
		"bad filter":  `{"log":{"version":"1.2","entries":[],"_conformance":{"format":1,"conversations":[{"probe":"x"}],"head":{"startedAt":"2025-03-01T12:00:00Z","configuration":{"profiles":["core"],"labelFilter":"(("}}}}}`,
	} {
		if _, err := Rejudge(t.Context(), strings.NewReader(file), engine.RejudgeConfig{}); !engine.NotARecording(err) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func wrapped(wrap func(http.Handler) http.Handler) *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler { return wrap(next) }}
}

// issuing answers with another text, as it stands in a JSON string, in the place of every token.
func issuing(text string) func(http.Handler) http.Handler {
	member := regexp.MustCompile(`"accessToken":\s*"[^"]*"`)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			body := member.ReplaceAllLiteral(recorder.Body.Bytes(), []byte(`"accessToken":"`+text+`"`))
			maps.Copy(w.Header(), recorder.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(recorder.Code)
			_, _ = w.Write(body)
		})
	}
}

func resultOf(r *report.Report, id string) report.Result {
	return r.Results[slices.IndexFunc(r.Results, func(x report.Result) bool { return x.ID == id })]
}

// hurried takes failures as they are, and gives a target little time to come to its senses.
func hurried(c *engine.Config) { c.Once, c.Await = true, 100*time.Millisecond }

// Whoever judges a long recording can be interrupted: nothing more is judged, and there is no result.
func TestRejudgeEndsWhenItIsInterrupted(t *testing.T) {
	_, _, recording := judgeBoth(t, &mutant.Layer{}, func(c *engine.Config) { c.Focus = "create.status" })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if result, err := Rejudge(ctx, bytes.NewReader(recording), engine.RejudgeConfig{}); result != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", result, err)
	}
}
