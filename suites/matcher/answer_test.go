package matcher

import (
	"fmt"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/spec"
)

func TestHaveStatus(t *testing.T) {
	accepts(t, "one", HaveStatus(201), answer(201, ""))
	accepts(t, "one of several", HaveStatus(400, 415, 422), answer(422, ""))
	refuses(t, "another", HaveStatus(201), answer(500, ""),
		"expected: status 201 Created | seen: status 500 Internal Server Error | in: p/s")
	refuses(t, "another than two", HaveStatus(400, 422), answer(201, ""),
		"expected: status 400 Bad Request or 422 Unprocessable Entity | seen: status 201 Created | in: p/s")
	refuses(t, "another than three", HaveStatus(400, 415, 422), answer(599, ""),
		"expected: status 400 Bad Request, 415 Unsupported Media Type or 422 Unprocessable Entity | seen: status 599 | in: p/s")
	lacks(t, "no response", HaveStatus(201), dropped("s"), "p/s was not answered: closed")
	broken := answer(201, "")
	broken.Failure = dropped("s").Failure
	lacks(t, "half a response", HaveStatus(201), broken, "p/s was not answered: closed")
	refuses(t, "no exchange", HaveStatus(201), 7, "expected: a *exchange.Exchange | seen: 7")
}

func TestHaveMediaType(t *testing.T) {
	m := HaveMediaType("application/json")
	for _, value := range []string{
		"application/json", "Application/JSON", "application/json; charset=utf-8", `application/json ;charset="UTF-8"`, "application/json;",
	} {
		accepts(t, value, m, answer(200, "", "Content-Type", value))
	}
	for value, seen := range map[string]string{
		"text/json":                 `Content-Type: "text/json"`,
		"application/problem+json":  `Content-Type: "application/problem+json"`,
		"":                          `Content-Type: ""`,
		"json":                      `Content-Type: "json"`,
		"application/json; charset": `Content-Type: "application/json; charset"`,
		"application/json, a/b":     `Content-Type: "application/json, a/b"`,
	} {
		refuses(t, value, m, answer(200, "", "Content-Type", value), "expected: one header Content-Type: application/json | seen: "+seen+" | in: p/s")
	}
	refuses(t, "none", m, answer(200, ""), "expected: one header Content-Type: application/json | seen: no header Content-Type | in: p/s")
	refuses(t, "two", m, answer(200, "", "Content-Type", "application/json", "Content-Type", "application/json"),
		"expected: one header Content-Type: application/json | seen: 2 headers Content-Type | in: p/s")
}

func TestMatchContract(t *testing.T) {
	c := contract(t)
	good := `{"metadata":{"id":"ee45f34b-9685-40d8-8724-23c31252ca46","name":"n","organizationId":"d4600d6e-e965-4b44-a808-84fb2fa36702",
		"creationTime":"2024-05-31T14:11:00Z","provisioningStatus":"provisioned","healthStatus":"healthy"},
		"spec":{"groupIDs":[]},"status":{"expiry":"2025-03-14T16:10:00Z","accessToken":"` + opaque + `"}}`
	accepts(t, "good", MatchContract(c), answer(201, good, "Content-Type", "application/json"))
	bad := strings.Replace(good, `"healthy"`, `"`+opaque+`"`, 1)
	text(t, MatchContract(c), answer(201, bad, "Content-Type", "text/html")) // holds no token
	if message := text(t, MatchContract(c, spec.AspectSchema), answer(201, bad, "Content-Type", "application/json")); !strings.Contains(message, "\nat: /metadata/healthStatus\nin: p/s") {
		t.Errorf("the mismatch is elsewhere:\n%s", message)
	}
	accepts(t, "another aspect", MatchContract(c, spec.AspectStatus, spec.AspectJSON), answer(201, bad, "Content-Type", "text/html"))
	lacks(t, "no response", MatchContract(c), dropped("s"), "p/s was not answered: closed")
	accepts(t, "schema", MatchSchema(c, "serviceAccountCreate"), answer(201, good))
	if message := text(t, MatchSchema(c, "error"), answer(201, good)); !strings.HasPrefix(message, "expected: a body by the schema error\nseen: ") {
		t.Errorf("the message is %q", message)
	}
}

func TestFindings(t *testing.T) {
	var findings []spec.Finding
	for i := range 12 {
		findings = append(findings, spec.Finding{Aspect: spec.AspectSchema, Pointer: fmt.Sprintf("/%d", i), Message: "expected a, seen b"})
	}
	m := Findings("good", append([]spec.Finding{{Aspect: spec.AspectJSON, Message: "expected x, seen y"}}, findings...), spec.AspectSchema)
	if m.Pointer != "/0" || strings.Count(m.Seen, "\n") != 9 || !strings.HasPrefix(m.Seen, "/0: expected a, seen b\n/1: ") {
		t.Errorf("the mismatch is %+v", m)
	}
	if m = Findings("good", []spec.Finding{{Aspect: spec.AspectJSON, Message: "m"}}); *m != (Mismatch{Expected: "good", Seen: "m"}) {
		t.Errorf("the mismatch is %+v", m)
	}
	if m = Findings("good", findings, spec.AspectJSON); m != nil {
		t.Errorf("the mismatch is %+v", m)
	}
}

func TestHaveMember(t *testing.T) {
	e := answer(201, `{"metadata":{"name":"n","tags":null},"status":{"accessToken":"`+opaque+`"}}`)
	accepts(t, "there", HaveMember("/metadata/name", BeExactly("n")), e)
	accepts(t, "null", HaveMember("/metadata/tags", BeExactly(nil)), e)
	refuses(t, "another value", HaveMember("/metadata/name", BeExactly("m")), e, `expected: "m" | seen: "n" | at: /metadata/name | in: p/s`)
	refuses(t, "absent", HaveMember("/metadata/id", BeText()), e, "expected: a member /metadata/id | seen: no such member | at: /metadata/id | in: p/s")
	refuses(t, "not JSON", HaveMember("/metadata/id", BeText()), answer(201, "<html>"),
		"expected: a member /metadata/id | seen: a body of 6 bytes that is not JSON | at: /metadata/id | in: p/s")
	refuses(t, "within a member", HaveMember("/metadata", By(func(any) *Mismatch { return &Mismatch{Expected: "a", Seen: "b", Pointer: "/x"} })), e,
		"expected: a | seen: b | at: /metadata/x | in: p/s")
	refuses(t, "Gomega's error", HaveMember("/metadata/tags", gomega.BeNumerically(">", 3)), e,
		"expected: a value that can be judged | seen: Expected a number.  Got: |         <nil>: nil | at: /metadata/tags | in: p/s")
	lacks(t, "no response", HaveMember("/a", BeText()), dropped("s"), "p/s was not answered: closed")

	accepts(t, "may be absent", MayHaveMember("/metadata/id", BeUUID()), e)
	accepts(t, "may be there", MayHaveMember("/metadata/name", BeText()), e)
	refuses(t, "may be wrong", MayHaveMember("/metadata/tags", BeText()), e, "expected: a string | seen: null | at: /metadata/tags | in: p/s")

	accepts(t, "lacks", LackMember("/status/none"), e)
	accepts(t, "lacks it all", LackMember("/status"), answer(200, "x"))
	refuses(t, "does not lack", LackMember("/metadata/tags"), e, "expected: no member /metadata/tags | seen: null | at: /metadata/tags | in: p/s")
}

// Whatever judges an access token, its value stays out of the message.
func TestHaveMemberHidesTokens(t *testing.T) {
	for _, token := range []string{opaque, jws, strings.Repeat(opaque, 8)} {
		e := answer(201, `{"status":{"accessToken":"`+token+`"}}`)
		seen := fmt.Sprintf(" | seen: a string of %d bytes | at: /status/accessToken | in: p/s", len(token))
		refuses(t, "a UUID", HaveMember("/status/accessToken", BeUUID()), e, "expected: a UUID, 8-4-4-4-12 hexadecimal digits"+seen)
		refuses(t, "exactly", HaveMember("/status/accessToken", BeExactly("x")), e, `expected: "x"`+seen)
		text(t, HaveMember("/status/accessToken", gomega.Equal("x")), e)
		refuses(t, "within", HaveMember("/status", BeText()), e, "expected: a string | seen: an object | at: /status | in: p/s")
		refuses(t, "all of it", HaveMember("/status", BeExactly("x")), e, `expected: "x" | seen: {"accessToken":"(a token)"} | at: /status | in: p/s`)
		refuses(t, "lack", LackMember("/status/accessToken"), e, "expected: no member /status/accessToken | seen: a string | at: /status/accessToken | in: p/s")
	}
	refuses(t, "empty", HaveMember("/status/accessToken", BeNonEmptyText()), answer(201, `{"status":{"accessToken":""}}`),
		"expected: a string that is not empty | seen: an empty string | at: /status/accessToken | in: p/s")
}
