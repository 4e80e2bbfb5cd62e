package scenario

import (
	"context"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/probe"
)

// nobodysID names no account: the requests that carry it must not reach one that matters.
const nobodysID = "6b1f7a52-3c0e-4d0b-9a53-5f7d1a1c0f3e"

// UndeclaredMethods asks for what the contract does not offer.
func UndeclaredMethods() probe.Probe {
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

// UnknownPaths asks for places that the contract does not know, and for known ones in odd spelling.
func UnknownPaths() probe.Probe {
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
			{"odd-suffix", collection + ".json", nobody},
			{"odd-escape", strings.Replace(collection, "/serviceaccounts", "/%73erviceaccounts", 1), nobody},
		} {
			request := probe.Request{Method: http.MethodGet, Path: r.path, As: r.as, Header: accept()}
			if r.step == "odd-upper-case" { // by which some servers are told another path
				request.Header.Set("X-Original-Url", collection)
				request.Header.Set("X-Rewrite-Url", collection)
			}
			attempts = append(attempts, attempt{r.step, request})
		}
		sendAll(ctx, s, attempts)
	}}
}

func accept() http.Header { return http.Header{"Accept": {"application/json"}} }
