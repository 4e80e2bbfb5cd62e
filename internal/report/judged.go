package report

// What every format says first of a run that is no verdict on a target by the contract.
const (
	// ReferenceJudged is for a run that judged no target.
	ReferenceJudged = "The built-in reference was judged, and no target."
	// DocumentJudged is for a run with an OpenAPI document of the operator's.
	DocumentJudged = "Schemas were judged by an OpenAPI document that the operator gave, and not by the contract: there is no certificate."
)

// Document is an OpenAPI document that was judged by in the place of the contract.
type Document struct {
	// Name is what the operator calls it.
	Name    string `json:"name"`
	Version string `json:"version"`
	// Digest is "sha256:" and 64 hexadecimal digits.
	Digest string `json:"digest"`
	// Differences counts the points in which it differs from the contract; Touched are the ids of the requirements that rest on them.
	Differences int      `json:"differences"`
	Touched     []string `json:"touched,omitempty"`
	// Undeclared lists the operations that it does not declare: the contract judges these.
	Undeclared []string `json:"undeclared,omitempty"`
}

// Judged is what every format says first; "" for a run that judged a target by the contract. It is harmless in every format.
func Judged(r *Report) string {
	text := ""
	if r.Target.Embedded {
		text = ReferenceJudged
	}
	if r.Configuration.Contract != nil {
		if text != "" {
			text += " "
		}
		text += DocumentJudged
	}
	return text
}
