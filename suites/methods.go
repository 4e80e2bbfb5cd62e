package suites

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func methods(s *check.Suite) {
	undeclared := func(ev *exchange.Evidence) []*exchange.Exchange {
		return append(append(ev.Every("collection-"), ev.Every("account-")...), ev.Every("rotate-")...)
	}
	s.Section("Methods and paths", scenario.UndeclaredMethods(), func() {
		s.Must("method.undeclared.refused", func(ev *exchange.Evidence) {
			Expect(undeclared(ev)).To(Each(HaveStatus(
				http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented)))
		})
		s.Should("method.undeclared.error-body", func(ev *exchange.Evidence) {
			if all := undeclared(ev); !slices.ContainsFunc(all, func(e *exchange.Exchange) bool { return e.Status() != http.StatusNotImplemented }) {
				ev.Observe("does not apply: every method got 501")
				return
			}
			Expect(refusedOf(undeclared(ev))).To(Each(All(HaveErrorBody(s.Contract), HaveFittingErrorCode())))
		})
		s.Must("method.not-allowed.allow", func(ev *exchange.Evidence) {
			answered := ev.Where((*exchange.Exchange).Answered)
			notAllowed := slices.DeleteFunc(slices.Clone(answered), func(e *exchange.Exchange) bool {
				return e.Status() != http.StatusMethodNotAllowed || e.Request.Method == http.MethodTrace
			})
			if undeclared(ev); len(answered) == 0 {
				evidence.Inconclusive("nothing was answered")
			} else if len(notAllowed) == 0 {
				ev.Observe("does not apply: nothing got 405")
				return
			}
			Expect(notAllowed).To(Each(HaveHeader("Allow")))
		})
		s.Must("method.head.no-body", func(ev *exchange.Evidence) {
			Expect(ev.At("head")).To(All(BeSupported(), HaveNoBody()))
		})
		s.Must("method.options.answered", func(ev *exchange.Evidence) {
			Expect(ev.At("options")).To(BeSupported())
		})
		s.Should("method.trace.no-echo", func(ev *exchange.Evidence) {
			Expect(ev.At("trace")).To(NotEchoCredential())
		})
		s.Must("method.override.ignored", func(ev *exchange.Evidence) {
			Expect(ev.At("override")).To(All(HaveStatus(http.StatusOK), BeAccountList()))
		})
	})
	allowing(s)
	s.Section("Methods and paths", scenario.UnknownPaths(), func() {
		s.Must("path.unknown.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("unknown-")).To(Each(BeClientError()))
		})
		s.Should("path.unknown.not-found", func(ev *exchange.Evidence) {
			Expect(ev.Every("unknown-")).To(Each(HaveStatus(http.StatusNotFound)))
		})
		s.Should("path.unknown.error-body", func(ev *exchange.Evidence) {
			Expect(refusedOf(ev.Every("unknown-"))).To(Each(HaveErrorBody(s.Contract)))
		})
		s.Must("path.odd.answered", func(ev *exchange.Evidence) {
			Expect(ev.Every("odd-")).To(Each(BeNoServerError()))
		})
	})
}

// refusedOf keeps the responses with a 4xx.
func refusedOf(family []*exchange.Exchange) []*exchange.Exchange {
	var found []*exchange.Exchange
	for _, e := range family {
		if e.Answered() && e.Status()/100 == 4 {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		evidence.Inconclusive("nothing was refused with a 4xx")
	}
	return found
}

// allowing judges the Allow of every 405 of a run. TRACE is left to gateways.
func allowing(s *check.Suite) {
	s.Section("Methods and paths", scenario.Everything(), func() {
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
