package matcher

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func challenge(scheme string, params ...string) Challenge {
	c := Challenge{Scheme: scheme, Params: map[string]string{}}
	for i := 0; i+1 < len(params); i += 2 {
		c.Params[params[i]] = params[i+1]
	}
	return c
}

func blob(scheme, token68 string) Challenge {
	c := challenge(scheme)
	c.Token68 = token68
	return c
}

// goodChallenges are by the grammar of RFC 9110 section 11.6.1, with the lists of section 5.6.1 as recipients read them.
var goodChallenges = map[string][]Challenge{
	// The examples of RFC 6750 section 3, RFC 9110 section 11.6.1, RFC 9728 section 5.1 and RFC 7617 section 2.
	`Bearer realm="example"`: {challenge("Bearer", "realm", "example")},
	`Bearer realm="example", error="invalid_token", error_description="The access token expired"`: {
		challenge("Bearer", "realm", "example", "error", "invalid_token", "error_description", "The access token expired"),
	},
	`Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\""`: {
		challenge("Basic", "realm", "simple"), challenge("Newauth", "realm", "apps", "type", "1", "title", `Login to "apps"`),
	},
	`Bearer resource_metadata="https://resource.example.com/.well-known/oauth-protected-resource"`: {
		challenge("Bearer", "resource_metadata", "https://resource.example.com/.well-known/oauth-protected-resource"),
	},
	`Basic realm="foo", charset="UTF-8"`: {challenge("Basic", "realm", "foo", "charset", "UTF-8")},

	// Schemes alone, and lists with empty elements.
	`Bearer`:                                 {challenge("Bearer")},
	`bEARER`:                                 {challenge("bEARER")},
	`Bearer `:                                {challenge("Bearer")},
	"Bearer\t":                               {challenge("Bearer")},
	`Negotiate, NTLM`:                        {challenge("Negotiate"), challenge("NTLM")},
	`Negotiate,NTLM`:                         {challenge("Negotiate"), challenge("NTLM")},
	"Negotiate\t,\tNTLM":                     {challenge("Negotiate"), challenge("NTLM")},
	` , ,Negotiate,, NTLM ,`:                 {challenge("Negotiate"), challenge("NTLM")},
	`Negotiate , Basic realm=x`:              {challenge("Negotiate"), challenge("Basic", "realm", "x")},
	`Bearer ,realm="x"`:                      {challenge("Bearer", "realm", "x")},
	`Bearer , , realm="x",,error=y`:          {challenge("Bearer", "realm", "x", "error", "y")},
	`Newauth realm="apps", type=1,, title=x`: {challenge("Newauth", "realm", "apps", "type", "1", "title", "x")},

	// Parameters: names without regard to case, white space around "=", tokens and quoted strings.
	`Bearer REALM=x`:                    {challenge("Bearer", "realm", "x")},
	`Bearer realm = "x" , error = y`:    {challenge("Bearer", "realm", "x", "error", "y")},
	"Bearer realm\t=\t\"x\"":            {challenge("Bearer", "realm", "x")},
	`Bearer  realm=x`:                   {challenge("Bearer", "realm", "x")},
	`Bearer realm=""`:                   {challenge("Bearer", "realm", "")},
	`Bearer realm="a, b=c, Basic"`:      {challenge("Bearer", "realm", "a, b=c, Basic")},
	`Bearer realm="\a\\\"\	"`:           {challenge("Bearer", "realm", "a\\\"\t")},
	"Bearer realm=\"é\xff\"":            {challenge("Bearer", "realm", "é\xff")},
	"Bearer realm=\"a\tb\"":             {challenge("Bearer", "realm", "a\tb")},
	"!#$%&'*+-.^_`|~ !#$%&'*+-.^_`|~=1": {challenge("!#$%&'*+-.^_`|~", "!#$%&'*+-.^_`|~", "1")},
	`A a=1, B, C c=1, d=2, E`:           {challenge("A", "a", "1"), challenge("B"), challenge("C", "c", "1", "d", "2"), challenge("E")},

	// token68, of which "name=" is one.
	`Negotiate oRQwEqADCgEAoQsGCSqGSIb3EgECAg==`: {blob("Negotiate", "oRQwEqADCgEAoQsGCSqGSIb3EgECAg==")},
	`Negotiate abc, Basic realm="x"`:             {blob("Negotiate", "abc"), challenge("Basic", "realm", "x")},
	`Basic realm="x", Negotiate abc=`:            {challenge("Basic", "realm", "x"), blob("Negotiate", "abc=")},
	`Negotiate a-._~+/0== , X`:                   {blob("Negotiate", "a-._~+/0=="), challenge("X")},
	`Basic realm=`:                               {blob("Basic", "realm=")},
	`Basic realm==`:                              {blob("Basic", "realm==")},
}

var badChallenges = map[string]string{
	``:                            "it is empty",
	` ,, `:                        "it is empty",
	`"Bearer"`:                    "a scheme is expected",
	`=`:                           "a scheme is expected",
	`Bearer, "x"`:                 "a scheme is expected",
	`Bearer realm=x, =y`:          "a scheme is expected",
	`(Bearer)`:                    "a scheme is expected",
	`Bearer: realm="x"`:           "a comma is expected between challenges",
	`Bearer/1`:                    "a comma is expected between challenges",
	`Bearer,realm="x"`:            "a comma is expected between challenges",
	`Negotiate abc=, realm="x"`:   "a comma is expected between challenges",
	"Bearer\trealm=x":             "a space is expected after the scheme",
	"Bearer \trealm=x":            "a space is expected after the scheme",
	`Bearer "x"`:                  "a parameter name is expected",
	`Bearer =x`:                   "a parameter name is expected",
	`Bearer ===`:                  "a parameter name is expected",
	`Bearer realm "x"`:            "a parameter has no value",
	`Bearer a b`:                  "a parameter has no value",
	`Bearer abc== d`:              "a parameter's value is neither a token nor a quoted string",
	`Bearer realm=x, error=`:      "a parameter's value is neither a token nor a quoted string",
	`Bearer realm='x y'`:          "a comma is expected between parameters",
	`Bearer realm=https://x/`:     "a comma is expected between parameters",
	`Bearer realm="x" error="y"`:  "a comma is expected between parameters",
	`Bearer realm="x"y`:           "a comma is expected between parameters",
	`Bearer realm="x"; error="y"`: "a comma is expected between parameters",
	`Bearer realm="x", REALM="y"`: "a parameter occurs twice",
	`Bearer realm="x`:             "a quoted string is not closed",
	`Bearer realm="x\"`:           "a quoted string is not closed",
	`Bearer realm="x\`:            "a quoted string is not closed",
	"Bearer realm=\"a\nb\"":       "a quoted string holds a control character",
	"Bearer realm=\"a\x7fb\"":     "a quoted string holds a control character",
	"Bearer realm=\"a\\\x01b\"":   "a quoted string holds a control character",
	"Bearer realm=é":              "a parameter's value is neither a token nor a quoted string",
}

func TestParseChallenges(t *testing.T) {
	for text, want := range goodChallenges {
		got, err := ParseChallenges(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: error %v; -want +got:\n%s", text, err, diff)
		}
	}
	for text, want := range badChallenges {
		got, err := ParseChallenges(text)
		if err == nil || err.Error() != want || got != nil {
			t.Errorf("%q: error %v, want %q; read as %+v", text, err, want, got)
		}
	}
}

func TestBearerChallenge(t *testing.T) {
	m := All(NameBearerScheme(), HaveWellFormedChallenges())
	for name, values := range map[string][]string{
		"alone":                   {`Bearer`},
		"any case":                {`bearer realm="x"`},
		"the second of one":       {`Basic realm="x", Bearer error="invalid_token"`},
		"the second of two":       {`Basic realm="x"`, `Bearer`},
		"one header that is void": {``, `Bearer`},
	} {
		var headers []string
		for _, value := range values {
			headers = append(headers, "WWW-Authenticate", value)
		}
		accepts(t, name, m, answer(401, "", headers...))
	}
	const expected = "expected: a WWW-Authenticate header with the Bearer scheme | seen: "
	refuses(t, "none", m, answer(401, ""), expected+"no header WWW-Authenticate | in: p/s")
	refuses(t, "another scheme", m, answer(401, "", "WWW-Authenticate", `Basic realm="Bearer"`),
		expected+`WWW-Authenticate: "Basic realm=\"Bearer\"" | in: p/s`)
	refuses(t, "two others", m, answer(401, "", "WWW-Authenticate", "Basic", "WWW-Authenticate", "Digest"),
		expected+"2 headers WWW-Authenticate | in: p/s")
	refuses(t, "malformed", m, answer(401, "", "WWW-Authenticate", `Bearer realm="x`),
		`expected: a list of challenges, each a scheme and its parameters | seen: WWW-Authenticate: "Bearer realm=\"x", which does not parse: a quoted string is not closed | in: p/s`)
	refuses(t, "a token", m, answer(401, "", "WWW-Authenticate", `Basic realm="`+jws+`"`),
		expected+`WWW-Authenticate: "Basic realm=\"(a token)\"" | in: p/s`)
	refuses(t, "long", m, answer(401, "", "WWW-Authenticate", "Basic realm="+strings.Repeat("x", 500)),
		expected+`WWW-Authenticate: "Basic realm=`+strings.Repeat("x", 388)+`"… (512 bytes) | in: p/s`)
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

// Whatever is read can be written down again and read as the same.
func FuzzParseChallenges(f *testing.F) {
	for text := range goodChallenges {
		f.Add(text)
	}
	for text := range badChallenges {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		challenges, err := ParseChallenges(text)
		if err != nil {
			if challenges != nil || !utf8.ValidString(err.Error()) {
				t.Errorf("an error with a result, or with bytes of the text")
			}
			return
		}
		again, err := ParseChallenges(written(challenges))
		if diff := cmp.Diff(challenges, again); diff != "" || err != nil {
			t.Errorf("%q, written as %q: error %v; -want +got:\n%s", text, written(challenges), err, diff)
		}
	})
}

func written(challenges []Challenge) string {
	var all []string
	for _, c := range challenges {
		var params []string
		for name, value := range c.Params {
			value = strings.ReplaceAll(strings.ReplaceAll(value, `\`, `\\`), `"`, `\"`)
			params = append(params, name+`="`+value+`"`)
		}
		all = append(all, c.Scheme+" "+c.Token68+strings.Join(params, ", "))
	}
	return strings.Join(all, ", ")
}
