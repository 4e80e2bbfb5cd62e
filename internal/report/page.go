package report

import "github.com/sa-conformance/conformance/spec"

// Page is the address of the page of a result's requirement; "" for the requirements of a team, which have none.
func (r Result) Page() string {
	if r.Owner != "" {
		return ""
	}
	return spec.Page(r.ID)
}
