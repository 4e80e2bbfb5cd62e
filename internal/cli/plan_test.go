package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/plan"
	"github.com/sa-conformance/conformance/spec"
)

func output(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := Run(context.Background(), app.Process{
		Args: args, Lookup: func(string) (string, bool) { return "", false }, Stdout: &stdout, Stderr: &stderr,
	})
	if code != 0 {
		t.Fatalf("%v: exit %d: %s", args, code, stderr.String())
	}
	return stdout.String()
}

func TestTheRunStaysWithinItsBounds(t *testing.T) {
	var plan plan.Plan
	if err := json.Unmarshal([]byte(output(t, "plan", "--json")), &plan); err != nil {
		t.Fatal(err)
	}
	if len(plan.Requests) > 600 || len(plan.Requests) < 100 {
		t.Errorf("a run sends %d requests", len(plan.Requests))
	}
	if plan.Created > 70 || plan.Created < 10 {
		t.Errorf("a run creates %d accounts", plan.Created)
	}
	for _, r := range plan.Requests {
		if r.Expected == 0 || r.Path == "" || strings.Contains(r.Path, "conf-") {
			t.Errorf("unplanned: %+v", r)
		}
	}
}

func TestThePlanIsNarrowedByFilters(t *testing.T) {
	text := output(t, "plan", "--focus", "create.status.created")
	if !strings.Contains(text, "create.minimal") || strings.Contains(text, "auth.") {
		t.Errorf("the plan is\n%s", text)
	}
}

// The page of requirements has one row for each. docs/requirements.md is that of the last release: no test compares.
func TestThePageOfRequirementsHasThemAll(t *testing.T) {
	page := output(t, "list", "--markdown")
	c, err := spec.LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range c.All() {
		if n := strings.Count(page, "\n| ["+r.ID+"](requirements/"+r.ID+".md) | "+string(r.Level)+" | "); n != 1 {
			t.Errorf("%s has %d rows", r.ID, n)
		}
	}
	if head := fmt.Sprintf(": %d requirements, of which ", c.Len()); !strings.Contains(page, head) {
		t.Errorf("the page does not say %q", head)
	}
}
