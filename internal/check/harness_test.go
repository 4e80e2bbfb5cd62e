package check

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
)

// promises is a catalogue in short: id, level, profile, and what it needs.
var promises = []struct {
	id      string
	level   spec.Level
	profile spec.Profile
	needs   []spec.Need
}{
	{"create.status.created", spec.Must, spec.Core, nil},
	{"create.token.fresh", spec.Must, spec.Token, nil},
	{"groups.sent.echoed", spec.Must, spec.Core, []spec.Need{spec.NeedGroup}},
	{"list.order.stable", spec.Should, spec.Lifecycle, nil},
	{"other.door.closed", spec.Must, spec.Hardening, []spec.Need{spec.NeedOtherOrganization, spec.NeedExpiredToken}},
}

func contract(t *testing.T) *spec.Contract {
	t.Helper()
	c, err := spec.LoadContract()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func catalogue(t *testing.T) (*spec.Contract, *spec.Catalogue) {
	t.Helper()
	var text strings.Builder
	for _, p := range promises {
		fmt.Fprintf(&text, "- id: %s\n  level: %s\n  statement: \"The promise of %s.\"\n  citation: \"RFC 9110 section 15\"\n  profile: %s\n  breaks: \"Not doing it.\"\n",
			p.id, p.level, p.id, p.profile)
		if len(p.needs) > 0 {
			fmt.Fprintf(&text, "  needs: %s\n", strings.ReplaceAll(fmt.Sprintf("%q", p.needs), " ", ", "))
		}
	}
	c := contract(t)
	parsed, err := spec.ParseCatalogue([]byte(text.String()), c)
	if err != nil {
		t.Fatal(err)
	}
	return c, parsed
}

func passing(*exchange.Evidence) {}

var (
	creating = probe.Probe{Name: "create.minimal"}
	listing  = probe.Probe{Name: "list.twice"}
	all      = probe.Probe{Name: probe.Everything}
)

// good enters one check for each promise.
func good(s *Suite) {
	s.Section("Creating", creating, func() {
		s.Must("create.status.created", passing)
		s.Must("create.token.fresh", passing)
	})
	s.Section("Listing", listing, func() { s.Should("list.order.stable", passing) })
	s.Section("Creating, again", creating, func() { s.Must("groups.sent.echoed", passing) })
	s.Section("Everything", all, func() { s.Must("other.door.closed", passing) })
}

func goodSuite(t *testing.T) *Suite {
	t.Helper()
	c, requirements := catalogue(t)
	s, err := Build(c, requirements, good)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func requirementIDs(checks []Check) []string {
	found := []string{}
	for _, c := range checks {
		found = append(found, c.Requirement.ID)
	}
	return found
}

// step is an answered exchange of the probe "p".
func step(name string, status int, body string) *exchange.Exchange {
	return &exchange.Exchange{
		ID: "p/" + name, Probe: "p", Step: name,
		Response: &exchange.Response{Status: status, Header: http.Header{}, Body: []byte(body)},
	}
}

// judge judges over the exchanges of the probe "p".
func judge(reason string, exchanges ...*exchange.Exchange) *Judge {
	clock := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return &Judge{
		Facts:   exchange.Facts{Organization: "o"},
		Futures: map[string]*probe.Future{"p": probe.Settled(exchanges, reason)},
		Now:     func() time.Time { clock = clock.Add(time.Second); return clock },
	}
}

func aCheck(assert func(*exchange.Evidence)) Check {
	return Check{
		Requirement: spec.Requirement{
			ID: "a.b.c", Level: spec.Must, Profile: spec.Core, Statement: "It does.", Citation: "RFC 1",
			Contested: []string{"or not"}, Needs: []spec.Need{spec.NeedGroup},
		},
		Section: "Section", Probe: "p", Assert: assert,
	}
}
