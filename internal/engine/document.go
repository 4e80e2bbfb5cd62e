package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/spec"
)

// given tells of the document that is judged by; nil for the contract of the suite.
func given(c *spec.Contract) *report.Document {
	g := c.Given()
	if g == nil {
		return nil
	}
	return &report.Document{
		Name: g.Name, Version: c.Version(), Digest: c.Digest(), Differences: g.Differences, Touched: g.Touched, Undeclared: g.Undeclared,
	}
}

// ofDocument are the remarks on a document that was judged by.
func ofDocument(d *report.Document) (remarks []string) {
	if d == nil {
		return nil
	}
	text := fmt.Sprintf("schemas were judged by %s (version %s), which agrees with the contract in its operations", d.Name, d.Version)
	if d.Differences > 0 {
		text = fmt.Sprintf("schemas were judged by %s (version %s), which differs from the contract in %s", d.Name, d.Version,
			report.Plural(d.Differences, "point", "points"))
		if len(d.Touched) > 0 {
			text += "; these requirements rest on them: " + report.SomeIDs(d.Touched)
		}
	}
	remarks = append(remarks, text)
	if len(d.Undeclared) > 0 {
		remarks = append(remarks, fmt.Sprintf("%s does not declare %s: the contract judges that", d.Name, strings.Join(d.Undeclared, ", ")))
	}
	return remarks
}

// judgedAgain are the remarks of a run of which the recording is judged again: by the same document, or by another.
func judgedAgain(remarks []string, then, now *report.Document) []string {
	old := ofDocument(then)
	remarks = slices.DeleteFunc(slices.Clone(remarks), func(remark string) bool { return slices.Contains(old, remark) })
	if then != nil && (now == nil || now.Digest != then.Digest) {
		remarks = append(remarks, fmt.Sprintf("the run judged schemas by %s (version %s), and this report does not", then.Name, then.Version))
	}
	return append(remarks, ofDocument(now)...)
}

// soundAccount tells of an account in a list, given as JSON, whether no check of a list has anything to object to in it.
func soundAccount(contract *spec.Contract, organization string) func(account []byte) bool {
	return func(account []byte) bool {
		var shown struct {
			Metadata struct{ OrganizationID string }
			Status   map[string]json.RawMessage
		}
		if json.Unmarshal(account, &shown) != nil || !strings.EqualFold(shown.Metadata.OrganizationID, organization) {
			return false
		}
		_, token := shown.Status["accessToken"]
		return !token && len(contract.CheckSchema("serviceAccountRead", account)) == 0
	}
}
