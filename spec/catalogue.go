package spec

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// Catalogue is the list of requirements that a run can test. It does not change and is safe for concurrent use.
type Catalogue struct {
	digest       string
	requirements []Requirement
	positions    map[string]int
	lines        []int
}

// LoadCatalogue reads the embedded requirements.yaml. It leaves the citations unresolved; a test resolves them.
func LoadCatalogue() (*Catalogue, error) {
	c, err := ParseCatalogue(requirementsYAML, nil)
	if err != nil {
		return nil, fmt.Errorf("reading requirements.yaml: %w", err)
	}
	return c, nil
}

// ParseCatalogue reads a YAML list of requirements and checks every entry: its keys, id, words, citation, and what it
// follows; ids are unique and in ascending order. A contract resolves the citations; nil leaves them unresolved. The error
// joins everything that is wrong, each with line and id.
func ParseCatalogue(data []byte, c *Contract) (*Catalogue, error) {
	root, err := list(data)
	if err != nil {
		return nil, err
	}
	catalogue := &Catalogue{digest: digest(data), positions: map[string]int{}}
	entries := make([]entry, len(root.Content))
	for i, node := range root.Content {
		entries[i] = decode(node)
		if id := entries[i].ID; id != "" {
			if first, twice := catalogue.positions[id]; twice {
				entries[i].wrong("the id is taken by line %d", entries[first].line)
			} else {
				catalogue.positions[id] = i
			}
			if i > 0 && id < entries[i-1].ID {
				entries[i].wrong("it belongs before %s", entries[i-1].ID)
			}
		}
		catalogue.requirements = append(catalogue.requirements, entries[i].Requirement)
		catalogue.lines = append(catalogue.lines, entries[i].line)
	}
	var problems []error
	for i := range entries {
		if !entries[i].unreadable {
			entries[i].check(c)
			entries[i].checkFollows(catalogue)
		}
		problems = append(problems, entries[i].problems...)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return catalogue, nil
}

// All returns the requirements in the order of their ids.
func (c *Catalogue) All() []Requirement { return slices.Clone(c.requirements) }

// Find returns the requirement with an id.
func (c *Catalogue) Find(id string) (Requirement, bool) {
	i, ok := c.positions[id]
	if !ok {
		return Requirement{}, false
	}
	return c.requirements[i], true
}

// Line is the line of the catalogue on which the requirement with an id begins, from 1; 0 if there is none.
func (c *Catalogue) Line(id string) int {
	i, ok := c.positions[id]
	if !ok {
		return 0
	}
	return c.lines[i]
}

// Len is the number of requirements.
func (c *Catalogue) Len() int { return len(c.requirements) }

// Digest is "sha256:" and the hexadecimal SHA-256 of the catalogue's bytes.
func (c *Catalogue) Digest() string { return c.digest }

// list parses the one YAML document of a catalogue, which is a non-empty sequence.
func list(data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var root, more yaml.Node
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		return nil, errors.New("parsing the catalogue: it is empty")
	case err != nil:
		return nil, fmt.Errorf("parsing the catalogue: %w", err)
	case root.Content[0].Kind != yaml.SequenceNode || len(root.Content[0].Content) == 0:
		return nil, fmt.Errorf("parsing the catalogue: line %d: not a list of requirements", root.Content[0].Line)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("parsing the catalogue: more than one document")
	}
	return root.Content[0], nil
}

// entry is a requirement on its way into the catalogue, with what is wrong with it.
type entry struct {
	Requirement
	line     int
	problems []error
	// unreadable entries are not checked further: what they lack may be there.
	unreadable bool
}

// keys are the members that an entry may have.
var keys = []string{"id", "level", "statement", "citation", "profile", "breaks", "needs", "contested", "follows", "since", "changed", "why"}

func decode(node *yaml.Node) entry {
	e := entry{line: node.Line}
	if node.Kind != yaml.MappingNode {
		e.unreadable = true
		e.wrong("not a requirement")
		return e
	}
	if err := node.Decode(&e.Requirement); err != nil {
		e.unreadable = true
		if id := child(node, "id"); id != nil {
			e.ID = id.Value
		}
		e.wrong("%s", strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n  ", " "))
	}
	e.Since = cmp.Or(e.Since, FirstSet)
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains(keys, key.Value) {
			e.wrong("line %d: the key %q is unknown", key.Line, key.Value)
		}
	}
	return e
}

func (e *entry) wrong(format string, args ...any) {
	name := e.ID
	if name == "" {
		name = "an entry without an id"
	}
	e.problems = append(e.problems, fmt.Errorf("line %d: %s: %s", e.line, name, fmt.Sprintf(format, args...)))
}
