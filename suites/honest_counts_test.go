package suites

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
)

// edited changes every account of the responses to creates and of lists.
func edited(create, list func(metadata, account map[string]any)) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder, document := passedOn(next, r)
			if !strings.HasSuffix(r.URL.Path, "/serviceaccounts") || recorder.Code/100 != 2 {
				answerWith(w, recorder, nil)
				return
			}
			change := func(account any, do func(metadata, account map[string]any)) {
				object, _ := account.(map[string]any)
				if metadata, ok := object["metadata"].(map[string]any); ok && do != nil {
					do(metadata, object)
				}
			}
			if items, ok := document.([]any); ok {
				for _, item := range items {
					change(item, list)
				}
			} else {
				change(document, create)
			}
			answerWith(w, recorder, document)
		})
	}
}

// What a run says of its accounts is so, and what it cannot know it says.
func TestHonestCounts(t *testing.T) {
	noID := func(metadata, _ map[string]any) { delete(metadata, "id") }
	number := func(metadata, _ map[string]any) { metadata["id"] = 7 }
	recase := func(metadata, account map[string]any) {
		account["Metadata"] = map[string]any{"ID": metadata["id"], "Name": metadata["name"]}
		delete(account, "metadata")
	}
	rename := func(metadata, _ map[string]any) {
		metadata["name"] = "an-account"
		delete(metadata, "description")
		delete(metadata, "tags")
	}
	unfit := func(metadata, _ map[string]any) { metadata["id"] = fmt.Sprint(metadata["id"]) + "/../x" }
	same := func(metadata, account map[string]any) {
		metadata["id"] = "../../organizations"
		account["status"].(map[string]any)["accessToken"] = "a-token-that-tells-nothing"
	}
	upper := func(metadata, _ map[string]any) { metadata["id"] = strings.ToUpper(fmt.Sprint(metadata["id"])) }
	for name, test := range map[string]struct {
		create, list func(metadata, account map[string]any)
		verified     bool
		// left is set if accounts are left on the server, and if the run says so.
		left, said bool
	}{
		"creates without an id":                          {create: noID, verified: true},
		"creates with a number for an id":                {create: number, verified: true},
		"creates without an id, list without names":      {create: noID, list: rename, left: true, said: true},
		"creates without an id, members in capitals":     {create: noID, list: recase, left: true, said: true},
		"names changed in the list":                      {list: rename, verified: true},
		"members in capitals":                            {list: recase},
		"list without ids":                               {list: noID},
		"ids that no path can hold":                      {create: unfit, list: unfit, left: true, said: true},
		"an id that no path can hold, for all creates":   {create: same, verified: true},
		"ids that no path can hold, the list has others": {create: unfit, verified: true},
		"ids in capitals in the list":                    {list: upper, verified: true},
		"ids in capitals in responses to creates":        {create: upper, verified: true},
	} {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, server := serve(t, reference.Config{}, edited(test.create, test.list))
			cfg = hasty(cfg)
			cfg.CleanupTimeout, cfg.Journal = 20*time.Second, filepath.Join(t.TempDir(), "journal.jsonl")
			result := judged(t, t.Context(), cfg)
			a, left := result.Report.Accounts, server.Count(cfg.Organization)
			if a.Verified != test.verified || (left > 0) != test.left {
				t.Errorf("%d are left: %+v", left, a)
			}
			if test.said && a.Left < left || !test.said && a.Left > 0 || a.Created != a.Deleted+a.Left {
				t.Errorf("%d are left: created %d, deleted %d, left %d", left, a.Created, a.Deleted, a.Left)
			}
			text := string(renderings(t, result)["text"])
			if strings.Contains(text, "verified by list") != test.verified || strings.Contains(text, "not verified: ") == test.verified && a.Unverified != "" {
				t.Errorf("the text says otherwise:\n%s", text)
			}
			swept, err := engine.Sweep(t.Context(), cfg, true)
			if err != nil || (len(swept.Runs) == 0) != test.verified {
				t.Fatalf("%+v, %v", swept, err)
			}
			if !test.verified && swept.Verified {
				t.Errorf("the sweep says that nothing is left: %+v", swept)
			}
		})
	}
}

// In an organization of 3,000 accounts other clients create and delete during the run: nothing of theirs is touched, and
// nothing is held against the target for it.
func TestAnOrganizationOfManyClients(t *testing.T) {
	raced.Rotate(t)
	g := &shared{}
	var requests atomic.Int64
	others := 0
	cfg, server := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			g.watch(r)
			if requests.Add(1)%3 == 0 { // another client
				g.mu.Lock()
				others++
				a := g.account(fmt.Sprintf("5f0c3a11-9b1e-4c55-8a77-%012x", 0xb0000+others), fmt.Sprintf("nightly-%d", others))
				a["metadata"].(map[string]any)["creationTime"] = time.Now().UTC().Format(time.RFC3339)
				g.foreign = append(g.foreign[1:], a)
				g.mu.Unlock()
			}
			recorder, document := passedOn(next, r)
			items, isList := document.([]any)
			if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/serviceaccounts") || !isList || recorder.Code != http.StatusOK ||
				!strings.Contains(r.URL.Path, g.organize) || own(items) {
				answerWith(w, recorder, nil)
				return
			}
			g.list(w, recorder, shown, items)
		})
	})
	g.organize = cfg.Organization
	for i := range 3000 {
		g.foreign = append(g.foreign, g.account(fmt.Sprintf("5f0c3a11-9b1e-4c55-8a77-%012x", i), fmt.Sprintf("billing-%d", i)))
	}
	cfg.Once = true
	result := judged(t, t.Context(), cfg)
	if len(g.harmed) > 0 {
		t.Errorf("accounts of others were asked to be changed: %q", g.harmed)
	}
	if broke := roots(result.Report); len(broke) > 0 {
		t.Errorf("not kept: %q", broke)
	}
	if a := result.Report.Accounts; a.Verified || a.Left > 0 || a.Created != a.Deleted || a.Newcomers == 0 || a.Newcomers > others {
		t.Errorf("%+v, %d newcomers", a, others)
	}
	nothingLeft(t, server, cfg)
}

// An account that a create makes secretly under another name is none that the run can tell from one of another client: it
// says how many there are, and that the list confirms nothing.
func TestSecretTwins(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	g := &shared{}
	cfg, server := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			g.serve(shown, func(n int, made map[string]any) map[string]any {
				g.mu.Lock()
				defer g.mu.Unlock()
				a := g.account(fmt.Sprintf("5f0c3a11-9b1e-4c55-8a77-%012x", 0xc0000+n), fmt.Sprintf("shadow-%d", n))
				a["metadata"].(map[string]any)["creationTime"] = time.Now().UTC().Format(time.RFC3339)
				g.foreign = append(g.foreign, a)
				return made
			})(next).ServeHTTP(w, r)
		})
	})
	g.organize = cfg.Organization
	cfg = hasty(cfg)
	cfg.Focus, cfg.Journal = `create\.`, filepath.Join(t.TempDir(), "journal.jsonl")
	result := judged(t, t.Context(), cfg)
	a := result.Report.Accounts
	if a.Verified || a.Left != 0 || a.Newcomers != len(g.foreign) || a.Newcomers == 0 {
		t.Errorf("%d twins: %+v", len(g.foreign), a)
	}
	written := renderings(t, result)
	validReport(t, written["report.json"])
	want := fmt.Sprintf("accounts that appeared during the run, and that it did not create by a response that it saw: %d", a.Newcomers)
	if text := strings.Join(strings.Fields(string(written["text"])), " "); !strings.Contains(text, want) || strings.Contains(text, "verified by list") {
		t.Errorf("the text says otherwise:\n%s", text)
	}
	swept, err := engine.Sweep(t.Context(), cfg, false)
	if err != nil || len(swept.Runs) != 1 || swept.Verified || swept.Left != 0 || swept.Newcomers == 0 {
		t.Errorf("%+v, %v", swept, err)
	}
	if swept, err = engine.Sweep(t.Context(), cfg, false); err != nil || len(swept.Runs) != 0 {
		t.Errorf("a run that left nothing that is known stays in the journal: %+v, %v", swept, err)
	}
	if len(g.harmed) > 0 {
		t.Errorf("accounts of others were asked to be changed: %q", g.harmed)
	}
	nothingLeft(t, server, cfg)
}

// A list that shows every account by another id doubles no count.
func TestListOfOtherIDs(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	other := func(id string) string { return "ffffffff" + id[8:] }
	var mu sync.Mutex
	real := map[string]string{}
	cfg, server := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		list := edited(nil, func(metadata, _ map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			id := fmt.Sprint(metadata["id"])
			real[other(id)], metadata["id"] = id, other(id)
		})(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			at := strings.LastIndexByte(r.URL.Path, '/')
			mu.Lock()
			if id := real[r.URL.Path[at+1:]]; id != "" && r.Method == http.MethodDelete {
				r.URL.Path = r.URL.Path[:at+1] + id
				r.RequestURI = r.URL.Path
			}
			mu.Unlock()
			list.ServeHTTP(w, r)
		})
	})
	made := 0
	cfg = hasty(cfg)
	cfg.Focus = `create\.(status|metadata)`
	result := judged(t, t.Context(), cfg)
	for _, e := range result.Recording.All() {
		if e.Request.Method == http.MethodPost && e.Status() == http.StatusCreated && e.AccountID() != "" {
			made++
		}
	}
	if a := result.Report.Accounts; a.Created != made || a.Deleted != a.Created || a.Left != 0 {
		t.Errorf("%d were created: %+v", made, a)
	}
	nothingLeft(t, server, cfg)
}

// own reports whether a list is that of an account which sees itself alone: it lacks the restricted account of the seed.
func own(items []any) bool {
	text, _ := json.Marshal(items)
	return !strings.Contains(string(text), "seed-restricted") || len(items) < 2
}
