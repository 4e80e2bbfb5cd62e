package spec

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// idShape is area.topic.promise: three or more words of lower-case letters, digits and inner hyphens.
var idShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){2,}$`)

// rfcShape names a section of an RFC.
var rfcShape = regexp.MustCompile(`^RFC [1-9][0-9]{2,4} (section|appendix) [1-9A-Z][0-9]*(\.[1-9][0-9]*)*$`)

// namedShape is one of the documents that have no numbered sections which stay where they are.
var namedShape = regexp.MustCompile(`^(OpenID Connect Discovery 1\.0 section [1-9]|Fetch standard, (X-Content-Type-Options header|CORS protocol))$`)

// Citations splits the citation into its parts, which are separated by "; ".
func (r Requirement) Citations() []string { return strings.Split(r.Citation, "; ") }

// ExplainedBy reports whether a failure of the requirement with an id explains a failure of this one. None explains
// itself.
func (r Requirement) ExplainedBy(id string) bool {
	return id != r.ID && slices.ContainsFunc(r.Follows, func(pattern string) bool {
		matched, err := path.Match(pattern, id)
		return err == nil && matched
	})
}

// check finds what is wrong with an entry by itself; without a contract, citations of it are taken as they are.
func (e *entry) check(c *Contract) {
	switch {
	case e.ID == "":
		e.wrong("it has no id")
	case !idShape.MatchString(e.ID):
		e.wrong("the id is not made of words, area.topic.promise")
	}
	if e.Level != Must && e.Level != Should {
		e.wrong("the level %q is not MUST or SHOULD", e.Level)
	}
	if !slices.Contains(Profiles(), e.Profile) {
		e.wrong("the profile %q is unknown", e.Profile)
	}
	e.checkSentence("statement", e.Statement)
	e.checkSentence("breaks", e.Breaks)
	for _, citation := range e.Citations() {
		e.checkCitation(citation, c)
	}
	if e.Why != "" {
		e.checkSentence("why", e.Why)
	}
	if !setName.MatchString(e.Since) || e.Since < FirstSet {
		e.wrong("since %q is not the name of a set: a year and a month, %s or later", e.Since, FirstSet)
	}
	if e.Changed != "" && (!setName.MatchString(e.Changed) || e.Changed <= e.Since) {
		e.wrong("changed %q is not the name of a set that is newer than %s, since which the requirement exists", e.Changed, e.Since)
	}
	e.checkNeeds()
	if len(e.Contested) == 1 {
		e.wrong("a contested point has at least two readings")
	}
	if slices.ContainsFunc(e.Contested, func(reading string) bool { return strings.TrimSpace(reading) == "" }) {
		e.wrong("a reading of the contested point is empty")
	}
}

func (e *entry) checkNeeds() {
	for i, need := range e.Needs {
		if !slices.Contains([]Need{NeedGroup, NeedOtherOrganization, NeedExpiredToken, NeedNotYetValidToken}, need) {
			e.wrong("the need %q is unknown", need)
		}
		if slices.Contains(e.Needs[:i], need) {
			e.wrong("the need %q is named twice", need)
		}
	}
}

// checkCitation finds a citation that has no known form, or names nothing.
func (e *entry) checkCitation(citation string, c *Contract) {
	pointer, ours := strings.CutPrefix(citation, File+"#")
	switch {
	case ours && c == nil, rfcShape.MatchString(citation), namedShape.MatchString(citation):
	case ours:
		if _, ok := c.Resolve(pointer); !ok || !strings.HasPrefix(pointer, "/") {
			e.wrong("the citation %q points at nothing", citation)
		}
	case proseShape.MatchString(citation):
		if _, _, ok := ProseSection(citation); !ok {
			e.wrong("the citation %q names no section of %s", citation, ProseFile)
		}
	default:
		e.wrong(`the citation %q is neither "%s#/…" nor "contract section N" nor "RFC N section M"`, citation, File)
	}
}

func (e *entry) checkSentence(key, text string) {
	switch {
	case text == "":
		e.wrong("it has no %s", key)
	case strings.TrimSpace(text) != text || !strings.HasSuffix(text, "."):
		e.wrong("the %s is not a sentence that ends with a period", key)
	}
}

// checkFollows finds patterns that are malformed or match nothing, and entries that follow themselves by exact ids.
func (e *entry) checkFollows(all *Catalogue) {
	for _, pattern := range e.Follows {
		if _, exact := all.positions[pattern]; exact {
			continue
		}
		matches := func(r Requirement) bool { matched, _ := path.Match(pattern, r.ID); return matched }
		if _, err := path.Match(pattern, ""); err != nil {
			e.wrong("the pattern %q in follows is malformed", pattern)
		} else if !slices.ContainsFunc(all.requirements, matches) {
			e.wrong("the pattern %q in follows matches no id", pattern)
		}
	}
	if all.reaches(e.Requirement, e.ID, map[string]bool{}) {
		e.wrong("it follows itself")
	}
}

// reaches reports whether a requirement follows an id, by exact ids and over any number of steps.
func (c *Catalogue) reaches(from Requirement, id string, visited map[string]bool) bool {
	for _, next := range from.Follows {
		if next == id {
			return true
		}
		if r, ok := c.Find(next); ok && !visited[next] {
			visited[next] = true
			if c.reaches(r, id, visited) {
				return true
			}
		}
	}
	return false
}
