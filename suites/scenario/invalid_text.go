package scenario

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/sa-conformance/conformance/fixtures"
)

const (
	nestingLevels = 10_000
	numberDigits  = 400
	byteOrderMark = "\uFEFF"
)

// BrokenTexts are bodies that are not one JSON text in UTF-8 with an object at its root, or that no parser need read.
func BrokenTexts() []WrongCreate {
	attempts := []WrongCreate{
		text("empty", func(string) []byte { return nil }),
		text("blank", func(string) []byte { return []byte(" \t\r\n ") }),
		text("truncated before the last brace", func(name string) []byte {
			return bytes.TrimSuffix(bytes.TrimSpace(fixtures.Minimal(name)), []byte("}"))
		}),
		text("truncated within the name", func(name string) []byte {
			before, _, _ := bytes.Cut(fixtures.Minimal(name), []byte(name))
			return append(before, name[:len(name)-1]...)
		}),
		text("root null", func(string) []byte { return []byte("null") }),
		text("root array", func(name string) []byte { return slices.Concat([]byte("["), fixtures.Minimal(name), []byte("]")) }),
		text("root string", func(name string) []byte { return Quoted(string(fixtures.Minimal(name))) }),
		text("trailing text", func(name string) []byte { return bytes.Repeat(fixtures.Minimal(name), 2) }),
		text("trailing garbage", func(name string) []byte { return append(fixtures.Minimal(name), "garbage"...) }),
		text("utf-16", func(name string) []byte { return inUTF16(byteOrderMark + string(fixtures.Minimal(name))) }),
		text("invalid utf-8", func(name string) []byte {
			// A parser that puts U+FFFD in the place of such bytes still finds a name that is not allowed.
			return bytes.Replace(fixtures.Fill("good/marked.json", fixtures.Values{Name: name, Mark: name}), []byte(name), []byte(name+"\xff\xc0\xafx"), 1)
		}),
		text("deep nesting", func(name string) []byte {
			nested := strings.Repeat("[", nestingLevels) + strings.Repeat("]", nestingLevels)
			return withRaw(name, `{"metadata":{"name":"NAME"},"spec":{"groupIDs":[RAW]}}`, nested)
		}),
		text("huge number", func(name string) []byte {
			return withRaw(name, `{"metadata":{"name":RAW,"description":"NAME"},"spec":{"groupIDs":[]}}`, strings.Repeat("9", numberDigits))
		}),
		// RFC 8259 section 8.1 lets a parser pass over the mark, so that the account may be created.
		{Step: "byte order mark", label: "byte-order-mark", body: func(name string) []byte {
			return append([]byte(byteOrderMark), fixtures.Minimal(name)...)
		}},
	}
	for _, file := range fixtures.Names("bad/languages") {
		kind, _, _ := strings.Cut(file, ".")
		attempts = append(attempts, text("language "+kind, fill("bad/languages/"+file)))
	}
	for _, file := range fixtures.Names("bad/not-json") {
		kind, _, _ := strings.Cut(file, ".")
		attempts = append(attempts, text("not-json "+kind, fill("bad/not-json/"+file)))
	}
	return attempts
}

func text(step string, body func(string) []byte) WrongCreate {
	return WrongCreate{Step: step, label: MalformedLabel + "text", body: body}
}

func inUTF16(text string) []byte {
	var encoded []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		encoded = binary.LittleEndian.AppendUint16(encoded, unit)
	}
	return encoded
}

// withRaw fills a body with a name, which needs no escapes, and with text that need not be JSON.
func withRaw(name, body, raw string) []byte {
	return []byte(strings.NewReplacer("NAME", name, "RAW", raw).Replace(body))
}

func Quoted(text string) []byte {
	encoded, _ := json.Marshal(text) // strings always marshal
	return encoded
}

// OtherMediaTypes send a good body under a Content-Type that is not application/json.
func OtherMediaTypes() []WrongCreate {
	// RFC 9110 section 8.3 lets a recipient look at the content where no type is given, so that the account may be created.
	attempts := []WrongCreate{{Step: "missing", label: "no-media-type", body: fixtures.Minimal, mediaType: []string{}}}
	for _, other := range []struct{ step, mediaType string }{
		{"other text/plain", "text/plain"},
		{"other application/xml", "application/xml"},
		{"other application/x-www-form-urlencoded", "application/x-www-form-urlencoded"},
		{"other application/vnd.x+json", "application/vnd.x+json"},
		{"malformed", "application json"},
	} {
		attempts = append(attempts, WrongCreate{
			Step: other.step, label: MalformedLabel + "media-type", body: fixtures.Minimal, mediaType: []string{other.mediaType},
		})
	}
	return attempts
}

// BrokenNames break the pattern of names in one way each. Every description holds the mark of the malformed.
func BrokenNames() []WrongCreate {
	attempts := []WrongCreate{
		named("empty", func(string) string { return "" }),
		named("length 64", func(label string) string { return padded(label, 64) }),
		named("length 10000", func(label string) string { return padded(label, 10_000) }),
	}
	for _, edge := range []struct{ kind, character string }{{"dash", "-"}, {"dot", "."}, {"underscore", "_"}} {
		attempts = append(attempts,
			named("edge leading "+edge.kind, func(label string) string { return edge.character + label }),
			named("edge trailing "+edge.kind, func(label string) string { return label + edge.character }))
	}
	for _, inner := range []struct{ step, text string }{
		{"space", " "}, {"slash", "/"}, {"NUL", "\x00"}, {"tab", "\t"}, {"letter", "ſK"}, {"full-width", "Ａ"}, {"digit", "٣"},
	} { // ſ and K become s and k where letter case is passed over
		attempts = append(attempts, named("character "+inner.step, func(label string) string { return label + inner.text + "x" }))
	}
	return append(attempts, named("character newline at the end", func(label string) string { return label + "\n" }))
}

func named(step string, name func(label string) string) WrongCreate {
	return WrongCreate{Step: step, label: MalformedLabel + "name", body: func(label string) []byte {
		return fixtures.Fill("good/rich.json", fixtures.Values{Name: name(label), Mark: richText(label) + "\nin two lines"})
	}}
}

func padded(label string, length int) string { return label + strings.Repeat("x", length-len(label)) }
