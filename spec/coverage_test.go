package spec

import (
	"bytes"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	yaml "github.com/oasdiff/yaml3"
)

// coverage is coverage.yaml.
type coverage struct {
	OpenAPI  []covered `yaml:"openapi"`
	Contract []struct {
		Section int `yaml:"section"`
		Lines   []struct {
			Line    string `yaml:"line"`
			covered `yaml:",inline"`
		} `yaml:"lines"`
	} `yaml:"contract"`
}

type covered struct {
	At           string   `yaml:"at"`
	Requirements []string `yaml:"requirements"`
	Untested     string   `yaml:"untested"`
}

// contractLines counts the lines of each section of the contract's prose that ask something of a target.
func contractLines() map[int]int { return map[int]int{1: 11, 2: 21, 3: 15, 4: 22, 5: 13} }

func readCoverage(t *testing.T) (coverage, *Contract, *Catalogue) {
	t.Helper()
	data, err := os.ReadFile("coverage.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c coverage
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		t.Fatal(err)
	}
	contract, err := LoadContract()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c, contract, catalogue
}

// problem says what is wrong with an entry; "" for nothing.
func (c covered) problem(catalogue *Catalogue) string {
	if len(c.Requirements) == 0 && c.Untested == "" {
		return "claimed by no requirement, and no reason given under untested"
	}
	for _, pattern := range c.Requirements {
		if !slices.ContainsFunc(catalogue.All(), func(r Requirement) bool { ok, _ := path.Match(pattern, r.ID); return ok }) {
			return "claimed by " + pattern + ", which is no requirement"
		}
	}
	return ""
}

func TestEveryElementOfTheDocumentIsCovered(t *testing.T) {
	c, contract, catalogue := readCoverage(t)
	for _, entry := range c.OpenAPI {
		if _, ok := contract.Resolve(entry.At); !ok {
			t.Errorf("%s names nothing in openapi.yaml", entry.At)
		}
		if problem := entry.problem(catalogue); problem != "" {
			t.Errorf("%s is %s", entry.At, problem)
		}
	}
	for _, element := range elements(t, contract) {
		if !slices.ContainsFunc(c.OpenAPI, func(e covered) bool { return e.At == element || strings.HasPrefix(element, e.At+"/") }) {
			t.Errorf("%s is covered by no entry", element)
		}
	}
}

func TestEveryLineOfTheContractIsClaimed(t *testing.T) {
	c, _, catalogue := readCoverage(t)
	counted := map[int]int{}
	for _, section := range c.Contract {
		counted[section.Section] += len(section.Lines)
		for _, line := range section.Lines {
			if problem := line.problem(catalogue); problem != "" {
				t.Errorf("section %d, %q is %s", section.Section, line.Line, problem)
			}
		}
	}
	for section, want := range contractLines() {
		if counted[section] != want {
			t.Errorf("section %d has %d lines in coverage.yaml, want %d", section, counted[section], want)
		}
	}
}

// elements lists the pointers of every operation, status, schema property and enumeration value of the document.
func elements(t *testing.T, contract *Contract) []string {
	t.Helper()
	var found []string
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	children := func(pointer string) map[string]any {
		node, _ := contract.Resolve(pointer)
		object, _ := node.(map[string]any)
		return object
	}
	for p := range children("/paths") {
		for method := range children("/paths/" + escape.Replace(p)) {
			operation := "/paths/" + escape.Replace(p) + "/" + method
			if _, ok := children(operation)["responses"]; !ok {
				continue
			}
			found = append(found, operation)
			for status := range children(operation + "/responses") {
				found = append(found, operation+"/responses/"+status)
			}
		}
	}
	var walk func(pointer string, node any)
	walk = func(pointer string, node any) {
		switch n := node.(type) {
		case map[string]any:
			for name, value := range n {
				at := pointer + "/" + escape.Replace(name)
				if properties, ok := value.(map[string]any); ok && name == "properties" {
					for property := range properties {
						found = append(found, at+"/"+property)
					}
				}
				if _, ok := value.([]any); ok && name == "enum" {
					found = append(found, at)
				}
				walk(at, value)
			}
		case []any:
			for i, value := range n {
				walk(pointer+"/"+string(rune('0'+i)), value)
			}
		}
	}
	walk("/components/schemas", mustResolve(t, contract, "/components/schemas"))
	if len(found) < 80 {
		t.Fatalf("only %d elements found", len(found))
	}
	return found
}

func mustResolve(t *testing.T, contract *Contract, pointer string) any {
	t.Helper()
	node, ok := contract.Resolve(pointer)
	if !ok {
		t.Fatalf("%s names nothing", pointer)
	}
	return node
}
