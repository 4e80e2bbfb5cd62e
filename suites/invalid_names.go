package suites

import (
	"strings"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// brokenNames break the pattern of names in one way each. Every description holds the mark of the malformed.
func brokenNames() []wrongCreate {
	attempts := []wrongCreate{
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

func refusingNames(s *check.Suite) {
	s.Section(refusingTitle, malformedCreate("names", brokenNames), func() {
		s.Must("create.rejects.name-empty", func(ev *exchange.Evidence) {
			Expect(ev.At("empty")).To(beRefused())
		})
		s.Must("create.rejects.name-length", func(ev *exchange.Evidence) {
			Expect(ev.Every("length ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.name-edges", func(ev *exchange.Evidence) {
			Expect(ev.Every("edge ")).To(Each(beRefused()))
		})
		s.Must("create.rejects.name-characters", func(ev *exchange.Evidence) {
			Expect(ev.Every("character ")).To(Each(beRefused()))
		})
	})
}

func named(step string, name func(label string) string) wrongCreate {
	return wrongCreate{step: step, label: malformedLabel + "name", body: func(label string) []byte {
		return fixtures.Fill("good/rich.json", fixtures.Values{Name: name(label), Mark: richText(label) + "\nin two lines"})
	}}
}

func padded(label string, length int) string { return label + strings.Repeat("x", length-len(label)) }
