// Package suites holds the sections of the conformance suite: one file for each section of the contract, with its checks. Package
// scenario has the conversations that they judge. Run is the entry for Go tests, Judge the one for programs.
package suites

import (
	"fmt"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/spec"
)

// sections lists the sections in the order in which reports show them.
func sections() []func(*check.Suite) {
	return []func(*check.Suite){
		creating,
		varying,
		wholeAnswers,
		refusing,
		answering,
		authenticating,
		authorizing,
		listing,
		updating,
		rotating,
		deleting,
		guarding,
		many,
		tokenStructure,
		tokenRelations,
		tokenLife,
		discovering,
		methods,
		headers,
		contested,
		everyResponse,
		state,
		smoke,
		deep,
	}
}

// Load reads the catalogue and builds the suite, while the contract is read. An error is a fault of the suite.
func Load() (*check.Suite, error) { return LoadBy(nil) }

// LoadBy is Load with the schemas of another OpenAPI document; nil is the contract.
func LoadBy(contract *spec.Contract) (*check.Suite, error) {
	if contract == nil {
		contract = spec.BeginContract()
	}
	catalogue, err := spec.LoadCatalogue()
	if err != nil {
		return nil, fmt.Errorf("loading the catalogue: %w", err)
	}
	suite, err := check.Build(contract, catalogue, append(sections(), resting)...)
	if err != nil {
		return nil, fmt.Errorf("building the suite: %w", err)
	}
	return suite, nil
}

// Place tells where a requirement is checked.
type Place struct {
	// Section is the title under which reports show it; Probe names the conversation that it is judged by.
	Section, Probe string
}

// Places tells for each requirement where it is checked.
func Places() (map[string]Place, error) {
	suite, err := Load()
	if err != nil {
		return nil, err
	}
	places := map[string]Place{}
	for _, c := range suite.Checks() {
		places[c.Requirement.ID] = Place{Section: c.Section, Probe: c.Probe}
	}
	return places, nil
}
