package reference

import (
	"net/http"
	"regexp"
	"slices"

	"github.com/sa-conformance/conformance/internal/reference/uuid"
)

var (
	// labelValue is the pattern of a name: a Kubernetes label value that is not empty.
	labelValue = regexp.MustCompile(`^[0-9A-Za-z]([-0-9A-Za-z_.]{0,61}[0-9A-Za-z])?$`)
	// reservedTag is the prefix of tag names that are not for users.
	reservedTag = regexp.MustCompile(`^[a-z]+\.unikorn-cloud\.org:`)
)

// readContent reads a serviceAccountWrite and checks its groups against those of the organization.
func (s *Server) readContent(c call) (content, error) {
	body, err := readJSON(c.Request)
	if err != nil {
		return content{}, err
	}
	wanted, err := parseContent(body)
	if err != nil {
		return content{}, err
	}
	for _, g := range wanted.groups {
		if g != exampleGroup && !slices.Contains(s.seed.groups, g) {
			return content{}, refusal{status: http.StatusUnprocessableEntity, description: "spec.groupIDs names a group that the organization does not have"}
		}
	}
	return wanted, nil
}

// parseContent holds a value to the schema serviceAccountWrite. Members that the schema does not name are passed
// over, and so are the read-only ones, whatever they are; null is no value of any member that it does name.
func parseContent(body any) (content, error) {
	var c content
	root, err := as[map[string]any](body, "the body", "an object")
	if err != nil {
		return c, err
	}
	meta, err := member[map[string]any](root, "metadata", "metadata", "an object")
	if err != nil {
		return c, err
	}
	if c.name, err = member[string](meta, "name", "metadata.name", "a string"); err != nil {
		return c, err
	}
	if !labelValue.MatchString(c.name) {
		return c, invalid("metadata.name does not match the pattern of names")
	}
	if _, ok := meta["description"]; ok {
		if c.description, err = member[string](meta, "description", "metadata.description", "a string"); err != nil {
			return c, err
		}
	}
	if _, ok := meta["tags"]; ok {
		if c.tags, err = parseTags(meta); err != nil {
			return c, err
		}
	}
	sp, err := member[map[string]any](root, "spec", "spec", "an object")
	if err != nil {
		return c, err
	}
	c.groups, err = parseGroups(sp)
	return c, err
}

func parseTags(meta map[string]any) ([]tag, error) {
	array, err := member[[]any](meta, "tags", "metadata.tags", "an array")
	if err != nil {
		return nil, err
	}
	var tags []tag
	for _, element := range array {
		object, err := as[map[string]any](element, "a tag", "an object")
		if err != nil {
			return nil, err
		}
		var t tag
		if t.Name, err = member[string](object, "name", "the name of a tag", "a string"); err != nil {
			return nil, err
		}
		if t.Value, err = member[string](object, "value", "the value of a tag", "a string"); err != nil {
			return nil, err
		}
		if reservedTag.MatchString(t.Name) {
			return nil, invalid("the name of a tag has a reserved prefix")
		}
		tags = append(tags, t)
	}
	return tags, nil
}

// parseGroups keeps the first of each group.
func parseGroups(spec map[string]any) ([]string, error) {
	array, err := member[[]any](spec, "groupIDs", "spec.groupIDs", "an array")
	if err != nil {
		return nil, err
	}
	var groups []string
	for _, element := range array {
		text, err := as[string](element, "a group ID", "a string")
		if err != nil {
			return nil, err
		}
		id, ok := uuid.Parse(text)
		if !ok {
			return nil, invalid("a group ID is not a UUID")
		}
		if !slices.Contains(groups, id) {
			groups = append(groups, id)
		}
	}
	return groups, nil
}

// member returns a required member of an object.
func member[T any](object map[string]any, name, where, kind string) (T, error) {
	v, ok := object[name]
	if !ok {
		var zero T
		return zero, invalid("%s is missing", where)
	}
	return as[T](v, where, kind)
}

func as[T any](v any, where, kind string) (T, error) {
	t, ok := v.(T)
	if !ok {
		return t, invalid("%s is not %s", where, kind)
	}
	return t, nil
}
