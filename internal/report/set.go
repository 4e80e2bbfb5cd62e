package report

import (
	"encoding/json"
	"slices"

	"github.com/sa-conformance/conformance/spec"
)

// Set names the release of the catalogue that the verdict rests on.
type Set struct {
	// Name is a year and a month: "2026-11".
	Name string `json:"name"`
	// Digest is "sha256:" and 64 hexadecimal digits, of the set's file.
	Digest string `json:"digest"`
}

// Unscored is set for a result that counts for nothing. In JSON it is told the other way round, as "scored": false, and
// is absent where the result counts.
type Unscored bool

// MarshalJSON writes whether the result is scored.
func (u Unscored) MarshalJSON() ([]byte, error) { return json.Marshal(!bool(u)) }

// UnmarshalJSON reads whether the result is scored.
func (u *Unscored) UnmarshalJSON(text []byte) error {
	var scored bool
	if err := json.Unmarshal(text, &scored); err != nil {
		return err
	}
	*u = Unscored(!scored)
	return nil
}

// Score marks the results that a set does not hold, gives the others the level that the set froze, and names the set. It
// comes before Conclude.
func Score(r *Report, set spec.Set) {
	r.Set = Set{Name: set.Name(), Digest: set.Digest()}
	for i := range r.Results {
		result := &r.Results[i]
		result.Unscored = Unscored(result.Owner == "" && !set.Has(result.ID))
		if level := set.Level(result.ID); level != "" {
			result.Level = level
		}
	}
}

// Counts reports whether a result counts for the verdict: it is scored, of a profile that was asked for, and not of a team's
// own requirements.
func (r *Report) Counts(result Result) bool { return result.Owner == "" && r.Shows(result) }

// Shows reports whether a result counts for the verdict or for the own requirements of a team.
func (r *Report) Shows(result Result) bool {
	return !bool(result.Unscored) && slices.ContainsFunc(r.Profiles, func(p Profile) bool { return p.Name == result.Profile })
}

// NotScored returns the results of the profiles that were asked for that are not in the set.
func NotScored(r *Report) []Result {
	return slices.DeleteFunc(slices.Clone(r.Results), func(x Result) bool {
		scored := x
		scored.Unscored = false
		return !bool(x.Unscored) || !r.Counts(scored)
	})
}
