package report

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/redact"
)

// curlBodyLimit is the length in bytes up to which a body is spelled out on a curl line.
const curlBodyLimit = 4500

// Curl returns a line for a POSIX shell that sends the request of an exchange again and shows the answer with its
// headers. Credentials are taken from the environment: those of the operator from the variables that they are given, any other
// one from $TOKEN, a second one of the request from $TOKEN_2. What hide conceals elsewhere is not sent.
func Curl(e *exchange.Exchange, hide func(string) string, known ...redact.Variable) string {
	words := &curlWords{redact: hide, known: known, identity: e.Identity}
	request := e.Request
	args := []string{"curl", "-sS", "-i", "--path-as-is"}
	if e.Request.Old {
		args = append(args, "--http1.0")
	}
	if strings.ContainsAny(hide(request.URL), "[]{}") {
		args = append(args, "--globoff")
	}
	if request.Method == http.MethodHead {
		args = append(args, "--head") // with -X HEAD curl would wait for a body
	} else {
		args = append(args, "-X", ShellWord(hide(request.Method)))
	}
	args = append(args, words.word(request.URL))
	args = append(args, words.headers(e)...)
	if request.Body == nil {
		return strings.Join(args, " ")
	}
	return words.withBody(strings.Join(args, " "), request.Body)
}

// curlHeaders returns the options for the headers that curl does not set by itself.
func (w *curlWords) headers(e *exchange.Exchange) []string {
	header := e.Request.Header
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	var options []string
	typed := false
	for _, name := range names {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "User-Agent", "Accept-Encoding", "Traceparent":
			continue
		case "Transfer-Encoding":
			if e.Request.Chunked {
				continue
			}
		case "Content-Type":
			typed = true
		}
		for _, value := range header[name] {
			options = append(options, "-H", w.header(name, value))
		}
	}
	if e.Request.Body != nil && !typed {
		options = append(options, "-H", "Content-Type:") // curl would send one of its own
	}
	if e.Request.Chunked {
		options = append(options, "-H", ShellWord("Transfer-Encoding: chunked"))
	}
	return options
}

// variableNames finds the variables of a curl line, meanings says what those of the operator stand for.
var (
	variableNames = regexp.MustCompile(`\$\{?(?:CONFORMANCE|TOKEN)[A-Z_0-9]*\}?`)
	meanings      = map[string]string{
		"CONFORMANCE_TOKEN":               "the token of the run",
		"CONFORMANCE_RESTRICTED_TOKEN":    "the token that may not create",
		"CONFORMANCE_EXPIRED_TOKEN":       "the token that has expired",
		"CONFORMANCE_NOT_YET_VALID_TOKEN": "the token that is not yet valid",
	}
)

// Variable names the environment variable that holds an identity's credential.
func Variable(identity string) string {
	switch identity {
	case "operator":
		return "CONFORMANCE_TOKEN"
	case "restricted":
		return "CONFORMANCE_RESTRICTED_TOKEN"
	case "expired":
		return "CONFORMANCE_EXPIRED_TOKEN"
	case "not-yet-valid":
		return "CONFORMANCE_NOT_YET_VALID_TOKEN"
	}
	return "TOKEN"
}

// withBody adds a body to a curl line: as an argument where a person can read it there, else through a pipe.
func (w *curlWords) withBody(line string, sent []byte) string {
	const fromPipe = " --data-binary @-"
	if len(sent) > curlBodyLimit {
		if script := repeating(sent, w.redact); len(script) <= curlBodyLimit {
			return script + " | " + line + fromPipe
		}
	}
	body := w.redact(string(sent))
	expanded, ok := w.expanded(string(sent))
	switch {
	case ok && len(expanded) <= curlBodyLimit && readable(string(sent)) && sent[0] != '@':
		return line + " --data-binary " + expanded
	case len(body) > curlBodyLimit:
		return fmt.Sprintf("%s --data-binary @body # the file body holds the request's %d bytes, SHA-256 %x",
			line, len(body), sha256.Sum256([]byte(body)))
	case readable(body) && !strings.HasPrefix(body, "@"):
		return line + " --data-binary " + ShellWord(body)
	}
	return printf(body) + " | " + line + fromPipe
}
