package requests

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/sa-conformance/conformance/internal/mutant"
)

var (
	Comment       = regexp.MustCompile(`//[^\n]*|(?s:/\*.*?\*/)`)
	TrailingComma = regexp.MustCompile(`,\s*([}\]])`)
	yamlName      = regexp.MustCompile(`(?m)^ +name: "?([^"\s]+)"?$`)
	longNumber    = regexp.MustCompile(`\d{100,}`)
)

// MalformedTexts accept bodies that are not one JSON text in UTF-8 with an object at its root, or fail over them.
func MalformedTexts() []*mutant.Defect {
	hole := func(name, description, effect, breaks string, layer *mutant.Layer) *mutant.Defect {
		return mutant.WithFamily("validation holes: texts", mutant.Defective(name, description, effect, layer, breaks))
	}
	replaced := func(pattern *regexp.Regexp, with string) *mutant.Layer {
		return mutant.Repairing(func(body []byte) []byte { return pattern.ReplaceAll(body, []byte(with)) })
	}
	where := func(is func(body []byte) bool, with []byte) *mutant.Layer {
		return mutant.Repairing(func(body []byte) []byte {
			if is(body) {
				return with
			}
			return nil
		})
	}
	nested := func(body []byte) bool { return bytes.Contains(body, []byte(strings.Repeat("[", 1000))) }
	isEmpty := func(body []byte) bool { return len(body) == 0 }
	return []*mutant.Defect{
		hole("accepts-empty-body", "makes an unnamed account where a create has no body", "a client that lost its body is told that all is well", "create.rejects.empty-body", where(isEmpty, mutant.Unnamed())),
		hole("empty-body-500", "answers a create without a body with 500", "a fault of the client pages the operators", "create.rejects.empty-body", mutant.OnCreateOf(isEmpty, mutant.Failing)),
		hole("accepts-blank-body", "takes white space for an empty object, and makes an unnamed account", "a template that rendered to nothing becomes an account", "create.rejects.blank-body",
			where(func(body []byte) bool { return len(body) > 0 && len(bytes.TrimSpace(body)) == 0 }, mutant.Unnamed())),
		hole("accepts-comments", "reads JSON with comments", "what one parser passes over another one reads: requests change their meaning on the way", "create.rejects.not-json", replaced(Comment, "")),
		hole("accepts-trailing-comma", "reads JSON with a comma after the last member", "clients are written that work nowhere else", "create.rejects.not-json", replaced(TrailingComma, "$1")),
		hole("accepts-single-quotes", "reads strings in single quotes", "clients are written that work nowhere else", "create.rejects.not-json",
			mutant.Repairing(func(body []byte) []byte { return bytes.ReplaceAll(body, []byte("'"), []byte(`"`)) })),
		hole("accepts-nan", "reads NaN as a number", "a value that no JSON parser can give back is stored", "create.rejects.not-json",
			mutant.Repairing(func(body []byte) []byte { return bytes.ReplaceAll(body, []byte("NaN"), []byte("null")) })),
		hole("accepts-yaml", "reads YAML where it finds no JSON", "another parser, with its aliases and its types, faces the network", "create.rejects.other-language",
			mutant.Repairing(func(body []byte) []byte {
				found := yamlName.FindSubmatch(body)
				if found == nil {
					return nil
				}
				return bytes.Replace(mutant.Unnamed(), []byte("unnamed"), found[1], 1)
			})),
		hole("accepts-xml", "reads XML where it finds no JSON", "another parser, with its entities, faces the network", "create.rejects.other-language",
			mutant.Repairing(func(body []byte) []byte {
				if !bytes.HasPrefix(body, []byte("<")) {
					return nil
				}
				return mutant.Unnamed()
			})),
		hole("accepts-form-body", "reads a form where it finds no JSON", "a form of another site can create accounts", "create.rejects.other-language",
			mutant.Repairing(func(body []byte) []byte {
				if !bytes.HasPrefix(body, []byte("metadata.name=")) {
					return nil
				}
				return mutant.Unnamed()
			})),
		hole("completes-braces", "closes the braces that a body leaves open", "a request that was cut on the way is carried out in part", "create.rejects.truncated",
			mutant.Repairing(func(body []byte) []byte { return ClosedJSON(body, false) })),
		hole("completes-strings", "closes a string that a body leaves open, and all braces", "an account is made under half of its name, without the groups that stood behind it", "create.rejects.truncated",
			mutant.Repairing(func(body []byte) []byte { return ClosedJSON(body, true) })),
		hole("accepts-null-root", "takes null for an empty object, and makes an unnamed account", "an unset variable of the client becomes an account", "create.rejects.other-roots",
			where(func(body []byte) bool { return string(body) == "null" }, mutant.Unnamed())),
		hole("accepts-array-root", "unwraps an array of one account", "of two accounts in the array one is forgotten", "create.rejects.other-roots",
			mutant.Repairing(func(body []byte) []byte {
				var items []json.RawMessage
				if json.Unmarshal(body, &items) != nil || len(items) != 1 {
					return nil
				}
				return items[0]
			})),
		hole("accepts-string-root", "reads the JSON within a JSON string", "what was quoted to be data is carried out", "create.rejects.other-roots",
			mutant.Repairing(func(body []byte) []byte {
				var inner string
				if json.Unmarshal(body, &inner) != nil {
					return nil
				}
				return []byte(inner)
			})),
		hole("accepts-second-text", "reads the first of several JSON texts and leaves the rest", "two requests in one body are one, and which one depends on the parser", "create.rejects.trailing-data",
			mutant.Repairing(func(body []byte) []byte { return FirstText(body, true) })),
		hole("accepts-trailing-garbage", "stops reading where the object ends", "a proxy and the server see different requests", "create.rejects.trailing-data",
			mutant.Repairing(func(body []byte) []byte { return FirstText(body, false) })),
		hole("accepts-utf-16", "guesses the encoding of a body", "a filter in front that reads UTF-8 sees nothing of the request", "create.rejects.utf-16", mutant.Repairing(FromUTF16)),
		hole("accepts-invalid-utf-8", "leaves out bytes that are not UTF-8", "two names that differ become one", "create.rejects.invalid-utf-8",
			mutant.Rewriting(func(body []byte) []byte { return bytes.ToValidUTF8(body, nil) }, mutant.Create)),
		hole("accepts-byte-order-mark", "passes over a byte order mark", "files of some editors work here and nowhere else", "create.rejects.byte-order-mark", AcceptingMark()),
		hole("accepts-deep-nesting", "cuts what is nested deeply, and goes on", "groups that stood there are dropped without a word", "create.rejects.deep-nesting",
			mutant.Rewriting(func(body []byte) []byte {
				if !nested(body) {
					return nil
				}
				return regexp.MustCompile(`\[{1000,}\]+`).ReplaceAll(body, []byte("[]"))
			}, mutant.Create)),
		hole("deep-nesting-500", "runs out of stack over 10,000 nested arrays, and answers 500", "one small request takes a worker down", "create.rejects.deep-nesting", mutant.OnCreateOf(nested, mutant.Failing)),
		hole("deep-nesting-drops", "runs out of stack over 10,000 nested arrays, and drops the connection", "one small request takes the process down, and everybody's requests with it", "create.answers.always", mutant.OnCreateOf(nested, mutant.BreakingOff)),
		hole("accepts-huge-number", "stores the first digits of a number that is too long for any type", "a name that nobody asked for", "create.rejects.huge-number",
			mutant.Rewriting(func(body []byte) []byte {
				if len(body) > 4096 {
					return nil
				}
				return longNumber.ReplaceAllFunc(body, func(digits []byte) []byte { return []byte(`"` + string(digits[:40]) + `"`) })
			}, mutant.Create)),
		hole("huge-number-500", "answers 500 where a number is too long for any type", "a fault of the client pages the operators", "create.rejects.huge-number", mutant.OnCreateOf(func(body []byte) bool { return len(body) < 4096 && longNumber.Match(body) }, mutant.Failing)),
	}
}

// AcceptingMark passes over the mark that RFC 8259 section 8.1 lets a parser pass over.
func AcceptingMark() *mutant.Layer {
	return mutant.Rewriting(func(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\uFEFF")) }, mutant.Create)
}

// ClosedJSON adds what is missing at the end of a JSON text.
func ClosedJSON(body []byte, strings bool) []byte {
	var open []byte
	inString := false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{':
			open = append(open, '}')
		case c == '[':
			open = append(open, ']')
		case (c == '}' || c == ']') && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 || inString && !strings {
		return nil
	}
	whole := append([]byte{}, body...)
	if inString {
		whole = append(whole, '"')
	}
	for i := len(open) - 1; i >= 0; i-- {
		whole = append(whole, open[i])
	}
	if inString { // the name was the last thing that was read
		var document map[string]any
		if json.Unmarshal(whole, &document) != nil {
			return nil
		}
		document["spec"] = map[string]any{"groupIDs": []any{}}
		whole, _ = json.Marshal(document) // made of what was decoded
	}
	return whole
}

// FirstText is the first JSON text of a body, where something that is one too or that is none stands behind it.
func FirstText(body []byte, another bool) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var first, second json.RawMessage
	if decoder.Decode(&first) != nil || (decoder.Decode(&second) == nil) != another {
		return nil
	}
	return first
}

func FromUTF16(body []byte) []byte {
	if len(body) < 2 || body[0] != 0xff || body[1] != 0xfe {
		return nil
	}
	var units []uint16
	for i := 2; i+1 < len(body); i += 2 {
		units = append(units, binary.LittleEndian.Uint16(body[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}
