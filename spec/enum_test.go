package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEnum(t *testing.T) {
	c, err := ParseContract([]byte(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": {
		"plain": {"type": "string", "enum": ["b", "a"]}, "free": {"type": "string"},
		"mixed": {"enum": ["a", 1, null]},
		"object": {"type": "object", "properties": {"reason": {"$ref": "#/components/schemas/plain"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		schema, member string
		want           []string
	}{
		{"plain", "", []string{"b", "a"}},
		{"object", "reason", []string{"b", "a"}},
		{"mixed", "", []string{"a"}},
		{"free", "", nil},
		{"object", "", nil},
		{"object", "other", nil},
		{"nothing", "", nil},
		{"nothing", "reason", nil},
	} {
		if diff := cmp.Diff(test.want, c.Enum(test.schema, test.member)); diff != "" {
			t.Errorf("%s/%s: -want +got:\n%s", test.schema, test.member, diff)
		}
	}
	empty, err := ParseContract([]byte(`{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}}`))
	if err != nil || empty.Enum("plain", "") != nil {
		t.Errorf("error %v, or a document without schemas has some", err)
	}
}
