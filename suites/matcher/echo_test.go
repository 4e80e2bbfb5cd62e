package matcher

import (
	"testing"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// created is the response of a create: the metadata that was sent and the metadata that came back.
func created(sent, got string) *exchange.Exchange {
	e := answer(201, `{"metadata":`+got+`}`)
	e.Request.Body = []byte(`{"metadata":` + sent + `}`)
	return e
}

func TestEcho(t *testing.T) {
	for name, test := range map[string]struct {
		matcher   types.GomegaMatcher
		sent, got string
		want      string
	}{
		"name": {EchoName(), `{"name":"a"}`, `{"name":"a"}`, ""},
		"another name": {
			EchoName(), `{"name":"a"}`, `{"name":"A"}`, `expected: "a" | seen: "A" | at: /metadata/name | in: p/s`,
		},
		"no name":       {EchoName(), `{"name":"a"}`, `{}`, "expected: a member /metadata/name | seen: no such member | at: /metadata/name | in: p/s"},
		"none was sent": {EchoName(), `{}`, `{"name":"a"}`, ""},
		"empty name":    {EchoName(), `{"name":""}`, `{}`, "expected: a member /metadata/name | seen: no such member | at: /metadata/name | in: p/s"},

		"description":         {EchoDescription(), `{"description":"\u00e9 \n"}`, `{"description":"é \n"}`, ""},
		"description dropped": {EchoDescription(), `{"description":""}`, `{}`, ""},
		"description kept":    {EchoDescription(), `{"description":""}`, `{"description":""}`, ""},
		"description null":    {EchoDescription(), `{"description":""}`, `{"description":null}`, ""},
		"description made up": {
			EchoDescription(), `{"description":""}`, `{"description":"x"}`, `expected: "" | seen: "x" | at: /metadata/description | in: p/s`,
		},
		"description trimmed": {
			EchoDescription(), `{"description":" x"}`, `{"description":"x"}`, `expected: " x" | seen: "x" | at: /metadata/description | in: p/s`,
		},

		"tags in another order": {
			EchoTags(), `{"tags":[{"name":"a","value":"1"},{"name":"b","value":"2"}]}`, `{"tags":[{"name":"b","value":"2"},{"name":"a","value":"1"}]}`, "",
		},
		"tags dropped": {EchoTags(), `{"tags":[]}`, `{}`, ""},
		"a tag lost": {
			EchoTags(), `{"tags":[{"name":"a","value":"1"},{"name":"b","value":"2"}]}`, `{"tags":[{"name":"a","value":"1"}]}`,
			`expected: the tag {"name":"b","value":"2"}, and no other of its name | seen: [{"name":"a","value":"1"}] | at: /metadata/tags | in: p/s`,
		},
		"no tags": {
			EchoTags(), `{"tags":[{"name":"a","value":"1"}]}`, `{"tags":null}`, "expected: an array of tags | seen: null | at: /metadata/tags | in: p/s",
		},
	} {
		e := created(test.sent, test.got)
		if test.want == "" {
			accepts(t, name, test.matcher, e)
		} else {
			refuses(t, name, test.matcher, e, test.want)
		}
	}
	odd := answer(201, "{}")
	odd.Request.Body = []byte("not JSON")
	accepts(t, "a request that is not JSON", EchoName(), odd)
	lacks(t, "no response", EchoName(), dropped("s"), "p/s was not answered: closed")
}

func TestBeOtherThan(t *testing.T) {
	accepts(t, "other", BeOtherThan(opaque), "x")
	accepts(t, "another type", BeOtherThan("7"), 7)
	refuses(t, "the same", BeOtherThan(opaque), opaque, "expected: a value of the target's own | seen: the value that the request named")
}

const answeredAccount = `{"metadata":{"id":"A1","name":"n","description":"d","organizationId":"ABC","creationTime":"2024-05-31T14:11:00.250Z",
	"tags":[{"name":"a","value":"1"}]},"spec":{"groupIDs":["X","y"]},"status":{"expiry":"2024-06-01T02:00:00+02:00"}}`

func TestBeListedAsAnswered(t *testing.T) {
	e := answer(201, answeredAccount)
	listed := func(account string) types.GomegaMatcher {
		return BeListedAsAnswered(named("list", answer(200, "[{},"+account+"]")))
	}
	accepts(t, "the same", listed(answeredAccount), e)
	accepts(t, "written otherwise", listed(`{"metadata":{"id":"a1","name":"n","description":"d","organizationId":"abc","creationTime":"2024-05-31T14:11:00Z",
		"tags":[{"value":"1","name":"a"}]},"spec":{"groupIDs":["Y","x","x"]},"status":{"expiry":"2024-06-01T00:00:00Z"}}`), e)
	accepts(t, "no list", BeListedAsAnswered(answer(200, "{}")), e)
	refuses(t, "not in the list", BeListedAsAnswered(named("list", answer(200, "[]"))), e,
		"expected: the account in the list | seen: an account that is not listed | in: p/list")
	accepts(t, "times that are none", listed(`{"metadata":{"id":"a1","name":"n","description":"d","organizationId":"abc","creationTime":"today",
		"tags":[{"value":"1","name":"a"}]},"spec":{"groupIDs":["Y","x"]},"status":{"expiry":7}}`), e)
	accepts(t, "empty for absent", BeListedAsAnswered(answer(200, `[{"metadata":{"id":"a","description":"","tags":[]},"spec":{"groupIDs":[]}}]`)),
		answer(201, `{"metadata":{"id":"a"},"spec":{"groupIDs":null}}`))
	rest := `"name":"n","description":"d","organizationId":"abc","creationTime":"2024-05-31T14:11:00Z","tags":[{"value":"1","name":"a"}]`
	for name, test := range map[string]struct{ account, want string }{
		"name": {
			`{"metadata":{"id":"a1","name":"m"}}`, `expected: /metadata/name as the create answered, "n" | seen: in the list /metadata/name "m" | at: /metadata/name | in: p/s`,
		},
		"no name": {
			`{"metadata":{"id":"a1"}}`, `expected: /metadata/name as the create answered, "n" | seen: in the list /metadata/name null | at: /metadata/name | in: p/s`,
		},
		"organization": {
			`{"metadata":{"id":"a1","name":"n","description":"d","tags":[{"value":"1","name":"a"}],"organizationId":"abd"}}`,
			`expected: /metadata/organizationId as the create answered, "ABC" | seen: in the list /metadata/organizationId "abd" | at: /metadata/organizationId | in: p/s`,
		},
		"tags": {
			`{"metadata":{"id":"a1","name":"n","description":"d","tags":[{"name":"a","value":"1"},{"name":"b","value":"2"}]}}`,
			`expected: /metadata/tags as the create answered, [{"name":"a","value":"1"}] | seen: in the list /metadata/tags [{"name":"a","value":"1"},{"name":"b","value":"2"}] | at: /metadata/tags | in: p/s`,
		},
		"creation time": {
			`{"metadata":{"id":"a1","name":"n","description":"d","organizationId":"abc","creationTime":"2024-05-31T14:11:02Z","tags":[{"value":"1","name":"a"}]}}`,
			`expected: /metadata/creationTime as the create answered, "2024-05-31T14:11:00.250Z" | seen: in the list /metadata/creationTime "2024-05-31T14:11:02Z" | at: /metadata/creationTime | in: p/s`,
		},
		"groups": {
			`{"metadata":{"id":"a1",` + rest + `},"spec":{"groupIDs":["x"]}}`,
			`expected: /spec/groupIDs as the create answered, ["X","y"] | seen: in the list /spec/groupIDs ["x"] | at: /spec/groupIDs | in: p/s`,
		},
		"expiry": {
			`{"metadata":{"id":"a1",` + rest + `},"spec":{"groupIDs":["x","y"]},"status":{"expiry":"2024-06-01T02:00:00Z"}}`,
			`expected: /status/expiry as the create answered, "2024-06-01T02:00:00+02:00" | seen: in the list /status/expiry "2024-06-01T02:00:00Z" | at: /status/expiry | in: p/s`,
		},
	} {
		refuses(t, name, listed(test.account), e, test.want)
	}
	lacks(t, "no response", listed("{}"), dropped("s"), "p/s was not answered: closed")
}
