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

// proseShape names a section of the contract in prose.
var proseShape = regexp.MustCompile(`^contract section ([1-9][0-9]?)$`)

// ProseSection returns the title of the section that a citation such as "contract section 3" names, and the line of
// contract.md on which it begins, from 1. It is false if the citation has another form or names no section.
func ProseSection(citation string) (title string, line int, ok bool) {
	cited := proseShape.FindStringSubmatch(citation)
	if cited == nil {
		return "", 0, false
	}
	before, rest, found := strings.Cut(contractProse, "\n## "+cited[1]+". ")
	if !found {
		return "", 0, false
	}
	title, _, _ = strings.Cut(rest, "\n")
	return title, 2 + strings.Count(before, "\n"), true
}

// ProseText is the Markdown of the section that a citation such as "contract section 3" names, without its title; "" if it names
// none.
func ProseText(citation string) string {
	title, _, ok := ProseSection(citation)
	if !ok {
		return ""
	}
	_, text, _ := strings.Cut(contractProse, ". "+title+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	return strings.TrimSpace(text) + "\n"
}
