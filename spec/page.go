package spec

import "regexp"

// Project is the address of the suite's repository.
const Project = "https://github.com/sa-conformance/conformance"

// PagesDir is the directory of the pages of requirements in the repository, one file an id.
const PagesDir = "docs/requirements"

// pageID is the form of the ids that have a page.
var pageID = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)

// Page is the address of the page of a requirement; "" if the text is not an id. Ids never move, so the address does not
// either.
func Page(id string) string {
	if len(id) > 100 || !pageID.MatchString(id) {
		return ""
	}
	return Project + "/blob/main/" + PagesDir + "/" + id + ".md"
}
