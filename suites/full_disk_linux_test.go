package suites

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/reference"
)

// A journal that can be read and not written, as on a full disk, does not stop a sweep: it deletes, and says so. A run is
// refused.
func TestSweepByAJournalThatCannotBeWritten(t *testing.T) {
	for name, ending := range map[string]string{"whole": "\n", "cut short": "\n{\"event\":\"int"} {
		t.Run(name, func(t *testing.T) {
			cfg, server := serve(t, reference.Config{}, nil)
			body := strings.NewReader(`{"metadata":{"name":"conf-0badcafe-1"},"spec":{"groupIDs":[]}}`)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, cfg.Target+"/api/v1/organizations/"+cfg.Organization+"/serviceaccounts", body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+cfg.Token)
			r.Header.Set("Content-Type", "application/json")
			began := time.Now().UTC().Add(-time.Second).Format(time.RFC3339)
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			if server.Count(cfg.Organization) != 1 {
				t.Fatalf("no account was made: %s", answer.Status)
			}
			head := fmt.Sprintf(`"time":%q,"run":"0badcafe","target":%q,"organization":%q,"prefix":"conf-0badcafe-"`, began, cfg.Target, cfg.Organization)
			cfg.Journal = sealed(t, fmt.Sprintf("{\"event\":\"begun\",%s}\n{\"event\":\"intent\",%s,\"create\":1,\"texts\":[\"conf-0badcafe-1\"],"+
				"\"collection\":\"/api/v1/organizations/%s/serviceaccounts\"}%s", head, head, cfg.Organization, ending))
			if _, err := Judge(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "cannot be written, and nothing was sent") {
				t.Errorf("a run: %v", err)
			}
			swept, err := engine.Sweep(t.Context(), cfg, false)
			if err != nil || swept.Deleted != 1 || swept.Left != 0 || swept.Unwritten != "operation not permitted" || server.Count(cfg.Organization) > 0 {
				t.Errorf("%+v, %v", swept, err)
			}
		})
	}
}

// sealed is the path of a file that nobody can write, not even the system's administrator.
func sealed(t *testing.T, text string) string {
	t.Helper()
	file, err := unix.MemfdCreate("journal", unix.MFD_ALLOW_SEALING)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(file) })
	if _, err := unix.Write(file, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.FcntlInt(uintptr(file), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_GROW|unix.F_SEAL_SHRINK); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("/proc/self/fd/%d", file)
}
