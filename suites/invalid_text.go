package suites

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

const (
	nestingLevels = 10_000
	numberDigits  = 400
	byteOrderMark = "\uFEFF"
)

// brokenTexts are bodies that are not one JSON text in UTF-8 with an object at its root, or that no parser need read.
func brokenTexts() []wrongCreate {
	attempts := []wrongCreate{
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
		text("root string", func(name string) []byte { return quoted(string(fixtures.Minimal(name))) }),
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
		{step: "byte order mark", label: "byte-order-mark", body: func(name string) []byte {
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

func refusingText(s *check.Suite) {
	s.Section(refusingTitle, malformedCreate("text", brokenTexts), func() {
		s.Must("create.rejects.empty-body", func(ev *exchange.Evidence) {
			Expect(ev.At("empty")).To(beRefused())
		})
		s.Must("create.rejects.blank-body", func(ev *exchange.Evidence) {
			Expect(ev.At("blank")).To(beRefused())
		})
		s.Should("create.rejects.not-json", func(ev *exchange.Evidence) {
			Expect(ev.Every("not-json ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.other-language", func(ev *exchange.Evidence) {
			Expect(append(ev.Every("language "), ev.At("not-json yaml"))).To(Each(beRefused()))
		})
		s.Must("create.rejects.truncated", func(ev *exchange.Evidence) {
			Expect(ev.Every("truncated ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.other-roots", func(ev *exchange.Evidence) {
			Expect(ev.Every("root ")).To(Each(beRefused()))
		})
		s.Should("create.rejects.trailing-data", func(ev *exchange.Evidence) {
			Expect(ev.Every("trailing ")).To(Each(beRefused()))
		})
		s.Should("create.rejects.utf-16", func(ev *exchange.Evidence) {
			Expect(ev.At("utf-16")).To(beRefused())
		})
		s.Should("create.rejects.invalid-utf-8", func(ev *exchange.Evidence) {
			Expect(ev.At("invalid utf-8")).To(beRefused())
		})
		s.Should("create.rejects.byte-order-mark", func(ev *exchange.Evidence) {
			Expect(ev.At("byte order mark")).To(beRefused())
		})
		s.Must("create.rejects.deep-nesting", func(ev *exchange.Evidence) {
			Expect(ev.At("deep nesting")).To(beRefused())
		})
		s.Must("create.rejects.huge-number", func(ev *exchange.Evidence) {
			Expect(ev.At("huge number")).To(beRefused())
		})
	})
}

func text(step string, body func(string) []byte) wrongCreate {
	return wrongCreate{step: step, label: malformedLabel + "text", body: body}
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

func quoted(text string) []byte {
	encoded, _ := json.Marshal(text) // strings always marshal
	return encoded
}
