package drift

import (
	"regexp"
	"slices"
	"strings"
)

// statusIn finds the status that a difference is about.
var statusIn = regexp.MustCompile("\\bstatus `([0-9]{3})`")

// merge makes one difference of those of an operation that say the same of several statuses.
func merge(all []Difference) []Difference {
	type kind struct {
		operation, rule, text string
		breaking              bool
	}
	merged, places, statuses := []Difference{}, map[kind]int{}, map[int][]string{}
	for _, x := range all {
		match := statusIn.FindAllStringSubmatchIndex(x.Text, 2)
		if len(match) != 1 {
			merged = append(merged, x)
			continue
		}
		status, rest := x.Text[match[0][2]:match[0][3]], statusIn.ReplaceAllLiteralString(x.Text, "")
		k := kind{x.Operation, x.Rule, rest, x.Breaking}
		at, known := places[k]
		if !known {
			places[k], statuses[len(merged)] = len(merged), []string{status}
			merged = append(merged, x)
			continue
		}
		statuses[at] = append(statuses[at], status)
		merged[at].Requirements = slices.Compact(slices.Sorted(slices.Values(slices.Concat(merged[at].Requirements, x.Requirements))))
	}
	for at, several := range statuses {
		if several = slices.Compact(slices.Sorted(slices.Values(several))); len(several) > 1 {
			merged[at].Text = statusIn.ReplaceAllLiteralString(merged[at].Text, "statuses `"+strings.Join(several, "`, `")+"`")
		}
	}
	return merged
}
