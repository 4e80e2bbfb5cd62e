// Package drift compares an OpenAPI document with the contract, by oasdiff, for the operations of the contract. It judges no target
// and reads no file.
package drift

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/sa-conformance/conformance/internal/wire"
	"github.com/sa-conformance/conformance/spec"
)

// Drift is what is different between the contract and another document.
type Drift struct {
	// Ours and Theirs are the versions of the two documents.
	Ours   string `json:"ours"`
	Theirs string `json:"theirs"`
	// Agrees is set if nothing is different in the operations of the contract.
	Agrees      bool         `json:"agrees"`
	Differences []Difference `json:"differences"`
}

// Difference is one point in which the other document differs.
type Difference struct {
	// Operation is such as "POST /api/v1/…"; "" for the document as a whole.
	Operation string `json:"operation"`
	// Breaking is set if clients of the contract may break on it.
	Breaking bool   `json:"breaking"`
	Text     string `json:"text"`
	// Rule is the rule of oasdiff that found it.
	Rule string `json:"rule"`
	// Requirements are the ids of those that rest on what is different.
	Requirements []string `json:"requirements"`
}

// Compare compares an OpenAPI 3 document in YAML or JSON with the contract. References to other documents are refused.
func Compare(theirs []byte, requirements []spec.Requirement) (*Drift, error) {
	other, err := spec.LoadDocument(theirs)
	if err != nil {
		return nil, err
	}
	ours, err := spec.LoadDocument(spec.ContractFile())
	if err != nil {
		return nil, fmt.Errorf("reading the contract: %w", err)
	}
	d := &Drift{Ours: ours.Info.Version, Differences: []Difference{}}
	if other.Info != nil {
		d.Theirs = other.Info.Version
	}
	if found := narrow(other, ours); found == 0 {
		return nil, errors.New("it has none of the paths of the contract")
	}
	found, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), &load.SpecInfo{Url: "contract", Spec: ours}, &load.SpecInfo{Url: "document", Spec: other})
	if err != nil {
		return nil, fmt.Errorf("comparing the documents: %w", err)
	}
	words := checker.NewDefaultLocalizer()
	for _, c := range checker.CheckBackwardCompatibilityUntilLevel(checker.NewConfig(checker.GetAllChecks()), found, sources, checker.INFO) {
		if c.GetPath() == "" && strings.Contains(c.GetId(), "version") {
			continue // how their document counts its versions is theirs
		}
		x := Difference{Breaking: c.IsBreaking(), Text: c.GetUncolorizedText(words), Rule: c.GetId()}
		if c.GetPath() != "" {
			x.Operation = strings.TrimSpace(c.GetOperation() + " " + c.GetPath())
		}
		x.Requirements = []string{}
		if !strings.Contains(c.GetId(), "operation-id") { // a name for generators of code, which no request shows
			x.Requirements = touched(c.GetOperation(), c.GetPath(), x.Text, requirements)
		}
		d.Differences = append(d.Differences, x)
	}
	slices.SortStableFunc(d.Differences, func(a, b Difference) int {
		switch {
		case a.Breaking == b.Breaking:
			return strings.Compare(a.Operation, b.Operation)
		case a.Breaking:
			return -1
		}
		return 1
	})
	d.Differences = merge(d.Differences)
	d.Agrees = len(d.Differences) == 0
	return d, nil
}

// MaxDocument is the length in bytes up to which a document is read.
const MaxDocument = 16 << 20

// Fetch reads the document at a URL, without a credential.
func Fetch(ctx context.Context, address string) ([]byte, error) {
	return wire.Fetch(ctx, address, MaxDocument)
}

// narrow leaves in a document what the contract has, paths by their form and not by the names of their parameters, and returns how
// many paths are left. Servers and tags are not compared.
func narrow(other, ours *openapi3.T) int {
	known := map[string]*openapi3.PathItem{}
	for path, item := range ours.Paths.Map() {
		known[spec.PathForm(path)] = item
	}
	left := openapi3.NewPaths()
	for path, item := range other.Paths.Map() {
		model := known[spec.PathForm(path)]
		if model == nil {
			continue
		}
		for method := range item.Operations() {
			if model.GetOperation(method) == nil {
				item.SetOperation(method, nil)
			}
		}
		left.Set(path, item)
	}
	other.Paths = left
	other.Servers, other.Tags, ours.Servers, ours.Tags = nil, nil, nil, nil
	return left.Len()
}
