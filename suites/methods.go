package suites

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// nobodysID names no account: the requests that carry it must not reach one that matters.
const nobodysID = "6b1f7a52-3c0e-4d0b-9a53-5f7d1a1c0f3e"

// undeclaredMethods asks for what the contract does not offer.
func undeclaredMethods() probe.Probe {
	return probe.Probe{Name: "method.undeclared", Run: func(ctx context.Context, s *probe.Session) {
		collection := probe.Accounts(s.Target().Organization)
		one := probe.Account(s.Target().Organization, s.Invented(nobodysID))
		nowhere := probe.Accounts(s.Invented(unknownID())) // a target may take such a request for all accounts of a collection
		var attempts []attempt
		for _, r := range []struct{ step, method, path string }{
			{"collection-put", http.MethodPut, nowhere},
			{"collection-patch", http.MethodPatch, nowhere},
			{"collection-delete", http.MethodDelete, nowhere},
			{"account-get", http.MethodGet, one},
			{"account-post", http.MethodPost, one},
			{"rotate-get", http.MethodGet, one + "/rotate"},
			{"head", http.MethodHead, collection},
			{"options", http.MethodOptions, collection},
		} {
			attempts = append(attempts, attempt{r.step, probe.Request{Method: r.method, Path: r.path, As: s.Operator(), Header: accept()}})
		}
		trace := probe.Request{Method: http.MethodTrace, Path: collection, As: probe.Bearer("canary", "trace-canary-"+s.Mark())}
		override := s.ListRequest()
		for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
			override.Header.Set(name, http.MethodPatch) // without a body, it changes nothing even if it is done
		}
		sendAll(ctx, s, append(attempts, attempt{"trace", trace}, attempt{"override", override}))
	}}
}

// unknownPaths asks for places that the contract does not know, and for known ones in odd spelling.
func unknownPaths() probe.Probe {
	return probe.Probe{Name: "path.unknown", Run: func(ctx context.Context, s *probe.Session) {
		collection, operator := probe.Accounts(s.Target().Organization), s.Operator()
		nobody := probe.Nobody() // an odd path must not be a way around the credential
		var attempts []attempt
		for _, r := range []struct {
			step, path string
			as         probe.Identity
		}{
			{"unknown-top", "/api/v1/no-such-place", operator},
			{"unknown-below", collection + "/" + nobodysID + "/no-such-place", operator},
			{"odd-trailing-slash", collection + "/", nobody},
			{"odd-double-slash", strings.Replace(collection, "/serviceaccounts", "//serviceaccounts", 1), nobody},
			{"odd-upper-case", strings.Replace(collection, "/serviceaccounts", "/SERVICEACCOUNTS", 1), nobody},
			{"odd-first-slash", "/" + collection, nobody},
			{"odd-dot", strings.Replace(collection, "/serviceaccounts", "/./serviceaccounts", 1), nobody},
			{"odd-parameter", collection + ";a=1", nobody},
		} {
			attempts = append(attempts, attempt{r.step, probe.Request{Method: http.MethodGet, Path: r.path, As: r.as, Header: accept()}})
		}
		sendAll(ctx, s, attempts)
	}}
}

func accept() http.Header { return http.Header{"Accept": {"application/json"}} }

func methods(s *check.Suite) {
	undeclared := func(ev *exchange.Evidence) []*exchange.Exchange {
		return append(append(ev.Every("collection-"), ev.Every("account-")...), ev.Every("rotate-")...)
	}
	s.Section("Methods and paths", undeclaredMethods(), func() {
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
				inconclusive("nothing was answered")
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
	s.Section("Methods and paths", unknownPaths(), func() {
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
		inconclusive("nothing was refused with a 4xx")
	}
	return found
}
