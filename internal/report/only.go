package report

import "slices"

// LeftOut reports whether a result is of a requirement that a run of some requirements (--only) left out.
func (r *Report) LeftOut(result Result) bool {
	only := r.Configuration.Only
	return len(only) > 0 && !slices.Contains(only, result.ID)
}

// Asked returns the results that count and that the run was asked for: what a gate rests on.
func (r *Report) Asked() []Result {
	return slices.DeleteFunc(CountedResults(r), r.LeftOut)
}
