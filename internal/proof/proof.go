// Package proof holds the numbers of the proof that the suite was released with: how many defects it found, and how many legal
// variants it spared. A release makes the proof; a change of the catalogue leaves it as it is.
package proof

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed proof.json
var proofJSON []byte

// Summary is a proof in numbers.
type Summary struct {
	// Version is the version of the suite that was proved, Date the day (UTC) on which it was: "2026-12-31".
	Version string `json:"version"`
	Date    string `json:"date"`
	// Catalogue is the digest of the catalogue that was proved.
	Catalogue    string `json:"catalogueDigest"`
	Defects      int    `json:"defects"`
	Killed       int    `json:"killed"`
	Variants     int    `json:"variants"`
	Spared       int    `json:"spared"`
	Requirements int    `json:"requirements"`
	Proved       int    `json:"proved"`
	// Blame is how many requirements fail by themselves for a defect, on average.
	Blame float64 `json:"blame"`
}

// Released is the proof that this suite was released with, in numbers.
func Released() (Summary, error) {
	var s Summary
	if err := json.Unmarshal(proofJSON, &s); err != nil {
		return s, fmt.Errorf("reading proof.json: %w", err)
	}
	return s, nil
}
