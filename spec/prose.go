package spec

import (
	_ "embed"
	"regexp"
	"strings"
)

// ProseFile is the contract in prose. Citations name its sections as "contract section 3".
const ProseFile = "contract.md"

//go:embed contract.md
var contractProse string

var (
	// proseShape names a section of the contract in prose.
	proseShape = regexp.MustCompile(`^contract section ([1-9][0-9]?)$`)
	// proseHeading begins a section of the contract in prose.
	proseHeading = regexp.MustCompile(`(?m)^## ([1-9][0-9]?)\. (.+)$`)
)

// ProseSection returns the title of the section that a citation such as "contract section 3" names, and the line of
// contract.md on which it begins, from 1. It is false if the citation has another form or names no section.
func ProseSection(citation string) (title string, line int, ok bool) {
	cited := proseShape.FindStringSubmatch(citation)
	if cited == nil {
		return "", 0, false
	}
	for _, at := range proseHeading.FindAllStringSubmatchIndex(contractProse, -1) {
		if contractProse[at[2]:at[3]] == cited[1] {
			return contractProse[at[4]:at[5]], 1 + strings.Count(contractProse[:at[0]], "\n"), true
		}
	}
	return "", 0, false
}
