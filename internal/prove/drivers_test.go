package prove

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/defects"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/suites"
)

// bothDrivers is how many defects both drivers judge, and bothRaced how many of them under the race detector.
const bothDrivers, bothRaced = 110, 4

// unfailing takes no notice of failing specs: defects have some.
type unfailing struct{}

func (unfailing) Fail() {}

// The plain driver, which prove uses, and the specs of Ginkgo come to the same verdicts on the same recordings: of the reference,
// and of every sixth defect or so, a third of them at the depth standard. A process has one run of Ginkgo: all recordings are judged in it.
func TestBothDriversComeToTheSameVerdicts(t *testing.T) {
	suite, err := suites.Load()
	if err != nil {
		t.Fatal(err)
	}
	recorded := recordings(t, suite)
	judges, plain := map[string]*check.Judge{}, map[string]report.Result{}
	var all []check.Check
	for name, result := range recorded {
		judges[name] = result.Judge()
		for _, r := range result.Report.Results {
			plain[name+" "+r.ID] = r
		}
		for _, c := range suite.Checks() {
			if plain[name+" "+c.Requirement.ID].Outcome != report.NotTested {
				c.Section = name
				all = append(all, c)
			}
		}
	}
	compared, failed := 0, 0
	ginkgo.ReportAfterSuite("the verdicts of the specs", func(r ginkgo.Report) {
		for _, s := range r.SpecReports.WithLeafNodeType(types.NodeTypeIt) {
			id, _, _ := strings.Cut(s.LeafNodeText, ":")
			want := plain[s.ContainerHierarchyTexts[0]+" "+id].Outcome
			bad := want == report.Fail || want == report.Inconclusive
			if compared++; bad {
				failed++
			}
			if len(s.ReportEntries) == 0 || s.ReportEntries[0].StringRepresentation() != string(want) || s.Failed() != bad {
				t.Errorf("%s, %s: the plain driver says %s, the spec is %s: %v", s.ContainerHierarchyTexts[0], id, want, s.State, s.ReportEntries)
			}
		}
	})
	over, others := make(chan struct{}), sync.WaitGroup{}
	others.Go(func() { // another run of the process, at the same time
		for {
			if _, err := check.GinkgoFlags(); err != nil {
				t.Error(err)
			}
			select {
			case <-over:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	err = check.Ginkgo(t.Context(), unfailing{}, check.Specs{
		Checks: all, Strict: true, Output: io.Discard,
		Verdict: func(ctx context.Context, c check.Check) report.Result {
			verdict, broken := judges[c.Section].Judge(ctx, c)
			if broken != nil {
				ginkgo.Fail(broken.Error())
			}
			return verdict
		},
	})
	close(over)
	others.Wait()
	if err := check.Ginkgo(t.Context(), unfailing{}, check.Specs{}); !errors.Is(err, check.ErrNoGinkgo) {
		t.Errorf("a second run of Ginkgo: %v", err)
	}
	if err != nil || compared != len(all) || failed < len(recorded)/3 {
		t.Errorf("%d of %d verdicts were compared, %d of them bad: %v", compared, len(all), failed, err)
	}
	t.Logf("%d recordings, %d verdicts compared, %d of them no success", len(recorded), compared, failed)
}

// recordings are runs that the plain driver has judged, by the names of their defects; "" for the reference.
func recordings(t *testing.T, suite *check.Suite) map[string]*engine.Result {
	t.Helper()
	layers, manners := map[string]*mutant.Layer{"the reference": {}}, map[string]Manner{}
	count := bothDrivers
	if raced.Enabled {
		count = bothRaced
	}
	named := defects.All()
	for i := range count {
		d := named[i*len(named)/count]
		layers[d.Name], manners[d.Name] = quickly(d.Layer), Manner{NoPreflight: true}
		if i%3 > 0 { // a short run costs little
			manners[d.Name] = Manner{NoPreflight: true, Depth: check.Smoke}
		}
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	recorded, places := map[string]*engine.Result{}, make(chan struct{}, 12)
	for name, layer := range layers {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			result, err := judgeLayer(t.Context(), suite, layer, manners[name])
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			recorded[name] = result
		})
	}
	wg.Wait()
	if !raced.Enabled && len(recorded) <= 100 {
		t.Fatalf("%d recordings", len(recorded))
	}
	return recorded
}
