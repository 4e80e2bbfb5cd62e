package reference

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// parseJSON returns one JSON text as map[string]any, []any, string, json.Number, bool or nil. It refuses what
// RFC 8259 leaves to the receiver: a BOM, bytes that are no UTF-8, half a surrogate pair, a name given twice in an
// object, and nesting too deep.
func parseJSON(text []byte) (any, error) {
	switch {
	case !utf8.Valid(text):
		return nil, invalid("the body is not UTF-8")
	case !json.Valid(text): // a BOM, nothing at all, and anything after the text end here
		return nil, invalid("the body is not one JSON text")
	case loneSurrogate(text):
		return nil, invalid("the body has half a surrogate pair")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return parseValue(d, maxDepth)
}

// parseValue relies on the text being valid: the decoder has no other errors.
func parseValue(d *json.Decoder, depth int) (any, error) {
	first, err := d.Token()
	if err != nil {
		return nil, invalid("the body is not one JSON text")
	}
	open, ok := first.(json.Delim)
	if !ok {
		return first, nil
	}
	if depth == 0 {
		return nil, invalid("the body is nested more than %d deep", maxDepth)
	}
	if open == '{' {
		return parseObject(d, depth-1)
	}
	array := []any{}
	for d.More() {
		v, err := parseValue(d, depth-1)
		if err != nil {
			return nil, err
		}
		array = append(array, v)
	}
	_, err = d.Token()
	return array, err
}

func parseObject(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, invalid("the body is not one JSON text")
		}
		if _, twice := object[name]; twice {
			return nil, invalid("an object has the same member twice")
		}
		if object[name], err = parseValue(d, depth); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return object, err
}

// loneSurrogate looks at the \u escapes of a valid JSON text.
func loneSurrogate(text []byte) bool {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++ // at the character that says which escape it is
		r := escape(text, i)
		if !utf16.IsSurrogate(r) {
			continue
		}
		i += 4 // at the last digit
		if i+2 >= len(text) || text[i+1] != '\\' || utf16.DecodeRune(r, escape(text, i+2)) == utf8.RuneError {
			return true
		}
		i += 6
	}
	return false
}

// escape is the code unit of the u and four digits at i, and 0 for anything else.
func escape(text []byte, i int) rune {
	if i+5 > len(text) || text[i] != 'u' {
		return 0
	}
	n, err := strconv.ParseUint(string(text[i+1:i+5]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(n)
}
