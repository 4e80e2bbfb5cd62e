package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
)

// kills is how many runs are killed.
const kills = 50

// TestNoAccountIsLost kills runs at random moments, in the middle of requests too, and sweeps: each time the reference
// is back where it began, and the accounts of others are as they were.
func TestNoAccountIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a hundred processes")
	}
	random := rand.New(rand.NewPCG(6, 50)) // the same moments every time
	places := make(chan struct{}, 14)      // most of them wait for what the target may still be at
	var wg sync.WaitGroup
	var left atomic.Int64
	n := kills
	if raced.Enabled {
		n = 10 // the others are killed where the tests run without it
	}
	for i := range n {
		moment := 1 + random.IntN(110)
		stored := random.IntN(2) == 0 // the request at that moment is served, or not
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			found, err := killAndSweep(t.Context(), t.TempDir(), moment, stored)
			left.Add(int64(found))
			if err != nil {
				t.Errorf("kill %d, at request %d (served: %v): %v", i+1, moment, stored, err)
			}
		})
	}
	wg.Wait()
	if left.Load() == 0 {
		t.Error("no run left anything behind when it was killed: nothing was tried")
	}
	t.Logf("%d kills left %d accounts behind, and a sweep found every one", n, left.Load())
}

// killAndSweep kills a run when the given request arrives, and returns how many accounts that left for a sweep to find.
func killAndSweep(ctx context.Context, dir string, moment int, stored bool) (left int, err error) {
	server, err := reference.New(reference.Config{})
	if err != nil {
		return 0, err
	}
	victim := &victim{server: server, moment: int64(moment), stored: stored, now: make(chan struct{}), over: make(chan struct{})}
	listener, err := listen.Listen(context.WithoutCancel(ctx), "127.0.0.1:0", false, victim)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, listener.Close()) }()
	server.SetBaseURL(listener.URL)
	known := server.Credentials()
	foreign, err := victim.createForeign(known)
	if err != nil {
		return 0, err
	}
	environment := append(os.Environ(), "CONFORMANCE_REFERENCE=false", "CONFORMANCE_TARGET="+listener.URL, "CONFORMANCE_ORGANIZATION="+known.Organization,
		"CONFORMANCE_OTHER_ORGANIZATION="+known.OtherOrganization, "CONFORMANCE_GROUP="+strings.Join(known.Groups, ","),
		"CONFORMANCE_TOKEN="+known.Token, "CONFORMANCE_JOURNAL="+filepath.Join(dir, "journal.jsonl"))

	run := exec.CommandContext(ctx, "conformance", "run", "--focus", "^(Creating|Legal variety)") // by TestMain
	run.Env = environment
	if err := run.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	select {
	case <-victim.now:
		_ = run.Process.Kill()
		<-ended
	case err := <-ended:
		return 0, fmt.Errorf("the run was over before: %w", err)
	}
	close(victim.over)
	for victim.busy.Load() > 0 { // what was on its way arrives
		time.Sleep(5 * time.Millisecond)
	}
	left = server.Count(known.Organization) - foreign

	sweep := exec.CommandContext(ctx, "conformance", "sweep", "--timeout", "30s")
	sweep.Env = environment
	output, err := sweep.CombinedOutput()
	if err != nil {
		return left, fmt.Errorf("sweeping: %w\n%s", err, output)
	}
	if now := server.Count(known.Organization); now != foreign {
		return left, fmt.Errorf("%d accounts after the sweep, %d before the run\n%s", now, foreign, output)
	}
	return left, nil
}

// victim is the reference, which tells of the moment at which the run is to be killed and holds its responses from then on.
type victim struct {
	server   *reference.Server
	moment   int64
	stored   bool
	requests atomic.Int64
	now      chan struct{}
	over     chan struct{}
	busy     atomic.Int64
}

func (v *victim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.busy.Add(1)
	defer v.busy.Add(-1)
	n := v.requests.Add(1)
	if n > v.moment { // also those of the sweep
		v.server.ServeHTTP(w, r)
		return
	}
	if n == v.moment && !v.stored {
		close(v.now)
		<-v.over
		return
	}
	if n == v.moment {
		w = silent{w}
		defer func() {
			close(v.now)
			<-v.over
		}()
	}
	v.server.ServeHTTP(w, r)
}

// silent keeps a response to itself.
type silent struct{ http.ResponseWriter }

func (silent) WriteHeader(int)             {}
func (silent) Write(b []byte) (int, error) { return len(b), nil }
func (s silent) Header() http.Header       { return http.Header{} }

// createForeign makes accounts that are not the run's, past the counting of requests.
func (v *victim) createForeign(known reference.Credentials) (int, error) {
	for _, name := range []string{"billing", "conf-00000000-other"} {
		r, err := http.NewRequest(http.MethodPost, "/api/v1/organizations/"+known.Organization+"/serviceaccounts",
			strings.NewReader(`{"metadata":{"name":"`+name+`"},"spec":{"groupIDs":[]}}`))
		if err != nil {
			return 0, err
		}
		r.Header.Set("Authorization", "Bearer "+known.Token)
		r.Header.Set("Content-Type", "application/json")
		v.server.ServeHTTP(silent{}, r)
	}
	if n := v.server.Count(known.Organization); n != 2 {
		return 0, fmt.Errorf("%d foreign accounts", n)
	}
	return 2, nil
}
