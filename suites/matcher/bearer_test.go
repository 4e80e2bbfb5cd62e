package matcher

import "testing"

func challenging(values ...string) []string {
	var headers []string
	for _, value := range values {
		headers = append(headers, "WWW-Authenticate", value)
	}
	return headers
}

// The scheme is looked for without regard to the grammar, which is another check's matter.
func TestNameBearerScheme(t *testing.T) {
	m := NameBearerScheme()
	for _, value := range []string{"Bearer", "bearer realm=x", `Bearer realm="x`, `Basic realm="x", Bearer`, "Basic,\tBEARER\trealm=x", "Bearer,"} {
		accepts(t, value, m, answer(401, "", challenging(value)...))
	}
	for _, value := range []string{"Bearerx", "Basic", `Basic realm="Bearer"`, "Basic Bearer", ""} {
		refuses(t, value, m, answer(401, "", challenging(value)...),
			"expected: a WWW-Authenticate header with the Bearer scheme | seen: WWW-Authenticate: "+Show(value)+" | in: p/s")
	}
}

func TestHaveWellFormedChallenges(t *testing.T) {
	m := HaveWellFormedChallenges()
	accepts(t, "none", m, answer(401, ""))
	accepts(t, "two", m, answer(401, "", challenging(`Basic realm="x"`, "Bearer")...))
	refuses(t, "two, of which one is not", m, answer(401, "", challenging("Bearer", `Bearer realm="x`)...),
		"expected: a list of challenges, each a scheme and its parameters | seen: 2 headers WWW-Authenticate, which does not parse: a quoted string is not closed | in: p/s")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestBearerParams(t *testing.T) {
	e := answer(401, "", challenging(`Basic error="x"`, `Bearer Error="invalid_token", scope="a b"`, `Bearer realm="second"`)...)
	for name, want := range map[string]string{"error": "invalid_token", "scope": "a b"} {
		if got, ok := BearerParam(e, name); got != want || !ok {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
		accepts(t, name, HaveBearerParam(name, BeExactly(want)), e)
		refuses(t, name, LackBearerParam(name), e, "expected: a challenge without the parameter "+name+" | seen: "+name+"="+Show(want)+" | in: p/s")
	}
	accepts(t, "of another challenge", LackBearerParam("realm"), e)
	refuses(t, "another value", HaveBearerParam("error", BeOneOf("a", "b")), e, `expected: a or b | seen: "invalid_token" | in: p/s`)
	refuses(t, "absent", HaveBearerParam("realm", BeText()), answer(401, "", challenging("Bearer")...),
		`expected: a challenge with the parameter realm | seen: WWW-Authenticate: "Bearer" | in: p/s`)
	for _, without := range [][]string{nil, {"Basic error=x"}, {`Bearer error="x`}} {
		if got, ok := BearerParam(answer(401, "", challenging(without...)...), "error"); got != "" || ok {
			t.Errorf("%q: %q, %v", without, got, ok)
		}
		accepts(t, "without", LackBearerParam("error"), answer(401, "", challenging(without...)...))
	}
	secret := answer(401, "", challenging(`Bearer error="`+jws+`"`)...)
	text(t, LackBearerParam("error"), secret) // shows no token
	text(t, HaveBearerParam("error", BeOneOf("a")), secret)
	lacks(t, "no response", HaveBearerParam("error", BeText()), dropped("s"), "p/s was not answered: closed")
	lacks(t, "no response", LackBearerParam("error"), dropped("s"), "p/s was not answered: closed")
}
