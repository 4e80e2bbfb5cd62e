package report

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// curlBodyLimit is the length in bytes up to which a body is spelled out on a curl line.
const curlBodyLimit = 4500

// Curl returns a line for a POSIX shell that sends the request of an exchange again and shows the answer with its
// headers. Credentials are taken from the environment: $CONFORMANCE_TOKEN, $CONFORMANCE_RESTRICTED_TOKEN,
// $CONFORMANCE_EXPIRED_TOKEN, $CONFORMANCE_NOT_YET_VALID_TOKEN, and $TOKEN for every other identity. What redact hides in a body is not sent.
func Curl(e *exchange.Exchange, redact func(string) string) string {
	request := e.Request
	args := []string{"curl", "-sS", "-i", "--path-as-is"}
	if strings.ContainsAny(redact(request.URL), "[]{}") {
		args = append(args, "--globoff")
	}
	if request.Method == http.MethodHead {
		args = append(args, "--head") // with -X HEAD curl would wait for a body
	} else {
		args = append(args, "-X", quote(redact(request.Method)))
	}
	args = append(args, quote(redact(request.URL)))
	args = append(args, curlHeaders(e, redact)...)
	if request.Body == nil {
		return strings.Join(args, " ")
	}
	return withBody(strings.Join(args, " "), request.Body, redact)
}

// curlHeaders returns the options for the headers that curl does not set by itself.
func curlHeaders(e *exchange.Exchange, redact func(string) string) []string {
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
			options = append(options, "-H", curlHeader(name, value, e.Identity, redact))
		}
	}
	if e.Request.Body != nil && !typed {
		options = append(options, "-H", "Content-Type:") // curl would send one of its own
	}
	if e.Request.Chunked {
		options = append(options, "-H", quote("Transfer-Encoding: chunked"))
	}
	return options
}

func curlHeader(name, value, identity string, redact func(string) string) string {
	if http.CanonicalHeaderKey(name) == "Authorization" {
		if scheme, secret := splitCredentials(value); secret != "" {
			return `"` + name + ": " + redact(scheme) + "$" + variable(identity) + `"`
		}
	}
	if value == "" {
		return quote(name + ";") // so curl sends a header without a value
	}
	return quote(redact(name) + ": " + headerValue(name, value, redact))
}

// variable names the environment variable that holds an identity's credential.
func variable(identity string) string {
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
func withBody(line string, sent []byte, redact func(string) string) string {
	const fromPipe = " --data-binary @-"
	if len(sent) > curlBodyLimit {
		if script := repeating(sent, redact); len(script) <= curlBodyLimit {
			return script + " | " + line + fromPipe
		}
	}
	body := redact(string(sent))
	switch {
	case len(body) > curlBodyLimit:
		return fmt.Sprintf("%s --data-binary @body # the file body holds the request's %d bytes, SHA-256 %x",
			line, len(body), sha256.Sum256([]byte(body)))
	case readable(body) && !strings.HasPrefix(body, "@"):
		return line + " --data-binary " + quote(body)
	}
	return printf(body) + " | " + line + fromPipe
}
