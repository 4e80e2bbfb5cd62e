package suites

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/suites/evidence"
	"github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

// contested shows which reading of a point a target takes where the contract contradicts itself. No reading fails; what
// fits none of them is a warning.
func contested(s *check.Suite) {
	s.Section("Contested points", scenario.UndeclaredMethods(), func() {
		s.Should("contested.method.status", func(ev *exchange.Evidence) {
			e := ev.At("collection-put")
			Expect(strconv.Itoa(e.Status())).To(beReading(ev, e, "", "404", "405"))
		})
	})
	s.Section("Contested points", scenario.MinimalCreate(), func() {
		s.Should("contested.token.kind", func(ev *exchange.Evidence) {
			e := evidence.Issued(ev, "create")
			Expect(string(evidence.Inspect(ev, e).Kind)).To(beReading(ev, e, "/status/accessToken", string(jwt.JWS), string(jwt.JWE)))
		})
		s.Should("contested.id.form", func(ev *exchange.Evidence) {
			e := evidence.Account(ev, "create")
			Expect(e).To(matcher.HaveMember("/metadata/id", matcher.BeUUID()))
		})
		s.Should("contested.cache.directive", func(ev *exchange.Evidence) {
			e := evidence.Account(ev, "create")
			Expect(cacheDirective(e)).To(beReading(ev, e, "", "no-store", "no-cache"))
		})
	})
	s.Section("Contested points", scenario.UnauthenticatedCreate(), func() {
		s.Should("contested.unauthorized.code", func(ev *exchange.Evidence) {
			e := ev.At("garbage")
			if e.Status() != http.StatusUnauthorized {
				ev.Observe("does not apply: a token that is none got %d", e.Status())
				return
			}
			Expect(e.Text("/error")).To(beReading(ev, e, "/error", "access_denied", "invalid_token"))
		})
	})
	s.Section("Contested points", scenario.GroupedCreate(), func() {
		s.Should("contested.groups.echo", func(ev *exchange.Evidence) {
			e := evidence.Account(ev, "create")
			Expect(e).To(matcher.HaveMember("/spec/groupIDs", matcher.BeSameSet(evidence.Strings(evidence.Sent(e, "/spec/groupIDs"))...)))
		})
	})
	s.Section("Contested points", scenario.MalformedCreate("text", scenario.BrokenTexts), func() {
		s.Should("contested.malformed.status", func(ev *exchange.Evidence) {
			e := ev.Every("truncated ")[0]
			if !e.Answered() {
				evidence.Inconclusive("%s", e.Unanswered())
			}
			Expect(strconv.Itoa(e.Status())).To(beReading(ev, e, "", "400", "415", "422"))
		})
	})
}

// beReading accepts one of the readings of a contested point, and notes which one was observed.
func beReading(ev *exchange.Evidence, e *exchange.Exchange, pointer string, readings ...string) types.GomegaMatcher {
	return matcher.By(func(seen string) *matcher.Mismatch {
		if slices.Contains(readings, seen) {
			ev.Observe("observed: %s", seen)
			return nil
		}
		return &matcher.Mismatch{Expected: "one of " + strings.Join(readings, ", "), Seen: matcher.Show(seen), Pointer: pointer, Exchange: e.ID}
	})
}

func cacheDirective(e *exchange.Exchange) string {
	directives := strings.ToLower(strings.Join(e.Response.Header.Values("Cache-Control"), ","))
	for _, directive := range []string{"no-store", "no-cache"} {
		if strings.Contains(directives, directive) {
			return directive
		}
	}
	return directives
}
