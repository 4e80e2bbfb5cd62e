package suites

import "github.com/sa-conformance/conformance/internal/check"

// resting says on which conversations the checks of every response rest, so that a run of one profile holds these beside its
// own. It names what such a check needs in order to fail if it should: beyond that it judges whatever else the run holds.
func resting(s *check.Suite) {
	for _, pattern := range []string{
		"state.write.*", "state.identity.*", "state.list.*", "state.expiry.*", "state.rotate.*", "state.read-only.*", "state.valid.*",
		"state.token.*", "state.secret.*",
	} {
		for _, p := range stateProbes() {
			s.Rest(pattern, p.Name)
		}
	}
	s.Rest("state.list.unasked", "create.varied", finalStateProbe)
	s.Rest("token.*", "create.varied")
	s.Rest("create.*.distinct", togetherProbe, alikeProbe)
	s.Rest("state.invalid.*", strangersProbe().Name)
	s.Rest("state.request.*", strangersProbe().Name)
	s.Rest("state.deletion.*", finalStateProbe)
	s.Rest("*.nothing-created", finalStateProbe)
}
