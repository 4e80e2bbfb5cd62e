package matcher

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/exchange"
)

const notRepeatedText = "expected: a response that does not repeat what must stay secret | seen: it stands in the "

func TestRepeatNone(t *testing.T) {
	for _, m := range []struct {
		name    string
		matches func(*exchange.Exchange) string
	}{
		{"all of it", func(e *exchange.Exchange) string { return text(t, RepeatNone(opaque, jws), e) }},
		{"headers", func(e *exchange.Exchange) string { return text(t, RepeatNoneInHeaders(opaque, jws), e) }},
	} {
		if got := m.matches(answer(200, "a", "X-A", "b")); got != "" {
			t.Errorf("%s: a clean answer is refused: %s", m.name, got)
		}
	}
	accepts(t, "too short to tell", RepeatNone("abcdefg", ""), answer(200, "abcdefg"))
	accepts(t, "nothing to look for", RepeatNone(), answer(200, opaque))
	accepts(t, "in the body, of headers", RepeatNoneInHeaders(opaque), answer(200, opaque))
	refuses(t, "in the body", RepeatNone("x", opaque), answer(200, `{"a":"`+opaque+`"}`), notRepeatedText+"body | in: p/s")
	refuses(t, "eight bytes", RepeatNone("abcdefgh"), answer(200, "xabcdefgh"), notRepeatedText+"body | in: p/s")
	e := answer(200, "", "X-B", "clean", "X-B", "Bearer "+jws, "X-A", "clean")
	refuses(t, "in the second of a name", RepeatNone(opaque, jws), e, notRepeatedText+"header X-B | in: p/s")
	refuses(t, "in a header", RepeatNoneInHeaders(jws), e, notRepeatedText+"header X-B | in: p/s")
	lacks(t, "no response", RepeatNone(opaque), dropped("s"), "p/s was not answered: closed")
	lacks(t, "no response", RepeatNoneInHeaders(opaque), dropped("s"), "p/s was not answered: closed")
}

func TestNotEchoCredential(t *testing.T) {
	m := NotEchoCredential()
	carrying := func(authorization string, e *exchange.Exchange) *exchange.Exchange {
		e.Request.Header = http.Header{"Authorization": {authorization}}
		return e
	}
	accepts(t, "a clean answer", m, carrying("Bearer "+opaque, answer(401, "no", "X-A", "b")))
	accepts(t, "no credential", m, answer(401, opaque))
	accepts(t, "a short one", m, carrying("Bearer abc", answer(401, "abc")))
	accepts(t, "a scheme alone", m, carrying("Bearer", answer(401, "Bearer")))
	refuses(t, "in the body", m, carrying("Bearer  "+opaque+" ", answer(401, "bad "+opaque)), notRepeatedText+"body | in: p/s")
	refuses(t, "in a header", m, carrying("bearer "+jws, answer(401, "", "WWW-Authenticate", "Bearer x="+jws)), notRepeatedText+"header Www-Authenticate | in: p/s")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestShareNoCredentials(t *testing.T) {
	const origin = "https://foreign.example"
	m := ShareNoCredentials(origin)
	const allow, with = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
	accepts(t, "no CORS", m, answer(200, ""))
	accepts(t, "any, without credentials", m, answer(200, "", allow, "*"))
	accepts(t, "this one, without credentials", m, answer(200, "", allow, origin, with, "false"))
	accepts(t, "another one", m, answer(200, "", allow, "https://own.example", with, "true"))
	const expected = "expected: no Access-Control-Allow-Credentials for an origin that the target cannot know | seen: Access-Control-Allow-Origin: "
	refuses(t, "any", m, answer(200, "", allow, "*", with, "TRUE"), expected+`"*" with Access-Control-Allow-Credentials: true | in: p/s`)
	refuses(t, "this one", m, answer(200, "", allow, "HTTPS://foreign.example", with, "true"),
		expected+`"HTTPS://foreign.example" with Access-Control-Allow-Credentials: true | in: p/s`)
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestBeTraceID(t *testing.T) {
	m := BeTraceID()
	accepts(t, "lower case", m, "0af7651916cd43dd8448eb211c80319c")
	accepts(t, "upper case", m, "0AF7651916CD43DD8448EB211C80319C")
	for seen, value := range map[string]any{
		`""`: "", `"0af7651916cd43dd8448eb211c80319"`: "0af7651916cd43dd8448eb211c80319", `"4bf92f35+g"`: "4bf92f35+g",
		`"0af7651916cd43dd8448eb211c80319c\n"`: "0af7651916cd43dd8448eb211c80319c\n", "null": nil, "7": 7,
	} {
		refuses(t, seen, m, value, "expected: 32 hexadecimal digits | seen: "+seen)
	}
}

func TestRevealNoInternals(t *testing.T) {
	m := RevealNoInternals()
	for _, body := range []string{
		"", `{"error":"invalid_request","error_description":"metadata.name must match ^[0-9A-Za-z]; select a name from your list"}`,
		`{"error_description":"see https://docs.example.com/api/v1/errors.html"}`, `{"error_description":"at metadata.name (line 3)"}`,
		`{"error_description":"do not panic"}`, `{"error_description":"the name does not match /^[a-z]+$/"}`, `{"error_description":"the path /api/v1/organizations is not known"}`,
		`{"error_description":"update the name, then set a description"}`,
	} {
		accepts(t, body, m, answer(400, body))
	}
	for body, what := range map[string]string{
		"goroutine 12 [running]:\nmain.main()":                                          "a stack trace",
		"Traceback (most recent call last):":                                            "a stack trace",
		"at org.example.Server.handle(Server.java:42)":                                  "a stack trace",
		"Error: x\n    at handle (server.js:10:5)":                                      "a stack trace",
		`{"error_description":"panic: boom"}`:                                           "a panic",
		"runtime error: invalid memory address or nil pointer dereference":              "a panic",
		"java.lang.NullPointerException":                                                "a panic",
		"open /srv/identity/handler.go:12":                                              "a path of a source file",
		`C:\identity\handler.cs`:                                                        "a path of a source file",
		"SELECT id FROM accounts":                                                       "an SQL statement or a database's error",
		"INSERT INTO accounts":                                                          "an SQL statement or a database's error",
		`pq: duplicate key value`:                                                       "an SQL statement or a database's error",
		`ERROR: duplicate key (SQLSTATE 23505)`:                                         "an SQL statement or a database's error",
		`Post "http://identity.unikorn.svc.cluster.local": timeout`:                     "an address inside the service",
		`dial tcp 10.0.0.7:5432: connect: connection refused`:                           "an address inside the service",
		`{"error":"server_error","error_description":"UPDATE accounts SET name = 'x'"}`: "an SQL statement or a database's error",
	} {
		refuses(t, body, m, answer(500, body), "expected: an error that shows nothing of the server's inside | seen: "+what+" | in: p/s")
	}
	// In JSON the line breaks and tabs of a stack trace are escaped; it is one all the same.
	for _, description := range []string{`x\n\tat org.identity.Accounts.create(A.java:42)`, `x\n    at create (accounts.js:42:7)`} {
		refuses(t, description, m, answer(400, `{"error":"invalid_request","details":["`+description+`"]}`),
			"expected: an error that shows nothing of the server's inside | seen: a stack trace | in: p/s")
	}
	refuses(t, "a long body", m, answer(500, "panic: "+strings.Repeat("x", 1<<20)), "expected: an error that shows nothing of the server's inside | seen: a panic | in: p/s")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}
