package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// storedFile is a catalogue as catalogue.json holds it: checked, and in a form that is read in a tenth of the time.
type storedFile struct {
	Digest       string              `json:"digest"`
	Requirements []storedRequirement `json:"requirements"`
}

type storedRequirement struct {
	Requirement

	Line int `json:"line"`
}

// LoadCatalogue reads the embedded catalogue.json, which is generated from requirements.yaml and was checked then.
func LoadCatalogue() (*Catalogue, error) {
	var f storedFile
	if err := json.Unmarshal(catalogueJSON, &f); err != nil {
		return nil, fmt.Errorf("reading catalogue.json: %w", err)
	}
	c := &Catalogue{digest: f.Digest, positions: make(map[string]int, len(f.Requirements))}
	for i, r := range f.Requirements {
		c.positions[r.ID] = i
		c.requirements = append(c.requirements, r.Requirement)
		c.lines = append(c.lines, r.Line)
	}
	return c, nil
}

// Stored is the catalogue as catalogue.json holds it, one requirement a line.
func (c *Catalogue) Stored() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"digest\": %q, \"requirements\": [", c.digest)
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	for i, r := range c.requirements {
		if i > 0 {
			b.WriteString(",")
		} else {
			b.WriteString("\n")
		}
		if err := encoder.Encode(storedRequirement{r, c.lines[i]}); err != nil {
			return nil, fmt.Errorf("encoding %s: %w", r.ID, err)
		}
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}
