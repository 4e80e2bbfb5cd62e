package spec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the grammar of RFC 8259 allows in members that no schema names is a matter of interoperability.
func TestOddJSONInExtraMembers(t *testing.T) {
	with := func(member string) string { return strings.Replace(created, "{", "{"+member+",", 1) }
	const interop = "interoperability "
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"an extra member twice":     {with(`"x":1,"x":2`), []string{interop + "duplicate-name /x"}},
		"twice in an extra object":  {with(`"x":{"id":1,"id":2}`), []string{interop + "duplicate-name /x/id"}},
		"half a surrogate pair":     {with(`"x":"\ud83d"`), []string{interop + "surrogate /x"}},
		"deep nesting":              {with(`"x":` + strings.Repeat("[", 70) + strings.Repeat("]", 70)), []string{interop + "depth /x" + strings.Repeat("/0", 63)}},
		"a member of the contract":  {with(`"metadata":{}`), []string{"json duplicate-name /metadata"}},
		"a member through an allOf": {strings.Replace(created, `"metadata":{`, `"metadata":{"name":"a",`, 1), []string{"json duplicate-name /metadata/name"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, finding := range brief(contract(t).Check(answer("createServiceAccount", 201, test.body))) {
				if !strings.HasPrefix(finding, "schema") {
					got = append(got, finding)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
