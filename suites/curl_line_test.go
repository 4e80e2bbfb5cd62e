package suites

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// curlLine is what a shell makes of a line that reports print: the arguments of curl, and what is piped into it.
type curlLine struct {
	arguments []string
	piped     []byte
}

// shellPrints is curl as a function of a shell, which prints its arguments and its input in place of sending them.
const shellPrints = `curl() { printf '%s\0' "$#" "$@"; for argument; do if [ "$argument" = @- ]; then base64 | tr -d '\n'; fi; done; printf '\0'; }` + "\n"

// readCurlLine lets a shell read a line, with variables.
func readCurlLine(t *testing.T, line string, variables []string) (read curlLine, err error) {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "bash", "-c", shellPrints+line)
	shell.Env = append(os.Environ(), variables...)
	out, err := shell.Output()
	if err != nil {
		return read, fmt.Errorf("the shell cannot run it: %w", err)
	}
	fields := strings.Split(string(out), "\x00")
	n, err := strconv.Atoi(fields[0])
	if err != nil || len(fields) != n+3 {
		return read, fmt.Errorf("it is not one call of curl: %q", out)
	}
	read.arguments = fields[1 : n+1]
	read.piped, err = base64.StdEncoding.DecodeString(fields[n+1])
	return read, err
}

// request is what curl would send: the fields of the head in order, and the body.
func (l curlLine) request() (method, address string, header []string, body []byte, err error) {
	method = http.MethodGet
	for i := 0; i < len(l.arguments); i++ {
		next := func() string {
			i++
			return l.arguments[min(i, len(l.arguments)-1)]
		}
		switch argument := l.arguments[i]; argument {
		case "-sS", "-i", "--path-as-is", "--globoff":
		case "--head":
			method = http.MethodHead
		case "-X":
			method = next()
		case "-H":
			header = append(header, next())
		case "--data-binary":
			if body = []byte(next()); string(body) == "@-" {
				body = l.piped
			}
		default:
			if address != "" || strings.HasPrefix(argument, "-") {
				return "", "", nil, nil, fmt.Errorf("%q is no option that lines have", argument)
			}
			address = argument
		}
	}
	return method, address, header, body, nil
}

// differs says in what curl's request is another one than that of an exchange; "" if it is the same. Hidden is set if the line
// has a placeholder in the place of a secret that has no variable.
func (l curlLine) differs(e *exchange.Exchange) (difference string, hidden bool) {
	method, address, header, body, err := l.request()
	if err != nil {
		return err.Error(), false
	}
	if strings.Contains(strings.Join(l.arguments, " ")+string(l.piped), "[redacted:") {
		return "", true
	}
	want := map[string][]string{}
	for name, values := range e.Request.Header {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "User-Agent", "Accept-Encoding", "Traceparent", "Transfer-Encoding":
		default:
			want[http.CanonicalHeaderKey(name)] = values
		}
	}
	got := map[string][]string{}
	for _, field := range header {
		name, value, ok := strings.Cut(field, ":")
		if !ok {
			name = strings.TrimSuffix(field, ";")
		} else if value == "" || name == "Transfer-Encoding" {
			continue // it keeps curl from sending one of its own
		}
		name = http.CanonicalHeaderKey(name)
		got[name] = append(got[name], strings.TrimPrefix(value, " "))
	}
	switch {
	case method != e.Request.Method:
		return "the method " + method, false
	case address != e.Request.URL:
		return "the address " + address, false
	case !maps.EqualFunc(got, want, slices.Equal):
		return fmt.Sprintf("the fields %q, not %q", got, want), false
	case !bytes.Equal(body, e.Request.Body):
		return fmt.Sprintf("a body of %d bytes, not of %d", len(body), len(e.Request.Body)), false
	}
	return "", false
}

// send sends the request as curl would, and returns the status.
func (l curlLine) send(t *testing.T) (int, error) {
	t.Helper()
	method, address, header, body, err := l.request()
	if err != nil {
		return 0, err
	}
	scheme, rest, _ := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	if path, _, _ = strings.Cut(path, "#"); scheme != "http" {
		return 0, errors.New("this test sends http only")
	}
	dialer := net.Dialer{Timeout: 10 * time.Second}
	connection, err := dialer.DialContext(t.Context(), "tcp", host)
	if err != nil {
		return 0, err
	}
	defer func() { _ = connection.Close() }()
	head := fmt.Sprintf("%s /%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: curl\r\nAccept: */*\r\nConnection: close\r\n", method, path, host)
	chunked := false
	for _, field := range header {
		name, value, ok := strings.Cut(field, ":")
		chunked = chunked || strings.EqualFold(name, "Transfer-Encoding")
		switch {
		case !ok:
			head += strings.TrimSuffix(field, ";") + ":\r\n"
		case value != "":
			head += field + "\r\n"
		}
	}
	switch {
	case chunked:
		body = slices.Concat(fmt.Appendf(nil, "%x\r\n", len(body)), body, []byte("\r\n0\r\n\r\n"))
	case body != nil:
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	go func() { _, _ = connection.Write(append([]byte(head+"\r\n"), body...)) }() // a refusal may come before all is sent
	response, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method, URL: &url.URL{}})
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
