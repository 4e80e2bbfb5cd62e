package states

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Crashes fail over requests, or do not answer them to the end.
func Crashes() []*mutant.Defect {
	const family = "crashes"
	const effect = "a client cannot tell its own mistake from a fault of the service, and tries again"
	const lost = "a client cannot tell whether there is an account, and the token in the response is lost"
	failing := func(when func(q mutant.ParsedRequest) bool) *mutant.Layer {
		return mutant.Refusing(http.StatusInternalServerError, "server_error", when)
	}

	starts := func(prefix string) func(q mutant.ParsedRequest) bool {
		return func(q mutant.ParsedRequest) bool { return bytes.HasPrefix(q.Text, []byte(prefix)) }
	}
	nested := func(q mutant.ParsedRequest) bool { return bytes.Contains(q.Text, bytes.Repeat([]byte("["), 1000)) }
	large := func(q mutant.ParsedRequest) bool { return len(q.Text) > 2<<20 }
	emoji := func(q mutant.ParsedRequest) bool {
		return strings.ContainsFunc(mutant.RequestedDescription(q), func(r rune) bool { return r > 0xFFFF })
	}
	const always, server, large5 = "create.answers.always", "create.answers.no-server-error", "create.answers.large-bodies"
	return mutant.Prefixed("crash-", family,
		mutant.Defective("500-emoji", "answers 500 to characters beyond the basic plane", effect, failing(emoji), "create.accepts.description-unicode", server),
		mutant.Defective("500-unknown-group", "answers 500 to a group that does not exist", effect, mutant.OnStatus(http.StatusUnprocessableEntity, failed, mutant.Create), "create.answers.unknown-group", server),
		mutant.Defective("500-reserved-tag", "answers 500 to a tag under the reserved prefix", effect, failing(func(q mutant.ParsedRequest) bool {
			return bytes.Contains(q.Text, []byte(".unikorn-cloud.org:"))
		}), "create.answers.reserved-tag", server),
		mutant.Defective("500-page", "answers 500 to a body that is a string, with a page", effect, mutant.OnParsed(func(w http.ResponseWriter, q mutant.ParsedRequest) bool {
			if !starts("\"")(q) || !q.Permitted {
				return false
			}
			a := &mutant.Response{Status: http.StatusInternalServerError}
			mutant.HTMLPage(q.Request, a)
			a.Send(w)
			return true
		}, mutant.Create), "errors.server-error.body", server),
		mutant.Defective("500-array", "answers 500 to a body that is an array", effect, failing(starts("[")), server, "create.rejects.other-roots"),
		mutant.Defective("500-no-body", "answers 500 to a create without a body", effect, failing(func(q mutant.ParsedRequest) bool { return len(q.Text) == 0 }), server, "create.rejects.empty-body"),
		mutant.Defective("500-large", "answers 500 to bodies of more than 2 MiB", effect, failing(large), large5, server),
		mutant.Defective("500-empty-group", "answers 500 to a group of no characters", effect, failing(func(q mutant.ParsedRequest) bool {
			return slices.Contains(mutant.RequestedGroups(q), any(""))
		}), "create.answers.empty-group", server),
		mutant.Defective("drop-nesting", "closes the connection over deep nesting", lost, mutant.Dropping(nested), always, "create.rejects.deep-nesting"),
		mutant.Defective("drop-emoji", "closes the connection over characters beyond the basic plane", lost, PlainServer(mutant.Dropping(emoji)), always, "create.accepts.description-unicode"),
		mutant.Defective("half-answer", "closes the connection in the middle of the response to a create with tags", lost, perAnswerHalved(), always),
		mutant.Defective("raw-answer", "answers a body that is no JSON with a line that is no HTTP", lost, hijacked(func(q mutant.ParsedRequest) bool {
			return q.Document == nil && len(q.Text) > 0
		}, "ERROR bad request\r\n\r\n"), always),
	)
}

func failed(_ *http.Request, a *mutant.Response) {
	a.Fail(http.StatusInternalServerError, "server_error")
}

// PlainServer serves a layer over HTTP/1.1 without TLS.
func PlainServer(l *mutant.Layer) *mutant.Layer {
	l.Plain = true
	return l
}

// hijacked writes bytes of its own to the connection, and closes it.
func hijacked(when func(q mutant.ParsedRequest) bool, text string) *mutant.Layer {
	return PlainServer(mutant.OnParsed(func(w http.ResponseWriter, q mutant.ParsedRequest) bool {
		if !when(q) {
			return false
		}
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(connection, text)
		_ = connection.Close()
		return true
	}, mutant.Create))
}

// perAnswerHalved sends half of the responses to creates with tags.
func perAnswerHalved() *mutant.Layer {
	return &mutant.Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if mutant.OperationOf(r) != mutant.Create || !bytes.Contains(mutant.BodyOf(r), []byte(`"tags"`)) {
				next.ServeHTTP(w, r)
				return
			}
			a := mutant.Ask(next, r)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", fmt.Sprint(len(a.Body)))
			w.WriteHeader(a.Status)
			_, _ = w.Write(a.Body[:len(a.Body)/2])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		})
	}}
}
