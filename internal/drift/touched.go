package drift

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/spec"
)

var (
	// quotedName is what oasdiff names: a property by its path, a status, a value.
	quotedName = regexp.MustCompile("[`'\"]([^`'\"]+)[`'\"]")
	status     = regexp.MustCompile(`\b[1-5]\d\d\b`)
)

// touched are the ids of the requirements that rest on what is different: those that cite a member that the difference names or,
// if it names none that is cited, the operation and the status.
func touched(method, path, text string, requirements []spec.Requirement) []string {
	var names []string
	for _, m := range quotedName.FindAllStringSubmatch(text, -1) {
		for part := range strings.SplitSeq(m[1], "/") {
			if part != "" && part != "items" && !strings.HasPrefix(part, "allOf[") {
				names = append(names, "/properties/"+part)
			}
		}
	}
	byName := citing(requirements, func(citation string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return strings.HasSuffix(citation, name) || strings.Contains(citation, name+"/")
		})
	})
	if len(byName) > 0 || path == "" {
		return byName
	}
	operation := "#/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(path)
	if method != "" {
		operation += "/" + strings.ToLower(method)
	}
	number := status.FindString(text)
	return citing(requirements, func(citation string) bool {
		_, rest, ok := strings.Cut(spec.PathForm(citation), spec.PathForm(operation))
		return ok && (rest == "" || rest[0] == '/') && (number == "" || !strings.HasPrefix(rest, "/responses/") || strings.HasPrefix(rest, "/responses/"+number))
	})
}

// citing are the ids of the requirements with a citation that is wanted.
func citing(requirements []spec.Requirement, wanted func(citation string) bool) []string {
	ids := []string{}
	for _, r := range requirements {
		if slices.ContainsFunc(strings.Split(r.Citation, "; "), wanted) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
