package spec

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ownName is the form of a name of somebody's own requirements: it is the first word of their ids, and their profile.
var ownName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ParseOwn reads the requirements of a team, in the form of requirements.yaml. Their ids begin with the name and a period;
// the name is none of a profile or an area of ours. They have no profile, which is the name, and no since, changed or why. A
// citation is any text. The error joins everything that is wrong, each with line and id.
func ParseOwn(name string, data []byte, ours *Catalogue) (*Catalogue, error) {
	if !ownName.MatchString(name) {
		return nil, fmt.Errorf("the name %q of own requirements is not made of lower-case letters, digits and inner hyphens", name)
	}
	if slices.Contains(Profiles(), Profile(name)) || slices.ContainsFunc(ours.All(), func(r Requirement) bool { return strings.HasPrefix(r.ID, name+".") }) {
		return nil, fmt.Errorf("the name %q of own requirements is one of the suite's; take another", name)
	}
	root, err := list(data)
	if err != nil {
		return nil, fmt.Errorf("own requirements %s: %w", name, err)
	}
	own := &Catalogue{digest: digest(data), positions: map[string]int{}}
	var entries []entry
	for i, node := range root.Content {
		e := decode(node)
		if e.Since, e.Profile = "", Profile(name); !strings.HasPrefix(e.ID, name+".") {
			e.wrong("the id does not begin with %s.", name)
		}
		if _, twice := own.positions[e.ID]; twice {
			e.wrong("the id is taken")
		}
		own.positions[e.ID] = i
		own.requirements, own.lines = append(own.requirements, e.Requirement), append(own.lines, e.line)
		entries = append(entries, e)
	}
	var problems []error
	for i := range entries {
		if e := &entries[i]; !e.unreadable {
			e.checkOwn()
			e.checkFollows(own)
		}
		problems = append(problems, entries[i].problems...)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("own requirements %s: %w", name, err)
	}
	return own, nil
}

// checkOwn finds what is wrong with an entry of own requirements by itself.
func (e *entry) checkOwn() {
	if !idShape.MatchString(e.ID) {
		e.wrong("the id is not made of words, name.topic.promise")
	}
	if e.Level != Must && e.Level != Should {
		e.wrong("the level %q is not MUST or SHOULD", e.Level)
	}
	e.checkSentence("statement", e.Statement)
	if strings.TrimSpace(e.Citation) == "" {
		e.wrong("it has no citation: say where the promise stands")
	}
	e.checkNeeds()
}
