package check

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/spec"
)

var everyNeed = []spec.Need{spec.NeedGroup, spec.NeedOtherOrganization, spec.NeedExpiredToken}

func TestSelect(t *testing.T) {
	s := goodSuite(t)
	const other = "needs another organization (--other-organization) and an expired token (CONFORMANCE_EXPIRED_TOKEN), which the operator did not supply"
	for name, test := range map[string]struct {
		filter Filter
		want   []string
		reason map[string]string
	}{
		"everything": {
			Filter{Supplied: everyNeed},
			[]string{"create.status.created", "create.token.fresh", "list.order.stable", "groups.sent.echoed", "other.door.closed"},
			map[string]string{},
		},
		"nothing supplied": {
			Filter{},
			[]string{"create.status.created", "create.token.fresh", "list.order.stable"},
			map[string]string{
				"groups.sent.echoed": "needs a group that accounts may be put into (--group), which the operator did not supply",
				"other.door.closed":  other,
			},
		},
		"profiles": {
			Filter{Profiles: []spec.Profile{spec.Token, spec.Hardening}, Supplied: []spec.Need{spec.NeedOtherOrganization}},
			[]string{"create.token.fresh"},
			map[string]string{
				"create.status.created": "the profile core was not asked for", "list.order.stable": "the profile lifecycle was not asked for",
				"groups.sent.echoed": "the profile core was not asked for",
				"other.door.closed":  "needs an expired token (CONFORMANCE_EXPIRED_TOKEN), which the operator did not supply",
			},
		},
		"a focus on a section": {
			Filter{Focus: `^Creating\b`, Supplied: everyNeed},
			[]string{"create.status.created", "create.token.fresh", "groups.sent.echoed"},
			map[string]string{"list.order.stable": "left out by the focus", "other.door.closed": "left out by the focus"},
		},
		"a focus on a statement": {
			Filter{Focus: `promise of (list|nothing)`},
			[]string{"list.order.stable"},
			nil,
		},
		"labels": {
			Filter{LabelFilter: "MUST && !core", Supplied: everyNeed},
			[]string{"create.token.fresh", "other.door.closed"},
			map[string]string{
				"create.status.created": "left out by the label filter", "list.order.stable": "left out by the label filter",
				"groups.sent.echoed": "left out by the label filter",
			},
		},
		"labels of probes and needs": {
			Filter{LabelFilter: "probe:list.twice || /^needs:group/", Supplied: everyNeed},
			[]string{"list.order.stable", "groups.sent.echoed"},
			nil,
		},
		"only what cannot be tested": {
			Filter{Focus: "other.door.closed"},
			nil,
			nil,
		},
	} {
		selection, err := s.Select(test.filter)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, c := range selection.Chosen {
			got = append(got, c.Requirement.ID)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if len(got)+len(selection.Untested) != len(promises) {
			t.Errorf("%s: something is neither chosen nor left out", name)
		}
		if diff := cmp.Diff(test.reason, selection.Untested); test.reason != nil && diff != "" {
			t.Errorf("%s: left out: -want +got:\n%s", name, diff)
		}
		for id, reason := range selection.Untested {
			if slices.Contains(got, id) || reason == "" {
				t.Errorf("%s: %s is left out because %q", name, id, reason)
			}
		}
	}
}

func TestSelectErrors(t *testing.T) {
	s := goodSuite(t)
	const nothing = "no requirement matches the filters; conformance list shows what there is"
	for name, test := range map[string]struct {
		filter Filter
		want   string
	}{
		"a bad focus":      {Filter{Focus: "("}, "the focus is not a regular expression: error parsing regexp"},
		"bad labels":       {Filter{LabelFilter: "core &&"}, `the label filter "core &&" does not parse; an example that does: core && MUST`},
		"nothing in focus": {Filter{Focus: "unheard of"}, nothing},
		"no such label":    {Filter{LabelFilter: "MAY"}, nothing},
		"no such profile":  {Filter{Profiles: []spec.Profile{"gold"}}, nothing},
		"nothing in both":  {Filter{Focus: "list.order", LabelFilter: "core"}, nothing},
	} {
		selection, err := s.Select(test.filter)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || selection != nil {
			t.Errorf("%s: the error is %v, want %s", name, err, test.want)
		}
	}
}
