package suites

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
)

// A journal that names what no run names makes a sweep delete nothing, and the sweep says so.
func TestAForeignJournal(t *testing.T) {
	g := &shared{}
	cfg, _ := serve(t, reference.Config{}, func(next http.Handler) http.Handler {
		return g.serve(shown, func(_ int, made map[string]any) map[string]any { return made })(next)
	})
	g.others(cfg.Organization)
	now := time.Now().UTC().Format(time.RFC3339)
	for _, a := range g.foreign {
		a["metadata"].(map[string]any)["creationTime"] = now
	}
	for _, prefix := range []string{"billing-", "conf-", "conf-0badcafe-billing-"} {
		cfg.Journal = filepath.Join(t.TempDir(), "journal.jsonl")
		head := fmt.Sprintf(`"time":%q,"run":"0badcafe","target":%q,"organization":%q,"prefix":%q`, now, cfg.Target, cfg.Organization, prefix)
		lines := fmt.Sprintf("{\"event\":\"begun\",%s}\n{\"event\":\"intent\",%s,\"create\":1,\"texts\":[\"billing-1\"]}\n"+
			"{\"event\":\"created\",%s,\"create\":1,\"id\":\"5f0c3a11-9b1e-4c55-8a77-0000000000a1\"}\n", head, head, head)
		if err := os.WriteFile(cfg.Journal, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		swept, err := engine.Sweep(t.Context(), cfg, false)
		if err != nil || len(swept.Refused) != 1 || swept.Deleted > 0 || len(g.harmed) > 0 {
			t.Errorf("%s: %+v, %v, harmed %q", prefix, swept, err, g.harmed)
		}
	}
}
