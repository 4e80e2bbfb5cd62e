package suites

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/suites/evidence"
	. "github.com/sa-conformance/conformance/suites/matcher"
	"github.com/sa-conformance/conformance/suites/scenario"
)

func headers(s *check.Suite) {
	s.Section("Headers and caching", scenario.MinimalCreate(), func() {
		s.Should("headers.cache.no-store", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "create")).To(HaveDirective("Cache-Control", "no-store"))
		})
		s.Should("headers.content-type.nosniff", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "create")).To(HaveDirective("X-Content-Type-Options", "nosniff"))
		})
		s.Should("headers.transport.strict", func(ev *exchange.Evidence) {
			if !strings.HasPrefix(ev.Facts().BaseURL, "https:") {
				ev.Observe("does not apply: the target is spoken to without TLS")
				return
			}
			Expect(evidence.Account(ev, "create")).To(HaveHeader("Strict-Transport-Security"))
		})
		s.Must("headers.date.present", func(ev *exchange.Evidence) {
			Expect(evidence.Account(ev, "create")).To(HaveHeader("Date"))
		})
	})
	s.Section("Headers and caching", scenario.OldList(), func() {
		s.Must("headers.transfer-encoding.old", func(ev *exchange.Evidence) {
			e := ev.At(scenario.OldStep)
			if !e.Request.Old || !e.Answered() {
				ev.Observe("does not apply: no request was sent as HTTP/1.0, or none got a response")
				return
			}
			Expect(e).To(haveNoTransferEncoding())
		})
	})
	s.Section("Headers and caching", scenario.ForeignOrigins(), func() {
		s.Should("headers.origin.no-credentials", func(ev *exchange.Evidence) {
			Expect(ev.Every("origin-")).To(Each(ShareNoCredentials(scenario.ForeignOrigin)))
		})
	})
	s.Section("Headers and caching", scenario.Everything(), func() {
		s.Should("headers.token.absent", func(ev *exchange.Evidence) {
			for _, e := range evidence.Creates(ev) {
				if token := e.AccessToken(); token != "" {
					Expect(e).To(RepeatNoneInHeaders(token))
				}
			}
		})
		s.Must("headers.cache.not-fresh", func(ev *exchange.Evidence) {
			issued := ev.Where(func(e *exchange.Exchange) bool { return e.Success() && e.AccessToken() != "" })
			if len(issued) == 0 {
				evidence.Inconclusive("no response carried a token")
			}
			Expect(issued).To(Each(notStayFresh()))
		})
		s.Must("headers.date.form", func(ev *exchange.Evidence) {
			dated := ev.Where(func(e *exchange.Exchange) bool { return e.Answered() && len(e.Response.Header.Values("Date")) > 0 })
			if len(dated) == 0 {
				ev.Observe("does not apply: no response has a Date")
				return
			}
			Expect(dated).To(Each(haveFixedDate()))
		})
		s.Must("headers.fields.form", func(ev *exchange.Evidence) {
			Expect(atLeastOne(ev.Where((*exchange.Exchange).Answered))).To(Each(HaveWellFormedFields()))
		})
		s.Must("errors.media-type.json", func(ev *exchange.Evidence) {
			Expect(clientErrors(ev)).To(Each(HaveMediaType("application/json")))
		})
		s.Must("errors.server-error.body", func(ev *exchange.Evidence) {
			failed := serverErrors(ev)
			if len(failed) == 0 {
				ev.Observe("does not apply: no request got 500 every time")
				return
			}
			Expect(failed).To(Each(All(HaveErrorBody(s.Contract), HaveFittingErrorCode())))
		})
		s.Should("errors.trace-id.form", func(ev *exchange.Evidence) {
			Expect(clientErrors(ev)).To(Each(MayHaveMember("/trace_id", BeTraceID())))
		})
		s.Should("errors.internals.absent", func(ev *exchange.Evidence) {
			Expect(allErrors(ev)).To(Each(RevealNoInternals()))
		})
	})
}

// clientErrors are the refusals of the operations that the contract declares. What a gateway in front may refuse before the
// service sees it is left out: large bodies, paths that it rewrites, and statuses that the error schema has no code for.
func clientErrors(ev *exchange.Evidence) []*exchange.Exchange {
	return atLeastOne(ev.Where(func(e *exchange.Exchange) bool {
		return !strings.HasPrefix(e.Probe, scenario.LargeProbe) && !e.Rewritten() && e.Answered() && e.Status()/100 == 4 && HasErrorCode(e.Status()) &&
			e.Operation != "" && e.Request.Method != http.MethodHead
	}))
}

// serverErrors are the responses with 500 of the operations that the contract declares, if the same request was answered so
// every time: a single one may be of a gateway in front.
func serverErrors(ev *exchange.Evidence) []*exchange.Exchange {
	times, failed := map[string]int{}, []*exchange.Exchange{}
	for _, e := range ev.Where(func(e *exchange.Exchange) bool {
		return e.Answered() && e.Status() == http.StatusInternalServerError && e.Operation != "" && e.Request.Method != http.MethodHead
	}) {
		if times[e.Probe+"/"+e.Step]++; times[e.Probe+"/"+e.Step] == repeatedly {
			failed = append(failed, e)
		}
	}
	return failed
}

// repeatedly is how many responses with 500 to one request are those of the service itself.
const repeatedly = 3

// allErrors are all responses with a status of 400 or more.
func allErrors(ev *exchange.Evidence) []*exchange.Exchange {
	return atLeastOne(ev.Where(func(e *exchange.Exchange) bool { return e.Answered() && e.Status() >= 400 }))
}

func atLeastOne(family []*exchange.Exchange) []*exchange.Exchange {
	if len(family) == 0 {
		evidence.Inconclusive("nothing was refused")
	}
	return family
}

// freshness is a directive that lets a cache use a response again without asking (RFC 9111 section 4.2.1).
var freshness = regexp.MustCompile(`^(?i:s-maxage|max-age)="?0*[1-9][0-9]*"?$`)

// notStayFresh accepts a response that no cache may use again without asking.
func notStayFresh() types.GomegaMatcher {
	return By(func(e *exchange.Exchange) *Mismatch {
		text := strings.Join(e.Response.Header.Values("Cache-Control"), ",")
		fresh := false
		for part := range strings.SplitSeq(text, ",") {
			part = strings.TrimSpace(part)
			if strings.EqualFold(part, "no-store") || strings.EqualFold(part, "no-cache") {
				return nil
			}
			fresh = fresh || freshness.MatchString(part)
		}
		if !fresh {
			return nil
		}
		return &Mismatch{Expected: "no time for which a token stays in caches", Seen: "Cache-Control: " + Show(text), Exchange: e.ID}
	})
}

// haveNoTransferEncoding accepts a response that a client reads to its Content-Length or to the end of the connection.
func haveNoTransferEncoding() types.GomegaMatcher {
	return By(func(e *exchange.Exchange) *Mismatch {
		if len(e.Response.TransferEncoding) == 0 {
			return nil
		}
		return &Mismatch{Expected: "no Transfer-Encoding, which HTTP/1.0 does not have", Seen: "Transfer-Encoding: " + Show(strings.Join(e.Response.TransferEncoding, ", ")), Exchange: e.ID}
	})
}

// haveFixedDate accepts a response whose Date has the form that every recipient reads.
func haveFixedDate() types.GomegaMatcher {
	return By(func(e *exchange.Exchange) *Mismatch {
		for _, text := range e.Response.Header.Values("Date") {
			if at, err := time.Parse(http.TimeFormat, text); err != nil || at.UTC().Format(http.TimeFormat) != text {
				return &Mismatch{Expected: "Date: " + http.TimeFormat, Seen: "Date: " + Show(text), Exchange: e.ID}
			}
		}
		return nil
	})
}
