// Package standard tells of the sections of RFCs and other standards that requirements cite: title, address, and what they say in
// our own words. It quotes nothing.
package standard

import (
	_ "embed"
	"fmt"
	"regexp"
	"sync"

	yaml "github.com/oasdiff/yaml3"
)

//go:embed sections.yaml
var sectionsYAML []byte

// Section is a section of a standard.
type Section struct {
	Title string `yaml:"title"`
	// Says is what the section says, as far as this suite needs it.
	Says string `yaml:"says"`
	// Address is where it is read.
	Address string `yaml:"address"`
}

// rfcShape is a citation of an RFC, such as "RFC 9110 section 15.5.6".
var rfcShape = regexp.MustCompile(`^RFC ([1-9][0-9]*)(?: section ([0-9A-Z]+(?:\.[0-9]+)*))?$`)

// load reads the sections by their citations.
var load = sync.OnceValues(func() (map[string]Section, error) {
	all := map[string]Section{}
	if err := yaml.Unmarshal(sectionsYAML, &all); err != nil {
		return nil, fmt.Errorf("reading sections.yaml: %w", err)
	}
	return all, nil
})

// Find is the section that a citation names. Of an RFC whose section is not known it has the address alone; false if the citation
// has another form.
func Find(citation string) (Section, bool) {
	all, err := load()
	if err != nil {
		return Section{}, false
	}
	s, known := all[citation]
	parts := rfcShape.FindStringSubmatch(citation)
	if s.Address == "" && parts != nil {
		s.Address = "https://www.rfc-editor.org/rfc/rfc" + parts[1]
		if parts[2] != "" {
			s.Address += "#section-" + parts[2]
		}
	}
	return s, known || parts != nil
}

// citations are those that are known, for tests.
func citations() (all []string, err error) {
	sections, err := load()
	for citation := range sections {
		all = append(all, citation)
	}
	return all, err
}
