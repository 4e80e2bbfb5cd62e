package explore

import (
	"encoding/json"
	"strings"
)

// places of serviceAccountWrite, each with the type that the schema wants there.
var places = map[string]string{
	"/metadata": "object", "/metadata/name": "string", "/metadata/description": "string", "/metadata/tags": "array", "/metadata/tags/0": "object",
	"/metadata/tags/0/name": "string", "/metadata/tags/0/value": "string", "/spec": "object", "/spec/groupIDs": "array", "/spec/groupIDs/0": "string",
}

// ofType are values of each JSON type that a lenient parser may take for another one.
var ofType = map[string]any{
	"null": nil, "number": 7, "zero": 0, "false": false, "true": true, "string": "text", "empty string": "", "array": []any{}, "array of one": []any{"text"},
	"object": map[string]any{}, "object of one": map[string]any{"name": "text", "value": "text"},
}

// wrongTypes are bodies with a value of each other type at each place.
func wrongTypes() map[string]breaking {
	all := map[string]breaking{}
	for place, want := range places {
		for name, value := range ofType {
			if !strings.Contains(name, want) {
				all[place+" "+name] = placed(place, value)
			}
		}
	}
	return all
}

// placed puts a value at a place.
func placed(place string, value any) breaking {
	return func(document map[string]any) ([]byte, error) {
		if items, _ := part(document, "metadata")["tags"].([]any); len(items) == 0 {
			part(document, "metadata")["tags"] = []any{map[string]any{"name": "owner", "value": "me"}}
		}
		if items, _ := part(document, "spec")["groupIDs"].([]any); len(items) == 0 && strings.HasPrefix(place, "/spec/groupIDs/") {
			part(document, "spec")["groupIDs"] = []any{Nowhere}
		}
		parts := strings.Split(place, "/")[1:]
		var at any = document
		for _, step := range parts[:len(parts)-1] {
			switch v := at.(type) {
			case map[string]any:
				at = v[step]
			case []any:
				at = v[0]
			}
		}
		switch v := at.(type) {
		case map[string]any:
			v[parts[len(parts)-1]] = value
		case []any:
			v[0] = value
		}
		return json.Marshal(document)
	}
}
