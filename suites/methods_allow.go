package suites

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// allowing judges the Allow of every 405 of a run. TRACE is left to gateways.
func allowing(s *check.Suite) {
	s.Section("Methods and paths", everything(), func() {
		s.Must("method.allow.form", func(ev *exchange.Evidence) {
			if found := notAllowed(ev); len(found) > 0 {
				Expect(found).To(Each(nameMethods()))
			}
		})
		s.Should("method.allow.complete", func(ev *exchange.Evidence) {
			if found := notAllowed(ev); len(found) > 0 {
				Expect(found).To(Each(nameAllMethods()))
			}
		})
	})
}

// notAllowed are the responses with 405 that have an Allow; if there is none, the check observes that it has nothing to judge.
func notAllowed(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool {
		return e.Answered() && e.Status() == http.StatusMethodNotAllowed && e.Request.Method != http.MethodTrace && !e.Rewritten() &&
			len(e.Response.Header.Values("Allow")) > 0
	})
	if len(found) == 0 {
		ev.Observe("does not apply: nothing got 405 with an Allow")
	}
	return found
}

// token is one of RFC 9110 section 5.6.2.
var token = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// allowed are the elements of an Allow. Empty ones are left out (RFC 9110 section 5.6.1.2).
func allowed(e *exchange.Exchange) (methods []string) {
	for part := range strings.SplitSeq(strings.Join(e.Response.Header.Values("Allow"), ","), ",") {
		if part = strings.Trim(part, " \t"); part != "" {
			methods = append(methods, part)
		}
	}
	return methods
}

// nameMethods accepts an Allow that lists methods, and not the one that was refused.
func nameMethods() types.GomegaMatcher {
	return By(func(e *exchange.Exchange) *Mismatch {
		for _, method := range allowed(e) {
			if !token.MatchString(method) || method == e.Request.Method {
				return &Mismatch{Expected: "a list of other methods than " + e.Request.Method, Seen: "Allow: " + Show(strings.Join(allowed(e), ", ")), Exchange: e.ID}
			}
		}
		return nil
	})
}

// nameAllMethods accepts an Allow that lists the methods that the contract has for the resource.
func nameAllMethods() types.GomegaMatcher {
	return By(func(e *exchange.Exchange) *Mismatch {
		_, rest, found := strings.Cut(e.Request.URL, "/serviceaccounts")
		rest, _, _ = strings.Cut(rest, "?")
		want := map[int][]string{0: {http.MethodGet, http.MethodPost}, 1: {http.MethodPut, http.MethodDelete}, 2: {http.MethodPost}}[strings.Count(rest, "/")]
		for _, method := range want {
			if found && !slices.Contains(allowed(e), method) {
				return &Mismatch{Expected: method + " in Allow", Seen: "Allow: " + Show(strings.Join(allowed(e), ", ")), Exchange: e.ID}
			}
		}
		return nil
	})
}
