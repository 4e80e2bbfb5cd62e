package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/plan"
)

func output(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := Run(context.Background(), Process{
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
	if len(plan.Requests) > 450 || len(plan.Requests) < 100 {
		t.Errorf("a run sends %d requests", len(plan.Requests))
	}
	if plan.Created > 60 || plan.Created < 10 {
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

func TestThePageOfRequirementsIsCurrent(t *testing.T) {
	page, err := os.ReadFile("../../docs/requirements.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != output(t, "list", "--markdown") {
		t.Error("docs/requirements.md is not what the catalogue says; run make docs")
	}
}
