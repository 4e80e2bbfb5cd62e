package check

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
)

// resting has a check of everything, which rests on a conversation that has no check of its profile.
func resting(s *Suite) {
	good(s)
	s.Section("Nobody's", probe.Probe{Name: "nobody.asks"}, func() {})
	s.Rest("other.*", "list.twice")
}

func TestConversations(t *testing.T) {
	c, requirements := catalogue(t)
	s, err := Build(c, requirements, resting)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		filter Filter
		want   []string
	}{
		"all":                           {Filter{}, []string{"create.minimal", "list.twice", "nobody.asks"}},
		"all profiles by name":          {Filter{Profiles: spec.Profiles()}, []string{"create.minimal", "list.twice", "nobody.asks"}},
		"one requirement":               {Filter{Only: []string{"list.order.stable"}}, []string{"list.twice"}},
		"two of one conversation":       {Filter{Only: []string{"create.status.created", "create.token.fresh"}}, []string{"create.minimal"}},
		"one that judges everything":    {Filter{Only: []string{"other.door.closed"}}, []string{"create.minimal", "list.twice", "nobody.asks"}},
		"by what showed it":             {Filter{Only: []string{"other.door.closed"}, Within: map[string][]string{"other.door.closed": {"nobody.asks", "gone"}}}, []string{"nobody.asks"}},
		"by what is gone":               {Filter{Only: []string{"other.door.closed"}, Within: map[string][]string{"other.door.closed": {"gone"}}}, []string{"create.minimal", "list.twice", "nobody.asks"}},
		"a profile":                     {Filter{Profiles: []spec.Profile{spec.Lifecycle}}, []string{"list.twice"}},
		"a profile that judges all":     {Filter{Profiles: []spec.Profile{spec.Hardening}}, []string{"list.twice"}},
		"a requirement out of profiles": {Filter{Profiles: []spec.Profile{spec.Core, spec.Hardening}, Only: []string{"other.door.closed"}}, []string{"create.minimal", "list.twice"}},
	} {
		test.filter.Supplied = everyNeed
		selection, err := s.Select(test.filter)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, p := range selection.Probes {
			got = append(got, p.Name)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

func TestOnlyNamesRequirements(t *testing.T) {
	_, err := goodSuite(t).Select(Filter{Only: []string{"create.status"}})
	if err == nil || !strings.Contains(err.Error(), `no requirement "create.status"`) {
		t.Errorf("the error is %v", err)
	}
	selection, err := goodSuite(t).Select(Filter{Only: []string{"create.status.created"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := requirementIDs(selection.Chosen); len(got) != 1 || got[0] != "create.status.created" {
		t.Errorf("chosen: %v", got)
	}
	if got := selection.Untested["list.order.stable"]; got != "left out by --only" {
		t.Errorf("the reason is %q", got)
	}
}

func TestRestsExist(t *testing.T) {
	c, requirements := catalogue(t)
	_, err := Build(c, requirements, good, func(s *Suite) {
		s.Rest("create.*", "list.twice")
		s.Rest("other.*", "list.never")
	})
	want := "no check of everything matches \"create.*\"\n\"other.*\" rests on the conversation list.never, which does not exist"
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}
