package settings

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/defects"
	"github.com/sa-conformance/conformance/internal/mutant/variants"
)

// FindLayer finds what is to be put around the reference: a defect, a variant, or nothing.
func FindLayer(a *app.App, defectName, variantName string) (*mutant.Layer, error) {
	switch {
	case defectName != "" && variantName != "":
		return nil, app.Wrong("%s and %s contradict each other; give one of them", a.Source("defect"), a.Source("variant"))
	case defectName != "":
		for _, d := range defects.All() {
			if d.Name == defectName {
				return d.Layer, nil
			}
		}
		return nil, app.Wrong("%s: there is no defect %s; conformance serve --list shows them", a.Source("defect"), app.Shown(defectName))
	case variantName != "":
		for _, v := range variants.All() {
			if v.Name == variantName {
				return v.Layer, nil
			}
		}
		return nil, app.Wrong("%s: there is no variant %s; conformance serve --list shows them", a.Source("variant"), app.Shown(variantName))
	}
	return &mutant.Layer{}, nil
}

// ListLayers prints every defect and every variant.
func ListLayers(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "KIND\tNAME\tFAMILY\tWHAT IT DOES")
	for _, d := range defects.All() {
		_, _ = fmt.Fprintf(table, "defect\t%s\t%s\t%s\n", d.Name, d.Family, d.Description)
	}
	for _, v := range variants.All() {
		_, _ = fmt.Fprintf(table, "variant\t%s\t%s\t%s\n", v.Name, "legal variants", v.Description)
	}
	return table.Flush()
}
