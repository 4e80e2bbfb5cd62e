package suites

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// isCreate tells the creates.
func isCreate(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/serviceaccounts")
}

// refusingGroups refuses creates that name a group of the given test, and takes others.
func refusingGroups(status int, body string, unknown func(group string) bool) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			text, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(text))
			var sent struct{ Spec struct{ GroupIDs []string } }
			if isCreate(r) && json.Unmarshal(text, &sent) == nil {
				for _, group := range sent.Spec.GroupIDs {
					if unknown(group) {
						w.Header().Set("Content-Type", "application/json")
						w.WriteHeader(status)
						_, _ = w.Write([]byte(body))
						return
					}
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

const (
	unknownGroup = "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b"
	groupRefusal = `{"error":"unprocessable_content","error_description":"there is no such group"}`
)

func every(string) bool { return true }

// A token that may list and not create, and a group that the organization does not have, are mistakes of the operator's:
// one create shows them before anything is judged.
func TestPreflightTriesACreate(t *testing.T) {
	page := http.Header{"Content-Type": {"text/html"}}
	named := `{"error":"invalid_request","error_description":"unknown: ` + unknownGroup + `"}`
	withUnknown := func(c *engine.Config) { c.Groups = append(c.Groups, unknownGroup) }
	for name, test := range map[string]struct {
		wrap   middleware
		mutate func(*engine.Config)
		want   string
	}{
		"creates answer 403":            {answeringWith(403, nil, `{"error":"forbidden"}`, isCreate), nil, "the token may list the organization, and may not create service accounts there (403)"},
		"creates answer 403, no group":  {answeringWith(403, nil, `{}`, isCreate), func(c *engine.Config) { c.Groups = nil }, "may not create service accounts"},
		"creates are blocked":           {answeringWith(403, page, "<html>blocked</html>", isCreate), nil, "a create gets 403 and an HTML page"},
		"creates are blocked in words":  {answeringWith(403, nil, "blocked", isCreate), nil, "a create gets 403 and no JSON"},
		"a proxy before creates":        {answeringWith(407, nil, "", isCreate), nil, "a proxy on the way asks for credentials of its own (407"},
		"a group that is not there":     {nil, func(c *engine.Config) { c.Groups = []string{unknownGroup} }, `group "` + unknownGroup + `" is not known to organization `},
		"one of several groups":         {nil, withUnknown, "one of the groups "},
		"one of several, named":         {refusingGroups(400, named, func(g string) bool { return g == unknownGroup }), withUnknown, `group "` + unknownGroup + `" is not known to organization `},
		"a group answered 404":          {refusingGroups(404, groupRefusal, every), nil, "is not known to organization"},
		"a group that may not be used":  {refusingGroups(403, `{"error":"forbidden"}`, every), nil, "may not put them into one of the groups"},
		"a group before the permission": {first(refusingGroups(422, groupRefusal, every), answeringWith(403, nil, "{}", isCreate)), nil, "may not create service accounts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, server := serve(t, reference.Config{}, test.wrap)
			if test.mutate != nil {
				test.mutate(&cfg)
			}
			stops(t, judged(t, t.Context(), cfg), test.want)
			nothingLeft(t, server, cfg)
		})
	}
}

// first puts one middleware before another.
func first(outer, inner middleware) middleware {
	return func(next http.Handler) http.Handler { return outer(inner(next)) }
}

// A target that refuses valid groups is judged, if the evidence shows that the group is valid or the refusal is not about
// groups, and in any case without a preflight.
func TestPreflightJudgesRefusedGroups(t *testing.T) {
	refusal := `{"error":"invalid_request","error_description":"no"}`
	used := func(metadata, account map[string]any) {
		account["spec"] = map[string]any{"groupIDs": []any{"aaaaaaaa-0000-4000-8000-000000000001"}}
	}
	for name, test := range map[string]struct {
		wrap   middleware
		mutate func(*engine.Config)
	}{
		"a refusal that names no group": {refusingGroups(422, refusal, every), nil},
		"grouped creates fail":          {refusingGroups(500, groupRefusal, every), nil},
		"a group that is in use": {first(refusingGroups(422, groupRefusal, every), edited(nil, used)), func(c *engine.Config) {
			c.Groups = []string{"aaaaaaaa-0000-4000-8000-000000000001"}
		}},
		"all groups, no preflight": {refusingGroups(422, groupRefusal, every), func(c *engine.Config) { c.NoPreflight = true }},
		"no create, no preflight":  {answeringWith(403, nil, "{}", isCreate), func(c *engine.Config) { c.NoPreflight = true }},
		"creates answer 401":       {answeringWith(401, nil, "{}", isCreate), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, _ := serve(t, reference.Config{}, test.wrap)
			if test.mutate != nil {
				test.mutate(&cfg)
			}
			cfg = hasty(cfg)
			cfg.Focus = `create\.grouped|create\.status`
			if r := judged(t, t.Context(), cfg).Report; r.Stopped != "" || r.Verdict != report.NonConformant {
				t.Errorf("%s: %q", r.Verdict, r.Stopped)
			}
		})
	}
}

// A run that is to create nothing, or little, sends no create to find out whether it may.
func TestPreflightCreatesNothingInVain(t *testing.T) {
	for name, mutate := range map[string]func(*engine.Config){
		"discovery alone": func(c *engine.Config) { c.Focus = `discovery\.openid` },
		"a low limit":     func(c *engine.Config) { c.Focus, c.MaxCreated = `create\.status\.created`, 1 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var made atomic.Int32
			cfg, _ := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if isCreate(r) {
						made.Add(1)
					}
					next.ServeHTTP(w, r)
				})
			})
			mutate(&cfg)
			judged(t, t.Context(), cfg)
			if made.Load() != int32(cfg.MaxCreated) { //nolint:gosec // 0 or 1
				t.Errorf("%d creates", made.Load())
			}
		})
	}
}

// A target that asks to be left alone whatever it is asked is not judged, and the run does not wait for long. One that
// serves the rest is.
func TestPreflightOfABusyTarget(t *testing.T) {
	later := http.Header{"Retry-After": {"3600"}}
	notDiscovery := func(r *http.Request) bool { return !strings.Contains(r.URL.Path, "well-known") }
	for name, test := range map[string]struct {
		wrap middleware
		want string
		made bool
	}{
		"503 to everything":        {answeringWith(503, nil, "", atAll), "the target answers 503 Service Unavailable to the list and the discovery document", false},
		"503 and an hour":          {answeringWith(503, later, "", atAll), `Retry-After: "3600"`, false},
		"503 to all but discovery": {answeringWith(503, later, "", notDiscovery), "to the list and a create", true},
		"429 to everything":        {answeringWith(429, nil, "", atAll), "the target answers 429 Too Many Requests", false},
		"429 and an hour":          {answeringWith(429, later, "", atAll), "--rps", false},
		"429 and a second":         {answeringWith(429, http.Header{"Retry-After": {"1"}}, "", atAll), "429", false},
		"429 to all but discovery": {answeringWith(429, nil, "", notDiscovery), "to the list and a create", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, _ := serve(t, reference.Config{}, test.wrap)
			cfg = cfg.Tuned(engine.Tuning{Patience: time.Second})
			cfg.CleanupTimeout = time.Second
			result := judged(t, t.Context(), cfg)
			stops(t, result, test.want)
			if a := result.Report.Accounts; a.Left != 0 || a.Created != 0 || (a.Unverified != "") != test.made {
				t.Errorf("%+v", a)
			}
			if n := len(result.Recording.All()); n > 60 {
				t.Errorf("%d requests", n)
			}
		})
	}
	t.Run("503 now and then", func(t *testing.T) {
		t.Parallel()
		var n atomic.Int32
		cfg, _ := serve(t, reference.Config{}, answeringWith(503, nil, "", func(*http.Request) bool { return n.Add(1) <= 3 }))
		cfg.Focus = `create\.status\.created`
		if r := judged(t, t.Context(), cfg).Report; r.Stopped != "" || len(outcomes(r, report.Pass)) != 1 {
			t.Errorf("%s: %q", r.Verdict, r.Stopped)
		}
	})
}
