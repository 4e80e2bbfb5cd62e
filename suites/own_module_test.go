package suites

import (
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"
)

// A team's suite in a module of its own has our requirements, two of its own and a spec that looks at the evidence; the target
// is asked once (a run creates some 230 accounts at most), however the suite is run.
func TestOwnModule(t *testing.T) {
	raced.Rotate(t)
	u := compile(t, "own")
	good, bad := []string{"OWN_TAG=acme"}, []string{"OWN_TAG=another"}
	for name, trial := range map[string]trial{
		"go test":      {test: "TestOwn", args: []string{"-test.v", "-ginkgo.v"}, env: good, most: 400, says: []string{"acme.tags.kept", "create.status.created: ", "Passed"}},
		"broken":       {test: "TestOwn", env: bad, most: 400, fails: true, says: []string{"MUST acme.tags.kept", "1 Failed"}},
		"ginkgo -p":    {test: "TestOwn", ginkgo: true, args: []string{"--procs=3"}, env: good, most: 400, says: []string{"SUCCESS!"}},
		"-p, broken":   {test: "TestOwn", ginkgo: true, args: []string{"--procs=3"}, env: bad, most: 400, fails: true, says: []string{"MUST acme.tags.kept", "1 Failed"}},
		"label-filter": {test: "TestOwn", args: []string{"-ginkgo.v", "-ginkgo.label-filter=acme"}, env: bad, most: 400, fails: true, says: []string{"acme.tags.kept", "1 Failed"}, never: []string{"FAIL create.status"}},
		"focus":        {test: "TestOwn", args: []string{"-ginkgo.v", "-ginkgo.focus=acme.names.short"}, env: bad, most: 400, says: []string{"Ran 1 of"}},
		"dry-run":      {test: "TestOwn", args: []string{"-ginkgo.dry-run", "-ginkgo.v"}, env: good, nothing: true, says: []string{"acme.tags.kept"}},
		"junit":        {test: "TestOwn", args: []string{"-ginkgo.junit-report=" + t.TempDir() + "/junit.xml"}, env: good, most: 400},
		"as a test":    {test: "TestRun", args: []string{"-test.v"}, env: good, most: 400, says: []string{"acme"}},
		"test, broken": {test: "TestRun", env: bad, most: 400, fails: true, says: []string{"own requirements failed: acme.tags.kept"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u.try(t, trial)
		})
	}
}
