package matcher

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

const (
	opaque = "0123456789abcdef0123456789abcdef" // a token of no known form
	jws    = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)

// answer is an exchange with a body; headers come as pairs of name and value.
func answer(status int, body string, headers ...string) *exchange.Exchange {
	header := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		header.Add(headers[i], headers[i+1])
	}
	return &exchange.Exchange{
		ID: "p/s", Probe: "p", Step: "s", Operation: "createServiceAccount",
		Response: &exchange.Response{Status: status, Header: header, Body: []byte(body)},
	}
}

func dropped(step string) *exchange.Exchange {
	return &exchange.Exchange{ID: "p/" + step, Step: step, Failure: &exchange.Failure{Kind: exchange.Dropped, Message: "closed"}}
}

func named(step string, e *exchange.Exchange) *exchange.Exchange {
	e.ID, e.Step = "p/"+step, step
	return e
}

func contract(t *testing.T) *spec.Contract {
	t.Helper()
	c, err := spec.LoadContract()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// text is what a matcher says of a value; "" if it accepts it.
func text(t *testing.T, m types.GomegaMatcher, value any) string {
	t.Helper()
	ok, err := m.Match(value)
	if err != nil {
		t.Fatalf("an error: %v", err)
	}
	message := m.FailureMessage(value)
	if ok != (message == "") {
		t.Errorf("it matches: %t, and says %q", ok, message)
	}
	if strings.Contains(message, opaque) || strings.Contains(message, jws) {
		t.Errorf("the message holds a token: %s", message)
	}
	return message
}

func accepts(t *testing.T, name string, m types.GomegaMatcher, value any) {
	t.Helper()
	if message := text(t, m, value); message != "" {
		t.Errorf("%s: it is refused:\n%s", name, message)
	}
}

// refuses wants a mismatch, whose lines are joined with " | ".
func refuses(t *testing.T, name string, m types.GomegaMatcher, value any, want string) {
	t.Helper()
	got := strings.ReplaceAll(text(t, m, value), "\n", " | ")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -want +got:\n%s", name, diff)
	}
}

// lacks wants a panic with exchange.Missing.
func lacks(t *testing.T, name string, m types.GomegaMatcher, value any, want string) {
	t.Helper()
	defer func() {
		t.Helper()
		cause := recover()
		if missing, ok := cause.(exchange.Missing); !ok || missing.Reason != want {
			t.Errorf("%s: the panic is %#v, want a lack of evidence: %q", name, cause, want)
		}
	}()
	_, _ = m.Match(value)
}
