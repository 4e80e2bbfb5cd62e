package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPositions(t *testing.T) {
	want := []Position{
		{Pointer: "/metadata", Type: "object", Required: true},
		{Pointer: "/metadata/description", Type: "string"},
		{Pointer: "/metadata/name", Type: "string", Required: true},
		{Pointer: "/metadata/tags", Type: "array"},
		{Pointer: "/metadata/tags/0", Type: "object", Item: true},
		{Pointer: "/metadata/tags/0/name", Type: "string", Required: true},
		{Pointer: "/metadata/tags/0/value", Type: "string", Required: true},
		{Pointer: "/spec", Type: "object", Required: true},
		{Pointer: "/spec/groupIDs", Type: "array", Required: true},
		{Pointer: "/spec/groupIDs/0", Type: "string", Item: true},
	}
	if diff := cmp.Diff(want, contract(t).Positions("serviceAccountWrite")); diff != "" {
		t.Error(diff)
	}
}

func TestPositionsFollowAllOf(t *testing.T) {
	found := map[string]Position{}
	for _, p := range contract(t).Positions("serviceAccountCreate") {
		found[p.Pointer] = p
	}
	for pointer, want := range map[string]Position{
		"/metadata/id":                              {Pointer: "/metadata/id", Type: "string", Required: true},
		"/metadata/organizationId":                  {Pointer: "/metadata/organizationId", Type: "string", Required: true},
		"/metadata/provisioningStatusDetail/reason": {Pointer: "/metadata/provisioningStatusDetail/reason", Type: "string", Required: true},
	} {
		if diff := cmp.Diff(want, found[pointer]); diff != "" {
			t.Errorf("%s: %s", pointer, diff)
		}
	}
}

func TestPositionsOfNothing(t *testing.T) {
	if found := contract(t).Positions("noSuchSchema"); found != nil {
		t.Errorf("found %v", found)
	}
}
