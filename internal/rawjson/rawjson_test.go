package rawjson

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var texts = []string{
	``, ` `, `[`, `[]`, ` [ ] `, `[1]`, `[1,2]`, "[\n1 ,\t-2.5e3\r]", `["a","b,]\"[","\\"]`, `[{"a":[1,{"b":"}"}]},[[],[{}]],null,true]`, `[1]x`, `[1] [2]`, `[1,]`, `["a]`,
	`{}`, ` {"a" : 1 , "b":{"a":2}}`, `{"a":1,"a":[2]}`, `{"\u0061":"x","b":"a"}`, `{"a":null}`, `{"a":"\"","c":"}"}`, `{"a":1}{`, `{"a"}`, `null`, `"a"`, `5`, "{\"\xff\":1}",
	`{"":3}`, `{"a":tru}`, `[{"a":1}`, `{"a\"b":1,"a":2}`, `{"x":{"a":"no"},"a":-0}`,
}

// The outermost level of a text is that of encoding/json.
func FuzzLikeTheLibrary(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text), "a")
	}
	f.Add([]byte("{\"\xff\":1}"), "\ufffd")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		var array []json.RawMessage
		isArray := json.Unmarshal(text, &array) == nil && array != nil
		items, ok := Items(text)
		if ok != isArray {
			t.Fatalf("%q: an array: %v, want %v", text, ok, isArray)
		}
		if diff := cmp.Diff(asTexts(array), asTexts(items)); ok && diff != "" {
			t.Errorf("%q: items (-want +got):\n%s", text, diff)
		}
		var object map[string]json.RawMessage
		_ = json.Unmarshal(text, &object)
		want, there := object[name]
		value, found := Member(text, name)
		if json.Unmarshal(text, &object) != nil {
			there = false
		}
		if found != there || there && string(value) != string(want) {
			t.Errorf("%q: member %q: %q %v, want %q %v", text, name, value, found, want, there)
		}
	})
}

func asTexts[T ~[]byte](all []T) []string {
	texts := make([]string, 0, len(all))
	for _, one := range all {
		texts = append(texts, string(one))
	}
	return texts
}
