package check

import (
	"fmt"
	"path"
	"slices"

	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/spec"
)

// rest says on which conversations checks of everything rest.
type rest struct {
	pattern string
	probes  []string
}

// Rest says that the checks of everything whose ids a pattern of path.Match matches rest on some conversations: a run of
// their profile holds these, whatever else it holds. Without them such a check would find nothing to judge.
func (s *Suite) Rest(pattern string, probes ...string) {
	s.rests = append(s.rests, rest{pattern, probes})
}

// checkRests finds patterns and conversations that do not exist.
func (s *Suite) checkRests() (errs []error) {
	for _, r := range s.rests {
		matches := func(c Check) bool {
			ok, _ := path.Match(r.pattern, c.Requirement.ID)
			return ok && c.Probe == probe.Everything
		}
		if !slices.ContainsFunc(s.checks, matches) {
			errs = append(errs, fmt.Errorf("no check of everything matches %q", r.pattern))
		}
		for _, name := range r.probes {
			if !s.holds(name) {
				errs = append(errs, fmt.Errorf("%q rests on the conversation %s, which does not exist", r.pattern, name))
			}
		}
	}
	return errs
}

func (s *Suite) holds(name string) bool {
	return slices.ContainsFunc(s.probes, func(p probe.Probe) bool { return p.Name == name })
}

// conversations lists the conversations that a filter needs for the checks that it chose, in the order of the sections. A check of
// everything needs those that Filter.Within names for it, those of the profiles if some were asked for and the suite says what
// such checks rest on, or else all.
func (s *Suite) conversations(f Filter, chosen []Check) (list []probe.Probe) {
	needed, all, profiled := map[string]bool{}, false, false
	add := func(names ...string) {
		for _, name := range names {
			needed[name] = true
		}
	}
	for _, c := range chosen {
		within := slices.DeleteFunc(slices.Clone(f.Within[c.Requirement.ID]), func(name string) bool { return !s.holds(name) })
		switch {
		case c.Probe != probe.Everything:
			add(c.Probe)
		case len(within) > 0:
			add(within...)
		case narrowed(f.Profiles) && c.Owner == "" && len(s.rests) > 0:
			profiled = true
			for _, r := range s.rests {
				if ok, _ := path.Match(r.pattern, c.Requirement.ID); ok {
					add(r.probes...)
				}
			}
		default:
			all = true
		}
	}
	for _, c := range s.checks {
		if profiled && c.Probe != probe.Everything && slices.Contains(f.Profiles, c.Requirement.Profile) {
			add(c.Probe)
		}
	}
	for _, p := range s.probes {
		if all || needed[p.Name] {
			list = append(list, p)
		}
	}
	return list
}

// narrowed reports whether some profiles were asked for, and not all.
func narrowed(profiles []spec.Profile) bool {
	return len(profiles) > 0 && slices.ContainsFunc(spec.Profiles(), func(p spec.Profile) bool { return !slices.Contains(profiles, p) })
}
