package matcher

import (
	"errors"
	"strings"
)

// Challenge is one challenge of a WWW-Authenticate header.
type Challenge struct {
	Scheme string
	// Token68 is set if the challenge carries one blob instead of parameters.
	Token68 string
	// Params holds the parameters, names in lower case.
	Params map[string]string
}

// ParseChallenges reads the grammar of RFC 9110 section 11.6.1: a list of challenges, each a scheme and either a token68
// or a list of parameters.
func ParseChallenges(text string) ([]Challenge, error) {
	s := &challengeScanner{rest: text}
	var challenges []Challenge
	for s.commas(); s.rest != ""; s.commas() {
		scheme := s.token()
		if scheme == "" {
			return nil, errors.New("a scheme is expected")
		}
		c := Challenge{Scheme: scheme, Params: map[string]string{}}
		if err := s.credentials(&c); err != nil {
			return nil, err
		}
		challenges = append(challenges, c)
		if s.spaces(); s.rest != "" && s.rest[0] != ',' {
			return nil, errors.New("a comma is expected between challenges")
		}
	}
	if len(challenges) == 0 {
		return nil, errors.New("it is empty")
	}
	return challenges, nil
}

type challengeScanner struct{ rest string }

// credentials takes what follows a scheme, if anything does: after at least one space, a token68 or parameters.
func (s *challengeScanner) credentials(c *Challenge) error {
	before := s.rest
	gap := s.spaces()
	spaced := !strings.Contains(before[:gap], "\t")
	switch {
	case s.rest == "" || gap == 0:
		return nil
	case s.rest[0] == ',':
		if spaced && s.paramFollows() { // the list of parameters begins with an empty element
			return s.params(c)
		}
		return nil
	case !spaced:
		return errors.New("a space is expected after the scheme")
	}
	blob, ok := s.token68()
	if !ok {
		return s.params(c)
	}
	c.Token68 = blob
	return nil
}

func (s *challengeScanner) spaces() int {
	trimmed := strings.TrimLeft(s.rest, " \t")
	n := len(s.rest) - len(trimmed)
	s.rest = trimmed
	return n
}

func (s *challengeScanner) commas() { s.rest = strings.TrimLeft(s.rest, " \t,") }

func (s *challengeScanner) token() string {
	n := 0
	for n < len(s.rest) && isTokenChar(s.rest[n]) {
		n++
	}
	found := s.rest[:n]
	s.rest = s.rest[n:]
	return found
}

// token68 takes a blob only where nothing but the end of the challenge follows it.
func (s *challengeScanner) token68() (string, bool) {
	n := 0
	for n < len(s.rest) && (isAlphanumeric(s.rest[n]) || strings.IndexByte("-._~+/", s.rest[n]) >= 0) {
		n++
	}
	start := n
	for n < len(s.rest) && s.rest[n] == '=' {
		n++
	}
	after := strings.TrimLeft(s.rest[n:], " \t")
	if start == 0 || (after != "" && after[0] != ',') {
		return "", false
	}
	blob := s.rest[:n]
	s.rest = s.rest[n:]
	return blob, true
}

// params takes parameters up to the end or to the comma before the next scheme.
func (s *challengeScanner) params(c *Challenge) error {
	for {
		name := strings.ToLower(s.token())
		if name == "" {
			return errors.New("a parameter name is expected")
		}
		s.spaces()
		if s.rest == "" || s.rest[0] != '=' {
			return errors.New("a parameter has no value")
		}
		s.rest = s.rest[1:]
		s.spaces()
		value, err := s.value()
		if err != nil {
			return err
		}
		if _, twice := c.Params[name]; twice {
			return errors.New("a parameter occurs twice")
		}
		c.Params[name] = value
		s.spaces()
		if s.rest == "" {
			return nil
		}
		if s.rest[0] != ',' {
			return errors.New("a comma is expected between parameters")
		}
		if !s.paramFollows() {
			return nil
		}
	}
}

// paramFollows looks behind the commas: it moves there where a parameter begins, and stays where a scheme does.
func (s *challengeScanner) paramFollows() bool {
	ahead := &challengeScanner{rest: s.rest}
	ahead.commas()
	start := *ahead
	if ahead.token() == "" {
		return false
	}
	ahead.spaces()
	if ahead.rest == "" || ahead.rest[0] != '=' {
		return false
	}
	s.rest = start.rest
	return true
}

func (s *challengeScanner) value() (string, error) {
	if s.rest == "" || s.rest[0] != '"' {
		if value := s.token(); value != "" {
			return value, nil
		}
		return "", errors.New("a parameter's value is neither a token nor a quoted string")
	}
	var b strings.Builder
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			s.rest = s.rest[i+1:]
			return b.String(), nil
		case c == '\\' && i+1 < len(s.rest) && !isControl(s.rest[i+1]):
			i++
			b.WriteByte(s.rest[i])
		case isControl(c), c == '\\' && i+1 < len(s.rest):
			return "", errors.New("a quoted string holds a control character")
		default:
			b.WriteByte(c)
		}
	}
	return "", errors.New("a quoted string is not closed")
}

// isControl is for what no quoted string holds; a tab it may hold (RFC 9110 section 5.6.4).
func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isTokenChar(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
