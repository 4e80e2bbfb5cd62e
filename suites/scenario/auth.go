package scenario

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"time"

	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
)

// UnauthenticatedLabel begins the name of every account that would have to be created for nobody.
const UnauthenticatedLabel = "unauthenticated-"

// UnauthenticatedCreate sends good bodies with credentials that are none, and then bad bodies without credentials.
func UnauthenticatedCreate() probe.Probe {
	return probe.Probe{Name: "auth.refused", Run: func(ctx context.Context, s *probe.Session) {
		var attempts []attempt
		for _, a := range noCredentials(s) {
			attempts = append(attempts, attempt{a.step, createAs(s, a.as, a.label+a.step)})
		}
		operator := s.Target().Operator
		query := createAs(s, probe.Nobody(), UnauthenticatedLabel+"query")
		query.Path += "?access_token=" + url.QueryEscape(operator)
		form := createAs(s, probe.Nobody(), UnauthenticatedLabel+"form")
		form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		form.Body = []byte("access_token=" + url.QueryEscape(operator))
		both := createAs(s, s.Operator(), "header-and-query")
		both.Path += "?access_token=" + url.QueryEscape(operator)
		notJSON, empty := notJSONAs(s, probe.Nobody(), UnauthenticatedLabel+"order"), createAs(s, probe.Nobody(), UnauthenticatedLabel+"empty")
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
		{"missing", probe.Nobody(), UnauthenticatedLabel},
		{"empty-value", probe.Header("empty", ""), UnauthenticatedLabel},
		{"empty-scheme-only", probe.Header("scheme only", "Bearer"), UnauthenticatedLabel},
		{"scheme-basic", probe.Header("basic", "Basic "+basic), UnauthenticatedLabel},
		// A server may offer further schemes (RFC 9110 section 11.1): such an account is not one that was made for nobody.
		{"scheme-token", probe.Header("another scheme", "Token "+operator), ""},
		{"garbage", probe.Bearer("garbage", garbage), UnauthenticatedLabel},
		// To accept one of two is unwise and not forbidden: such an account is not one that was made for nobody.
		{"two-headers-good-first", probe.Header("operator and garbage", "Bearer "+operator, "Bearer "+garbage), ""},
		{"two-headers-good-last", probe.Header("garbage and operator", "Bearer "+garbage, "Bearer "+operator), ""},
	}
	for segments := 2; segments <= 5; segments++ {
		random := probe.Bearer("random", jwt.Random(rand.Reader, segments))
		all = append(all, pretence{fmt.Sprintf("segments-%d", segments), random, UnauthenticatedLabel})
	}
	if foreign, err := jwt.Foreign(claims(s.Target().BaseURL, s.Mark())); err == nil {
		all = append(all, pretence{"nobody", probe.Bearer("nobody", foreign), UnauthenticatedLabel})
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
