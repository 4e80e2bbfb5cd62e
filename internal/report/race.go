package report

import "strings"

// RaceStep begins the names of steps whose response depends on which of several requests at once the target takes first.
const RaceStep = "race-"

// IsRaced reports whether the response to an exchange may differ between two runs of the same target, which then says nothing. Its
// id is the conversation and the step.
func IsRaced(id string) bool {
	_, step, _ := strings.Cut(id, "/")
	return strings.HasPrefix(step, RaceStep)
}
