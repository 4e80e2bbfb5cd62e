package suites

import (
	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// otherMediaTypes send a good body under a Content-Type that is not application/json.
func otherMediaTypes() []wrongCreate {
	// RFC 9110 section 8.3 lets a recipient look at the content where no type is given, so that the account may be created.
	attempts := []wrongCreate{{step: "missing", label: "no-media-type", body: fixtures.Minimal, mediaType: []string{}}}
	for _, other := range []struct{ step, mediaType string }{
		{"other text/plain", "text/plain"},
		{"other application/xml", "application/xml"},
		{"other application/x-www-form-urlencoded", "application/x-www-form-urlencoded"},
		{"other application/vnd.x+json", "application/vnd.x+json"},
		{"malformed", "application json"},
	} {
		attempts = append(attempts, wrongCreate{
			step: other.step, label: malformedLabel + "media-type", body: fixtures.Minimal, mediaType: []string{other.mediaType},
		})
	}
	return attempts
}

func refusingMediaTypes(s *check.Suite) {
	s.Section(refusingTitle, malformedCreate("media-type", otherMediaTypes), func() {
		s.Should("create.rejects.media-type-missing", func(ev *exchange.Evidence) {
			Expect(ev.At("missing")).To(beRefused())
		})
		s.Should("create.rejects.media-type-other", func(ev *exchange.Evidence) {
			Expect(ev.Every("other ")).To(Each(beRefused()))
		})
		s.Should("create.rejects.media-type-malformed", func(ev *exchange.Evidence) {
			Expect(ev.At("malformed")).To(beRefused())
		})
	})
}
