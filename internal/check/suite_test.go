package check

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/probe"
)

func TestBuild(t *testing.T) {
	s := goodSuite(t)
	want := []string{"create.status.created", "create.token.fresh", "list.order.stable", "groups.sent.echoed", "other.door.closed"}
	if diff := cmp.Diff(want, requirementIDs(s.Checks())); diff != "" {
		t.Errorf("checks: -want +got:\n%s", diff)
	}
	if s.Catalogue().Len() != len(promises) || s.Contract == nil {
		t.Error("the suite lost its catalogue or its contract")
	}
	c := s.Checks()[4]
	if c.Section != "Everything" || c.Probe != probe.Everything {
		t.Errorf("the check stands in %q, over %q", c.Section, c.Probe)
	}
	if got, want := c.Text(), "Everything other.door.closed The promise of other.door.closed."; got != want {
		t.Errorf("the text is %q", got)
	}
	if diff := cmp.Diff([]string{"MUST", "hardening", "other", "probe:everything", "needs:other-organization", "needs:expired-token"}, c.Labels()); diff != "" {
		t.Errorf("labels: -want +got:\n%s", diff)
	}
	if area("nothing") != "nothing" || area("a.b") != "a" {
		t.Error("areas are wrong")
	}
}

func TestBuildErrors(t *testing.T) {
	for name, test := range map[string]struct {
		more func(*Suite)
		want string
	}{
		"no requirement": {
			func(s *Suite) { s.Must("create.unheard.of", passing) },
			"check create.unheard.of has no requirement",
		},
		"two checks": {
			func(s *Suite) { s.Must("create.status.created", passing) },
			"requirement create.status.created has two checks",
		},
		"another level": {
			func(s *Suite) { s.Should("create.status.created", passing) },
			"check create.status.created says SHOULD, the catalogue MUST\nrequirement create.status.created has two checks",
		},
	} {
		c, requirements := catalogue(t)
		_, err := Build(c, requirements, good, func(s *Suite) { s.Section("More", creating, func() { test.more(s) }) })
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: the error is %v, want %s", name, err, test.want)
		}
	}
	c, requirements := catalogue(t)
	_, err := Build(c, requirements, func(s *Suite) { s.Section("Few", creating, func() { s.Must("create.token.fresh", passing) }) })
	want := "requirement create.status.created has no check\nrequirement groups.sent.echoed has no check\n" +
		"requirement list.order.stable has no check\nrequirement other.door.closed has no check"
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}
