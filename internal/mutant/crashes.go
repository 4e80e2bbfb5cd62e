package mutant

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/reference"
)

// crashes fail over requests, or do not answer them to the end.
func crashes() []*Defect {
	const family = "crashes"
	const effect = "a client cannot tell its own mistake from a fault of the service, and tries again"
	const lost = "a client cannot tell whether there is an account, and the token in the response is lost"
	failing := func(when func(q asked) bool) *Layer {
		return refusing(http.StatusInternalServerError, "server_error", when)
	}

	starts := func(prefix string) func(q asked) bool {
		return func(q asked) bool { return bytes.HasPrefix(q.text, []byte(prefix)) }
	}
	nested := func(q asked) bool { return bytes.Contains(q.text, bytes.Repeat([]byte("["), 1000)) }
	large := func(q asked) bool { return len(q.text) > 2<<20 }
	emoji := func(q asked) bool {
		return strings.ContainsFunc(description(q), func(r rune) bool { return r > 0xFFFF })
	}
	const always, server, large5 = "create.answers.always", "create.answers.no-server-error", "create.answers.large-bodies"
	return prefixed("crash-", family,
		defective("500-emoji", "answers 500 to characters beyond the basic plane", effect, failing(emoji), "create.accepts.description-unicode", server),
		defective("500-unknown-group", "answers 500 to a group that does not exist", effect, onStatus(http.StatusUnprocessableEntity, failed, create), "create.answers.unknown-group", server),
		defective("500-reserved-tag", "answers 500 to a tag under the reserved prefix", effect, failing(func(q asked) bool {
			return bytes.Contains(q.text, []byte(".unikorn-cloud.org:"))
		}), "create.answers.reserved-tag", server),
		defective("500-page", "answers 500 to a body that is a string, with a page", effect, onAsked(func(w http.ResponseWriter, q asked) bool {
			if !starts("\"")(q) || !q.permitted {
				return false
			}
			a := &answer{status: http.StatusInternalServerError}
			page(q.Request, a)
			a.send(w)
			return true
		}, create), "errors.server-error.body", server),
		defective("500-array", "answers 500 to a body that is an array", effect, failing(starts("[")), server, "create.rejects.other-roots"),
		defective("500-no-body", "answers 500 to a create without a body", effect, failing(func(q asked) bool { return len(q.text) == 0 }), server, "create.rejects.empty-body"),
		defective("500-large", "answers 500 to bodies of more than 2 MiB", effect, failing(large), large5, server),
		defective("500-empty-group", "answers 500 to a group of no characters", effect, failing(func(q asked) bool {
			return slices.Contains(groups(q), any(""))
		}), "create.answers.empty-group", server),
		defective("drop-nesting", "closes the connection over deep nesting", lost, dropping(nested), always, "create.rejects.deep-nesting"),
		defective("drop-emoji", "closes the connection over characters beyond the basic plane", lost, plain(dropping(emoji)), always, "create.accepts.description-unicode"),
		defective("half-answer", "closes the connection in the middle of the response to a create with tags", lost, perAnswerHalved(), always),
		defective("raw-answer", "answers a body that is no JSON with a line that is no HTTP", lost, hijacked(func(q asked) bool {
			return q.document == nil && len(q.text) > 0
		}, "ERROR bad request\r\n\r\n"), always),
	)
}

func failed(_ *http.Request, a *answer) { a.fail(http.StatusInternalServerError, "server_error") }

// plain serves a layer over HTTP/1.1 without TLS.
func plain(l *Layer) *Layer {
	l.Plain = true
	return l
}

// hijacked writes bytes of its own to the connection, and closes it.
func hijacked(when func(q asked) bool, text string) *Layer {
	return plain(onAsked(func(w http.ResponseWriter, q asked) bool {
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
	}, create))
}

// perAnswerHalved sends half of the responses to creates with tags.
func perAnswerHalved() *Layer {
	return &Layer{Wrap: func(_ reference.Credentials, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if operationOf(r) != create || !bytes.Contains(bodyOf(r), []byte(`"tags"`)) {
				next.ServeHTTP(w, r)
				return
			}
			a := ask(next, r)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
			w.WriteHeader(a.status)
			_, _ = w.Write(a.body[:len(a.body)/2])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		})
	}}
}
