package matcher

import (
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const challengeHeader = "WWW-Authenticate"

// bearerScheme is where a challenge of the Bearer scheme begins, whether or not the rest of the header is well-formed.
var bearerScheme = regexp.MustCompile(`(?i)(?:^|,)[ \t]*bearer(?:[ \t,]|$)`)

// NameBearerScheme accepts a response with a challenge of the Bearer scheme (RFC 6750 section 3). It does not judge the
// grammar of the header.
func NameBearerScheme() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		values := e.Response.Header.Values(challengeHeader)
		if slices.ContainsFunc(values, bearerScheme.MatchString) {
			return nil
		}
		return &Mismatch{Expected: "a WWW-Authenticate header with the Bearer scheme", Seen: headerSeen(challengeHeader, values)}
	})
}

// HaveWellFormedChallenges accepts a response whose WWW-Authenticate headers, if there are any, keep the grammar of
// RFC 9110 section 11.6.1.
func HaveWellFormedChallenges() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		values := e.Response.Header.Values(challengeHeader)
		if len(values) == 0 {
			return nil
		}
		if _, err := ParseChallenges(strings.Join(values, ", ")); err != nil {
			return &Mismatch{
				Expected: "a list of challenges, each a scheme and its parameters",
				Seen:     headerSeen(challengeHeader, values) + ", which does not parse: " + err.Error(),
			}
		}
		return nil
	})
}

// BearerParam is a parameter of the first challenge of the Bearer scheme; false if the response has no such parameter, or
// headers that do not parse. The name is in lower case.
func BearerParam(e *exchange.Exchange, name string) (string, bool) {
	challenges, err := ParseChallenges(strings.Join(e.Response.Header.Values(challengeHeader), ", "))
	if err != nil {
		return "", false
	}
	for _, c := range challenges {
		if strings.EqualFold(c.Scheme, "Bearer") {
			value, ok := c.Params[name]
			return value, ok
		}
	}
	return "", false
}

// HaveBearerParam accepts a response whose Bearer challenge has a parameter with a value that m accepts.
func HaveBearerParam(name string, m types.GomegaMatcher) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		value, ok := BearerParam(e, name)
		if !ok {
			return &Mismatch{Expected: "a challenge with the parameter " + name, Seen: headerSeen(challengeHeader, e.Response.Header.Values(challengeHeader))}
		}
		return run(m, value)
	})
}

// LackBearerParam accepts a response whose Bearer challenge has no parameter of a name.
func LackBearerParam(name string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		if value, ok := BearerParam(e, name); ok {
			return &Mismatch{Expected: "a challenge without the parameter " + name, Seen: name + "=" + Show(value)}
		}
		return nil
	})
}

// HaveBearerParams accepts a response whose Bearer challenge has a parameter, whichever.
func HaveBearerParams() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		values := e.Response.Header.Values(challengeHeader)
		challenges, err := ParseChallenges(strings.Join(values, ", "))
		if err != nil {
			panic(exchange.Missing{Reason: e.ID + " has a challenge that does not parse"})
		}
		for _, c := range challenges {
			if strings.EqualFold(c.Scheme, "Bearer") && len(c.Params) == 0 {
				return &Mismatch{Expected: "a Bearer challenge with a parameter", Seen: headerSeen(challengeHeader, values)}
			}
		}
		return nil
	})
}
