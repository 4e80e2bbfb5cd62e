package spec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// leaves turns an error of kin-openapi into findings: it walks through lists, answers, allOf and oneOf to the errors
// that have no further cause.
func leaves(err error) []Finding {
	var found findings
	walk(err, &found)
	return found.list
}

func walk(err error, found *findings) {
	switch e := any(err).(type) { // the tree is walked node by node: errors.As would stop at the first leaf
	case nil:
	case openapi3.MultiError:
		for _, each := range e {
			walk(each, found)
		}
	case *openapi3.SchemaError:
		var nested openapi3.MultiError
		if (e.SchemaField == "allOf" || e.SchemaField == "oneOf") && errors.As(e.Origin, &nested) {
			walk(nested, found)
			return
		}
		found.add(leaf(e))
	case *openapi3filter.ResponseError:
		if e.Err == nil {
			found.add(unreadable())
		}
		walk(e.Err, found)
	default:
		found.add(unreadable())
	}
}

// unreadable is said of a body that the validator, unlike the lint, could not read.
func unreadable() Finding {
	return finding(AspectJSON, "", "unreadable", "a body that the validator can read", "another")
}

// leaf puts one schema error into words of our own: those of kin-openapi may quote the value.
func leaf(e *openapi3.SchemaError) Finding {
	path := e.JSONPointer()
	where := pointer(path)
	switch e.SchemaField {
	case "required":
		return finding(AspectSchema, where, e.SchemaField, fmt.Sprintf("a member %q", path[len(path)-1]), "none")
	case "format":
		seen := kindOf(e.Value)
		if why := errors.Unwrap(e.Origin); why != nil {
			seen += " with " + why.Error()
		}
		return finding(AspectFormat, where, e.SchemaField, formatName(e.Schema.Format), seen)
	default:
		return finding(AspectSchema, where, e.SchemaField, wanted(e), kindOf(e.Value))
	}
}

// wanted says what a schema asks for, for one keyword of it.
func wanted(e *openapi3.SchemaError) string {
	switch e.SchemaField {
	case "type", "nullable":
		return typeName(e.Schema.Type)
	case "enum":
		words := make([]string, len(e.Schema.Enum))
		for i, value := range e.Schema.Enum {
			words[i] = fmt.Sprint(value)
		}
		return "one of " + strings.Join(words, ", ")
	case "pattern":
		return "a string that matches " + e.Schema.Pattern
	case "minLength":
		return fmt.Sprintf("at least %s", count(int(e.Schema.MinLength), "character"))
	case "minItems":
		return fmt.Sprintf("at least %s", count(int(e.Schema.MinItems), "item"))
	default:
		return fmt.Sprintf("what the schema's %q allows", e.SchemaField)
	}
}

func typeName(types *openapi3.Types) string {
	names := slices.Clone(types.Slice()) // the slice is the schema's own
	if len(names) == 0 {
		return "a value other than null"
	}
	for i, name := range names {
		switch name {
		case openapi3.TypeArray, openapi3.TypeObject, openapi3.TypeInteger:
			names[i] = "an " + name
		default:
			names[i] = "a " + name
		}
	}
	return strings.Join(names, " or ")
}

func formatName(name string) string {
	switch name {
	case "date-time":
		return "a date-time of RFC 3339"
	case "uuid":
		return "a UUID of RFC 9562"
	default:
		return "the format " + name
	}
}
