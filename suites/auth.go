package suites

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/check"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// unauthenticatedLabel begins the name of every account that would have to be created for nobody.
const unauthenticatedLabel = "unauthenticated-"

// unauthenticatedCreate sends good bodies with credentials that are none, and then bad bodies without credentials.
func unauthenticatedCreate() probe.Probe {
	return probe.Probe{Name: "auth.refused", Run: func(ctx context.Context, s *probe.Session) {
		var attempts []attempt
		for _, a := range noCredentials(s) {
			attempts = append(attempts, attempt{a.step, createAs(s, a.as, a.label+a.step)})
		}
		operator := s.Target().Operator
		query := createAs(s, probe.Nobody(), unauthenticatedLabel+"query")
		query.Path += "?access_token=" + url.QueryEscape(operator)
		form := createAs(s, probe.Nobody(), unauthenticatedLabel+"form")
		form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		form.Body = []byte("access_token=" + url.QueryEscape(operator))
		both := createAs(s, s.Operator(), "header-and-query")
		both.Path += "?access_token=" + url.QueryEscape(operator)
		notJSON, empty := notJSONAs(s, probe.Nobody(), unauthenticatedLabel+"order"), createAs(s, probe.Nobody(), unauthenticatedLabel+"empty")
		empty.Body = nil
		sendAll(ctx, s, append(attempts,
			attempt{"query", query}, attempt{"form", form}, attempt{"header-and-query", both}, attempt{"order-not-json", notJSON}, attempt{"order-empty-body", empty},
		))
	}}
}

// pretence is a credential that is none.
type pretence struct {
	step string
	as   probe.Identity
	// label begins the name of the account.
	label string
}

func noCredentials(s *probe.Session) []pretence {
	basic := base64.StdEncoding.EncodeToString([]byte("user:" + s.Mark()))
	operator, garbage := s.Target().Operator, "this-is-no-token-"+s.Mark()
	all := []pretence{
		{"missing", probe.Nobody(), unauthenticatedLabel},
		{"empty-value", probe.Header("empty", ""), unauthenticatedLabel},
		{"empty-scheme-only", probe.Header("scheme only", "Bearer"), unauthenticatedLabel},
		{"scheme-basic", probe.Header("basic", "Basic "+basic), unauthenticatedLabel},
		// A server may offer further schemes (RFC 9110 section 11.1): such an account is not one that was made for nobody.
		{"scheme-token", probe.Header("another scheme", "Token "+operator), ""},
		{"garbage", probe.Bearer("garbage", garbage), unauthenticatedLabel},
		// To accept one of two is unwise and not forbidden: such an account is not one that was made for nobody.
		{"two-headers-good-first", probe.Header("operator and garbage", "Bearer "+operator, "Bearer "+garbage), ""},
		{"two-headers-good-last", probe.Header("garbage and operator", "Bearer "+garbage, "Bearer "+operator), ""},
	}
	for segments := 2; segments <= 5; segments++ {
		random := probe.Bearer("random", jwt.Random(rand.Reader, segments))
		all = append(all, pretence{fmt.Sprintf("segments-%d", segments), random, unauthenticatedLabel})
	}
	if foreign, err := jwt.Foreign(claims(s.Target().BaseURL, s.Mark())); err == nil {
		all = append(all, pretence{"nobody", probe.Bearer("nobody", foreign), unauthenticatedLabel})
	}
	return all
}

// claims are those of a token that a target could have issued (RFC 9068 section 2.2), good for an hour.
func claims(issuer, subject string) map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": issuer, "aud": issuer, "sub": subject, "client_id": subject, "jti": rand.Text(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

func authenticating(s *check.Suite) {
	refused := HaveStatus(http.StatusUnauthorized)
	unparsed := HaveStatus(unparsable()...)
	s.Section("Authenticating", unauthenticatedCreate(), func() {
		s.Must("auth.missing.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("missing")).To(refused)
		})
		s.Must("auth.empty.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("empty-")).To(Each(unparsed))
		})
		s.Must("auth.scheme.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("scheme-basic")).To(unparsed)
		})
		s.Should("auth.scheme.bearer-alone", func(ev *exchange.Evidence) {
			Expect(ev.At("scheme-token")).To(unparsed)
		})
		s.Must("auth.garbage.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("garbage")).To(unparsed)
		})
		s.Must("auth.segments.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("segments-")).To(Each(unparsed))
		})
		s.Should("auth.two-headers.refused", func(ev *exchange.Evidence) {
			Expect(ev.Every("two-headers-")).To(Each(unparsed))
		})
		s.Must("auth.query.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("query")).To(unparsed)
		})
		s.Should("auth.header-and-query.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("header-and-query")).To(unparsed)
		})
		s.Must("auth.form.refused", func(ev *exchange.Evidence) {
			Expect(ev.At("form")).To(HaveStatus(append(unparsable(), unreadable()...)...))
		})
		s.Must("auth.order.before-body", func(ev *exchange.Evidence) {
			Expect(ev.Every("order-")).To(Each(HaveStatus(append(unparsable(), append(unreadable(), http.StatusForbidden)...)...)))
		})
		s.Should("auth.uniform.status", func(ev *exchange.Evidence) {
			broken := append(ev.Every("segments-"), ev.Sent("garbage"))
			Expect(append(broken, ev.At("nobody"))).To(ShareStatus())
		})
		challenging(s)
	})
	damaging(s)
	s.Section("Authenticating", everything(), func() {
		s.Must("auth.refused.nothing-created", func(ev *exchange.Evidence) {
			Expect(finalList(ev)).To(ListNoAccountNamed(labelled(ev, unauthenticatedLabel)))
		})
		s.Should("auth.unparsable.unauthorized", func(ev *exchange.Evidence) {
			Expect(damagedUses(ev)).To(Each(refused))
		})
	})
}

// unparsable are the statuses for a token that cannot be parsed (RFC 6750 section 3.1): 401, which it says SHOULD of, and 400
// for a malformed request.
func unparsable() []int { return []int{http.StatusUnauthorized, http.StatusBadRequest} }

// unreadable are the further statuses for a body that cannot be read. No document says whether the caller or the body is
// looked at first.
func unreadable() []int {
	return []int{http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}
}

// damagedUses are the requests with a bearer token that cannot be parsed, or not as it was issued. Those that the target let
// in are left to the requirements that forbid it.
func damagedUses(ev *exchange.Evidence) []*exchange.Exchange {
	families := []string{
		"garbage", "segments-", "altered-", "shortened-", "extended-", "recased-", "unsigned-", "anonymous-garbage-", "forged-1-", "forged-2-",
		"userinfo-garbage",
	}
	found := ev.Where(func(e *exchange.Exchange) bool {
		begins := slices.ContainsFunc(families, func(prefix string) bool { return strings.HasPrefix(e.Step, prefix) })
		return begins && e.Answered() && e.Status()/100 == 4 && !met(e)
	})
	if len(found) == 0 {
		inconclusive("no damaged token was refused")
	}
	return found
}

// met reports whether a request was refused because it met another one, whoever sent it. It was sent again.
func met(e *exchange.Exchange) bool { return e.Status() == http.StatusConflict }

// unauthorized are the responses with 401; a target that gave none has none to judge.
func unauthorized(ev *exchange.Evidence) []*exchange.Exchange {
	found := ev.Where(func(e *exchange.Exchange) bool { return e.Answered() && e.Status() == http.StatusUnauthorized })
	if len(found) == 0 {
		inconclusive("nothing got 401")
	}
	return found
}

// presented are the tokens of a conversation's Authorization headers whose identity satisfies keep.
func presented(ev *exchange.Evidence, keep func(step string) bool) []string {
	var found []string
	ev.Where(func(e *exchange.Exchange) bool {
		for _, value := range e.Request.Header["Authorization"] {
			if _, credential, ok := strings.Cut(value, " "); ok && keep(e.Step) {
				found = append(found, credential)
			}
		}
		return false
	})
	return found
}

// hasGoodToken reports whether a step presents the operator's token alone.
func hasGoodToken(step string) bool { return step == "scheme-token" || step == "header-and-query" }
