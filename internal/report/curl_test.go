package report_test

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/report/sample"
)

// fakeCurl writes its arguments, each ended by NUL, and its input.
const fakeCurl = `#!/bin/sh
printf '%s\0' "$@" > "$CURL_OUT/args"
cat > "$CURL_OUT/stdin"
`

// runCurl runs a curl line in sh, with the fake in place of curl.
func runCurl(t *testing.T, line string) (args []string, input string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "curl"), []byte(fakeCurl), 0o700); err != nil {
		t.Fatal(err)
	}
	sh := exec.CommandContext(t.Context(), "sh", "-c", line)
	sh.Env = []string{
		"PATH=" + dir + ":" + os.Getenv("PATH"), "CURL_OUT=" + dir,
		"CONFORMANCE_TOKEN=op $x", "CONFORMANCE_RESTRICTED_TOKEN=re", "CONFORMANCE_EXPIRED_TOKEN=ex", "TOKEN=other",
	}
	if out, err := sh.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "args"))
	if err != nil {
		t.Fatal(err)
	}
	stdin, err := os.ReadFile(filepath.Join(dir, "stdin"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00"), string(stdin)
}

func TestCurlArguments(t *testing.T) {
	e := &exchange.Exchange{
		Identity: "operator",
		Request: exchange.Request{
			Method: "POST", URL: "https://h:1/a/../b%2F'c?x=[1]&y=$HOME", Chunked: true,
			Header: http.Header{
				"Authorization": {"bearer  secret"}, "Accept": {"a/b;q=\"`1`\""}, "X-Empty": {""}, "Cookie": {"a=secret"},
				"Content-Length": {"3"}, "User-Agent": {"u"}, "Accept-Encoding": {"gzip"}, "Traceparent": {"00-1"},
				"Transfer-Encoding": {"chunked"},
			},
			Body: []byte{},
		},
	}
	args, _ := runCurl(t, report.Curl(e, sample.Same))
	want := []string{
		"-sS", "-i", "--path-as-is", "--globoff", "-X", "POST", "https://h:1/a/../b%2F'c?x=[1]&y=$HOME",
		"-H", "Accept: a/b;q=\"`1`\"", "-H", "Authorization: bearer  op $x", "-H", "Cookie: [redacted:opaque-8]", "-H", "X-Empty;",
		"-H", "Content-Type:", "-H", "Transfer-Encoding: chunked", "--data-binary", "",
	}
	if diff := cmp.Diff(want, args); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCurlCredentials(t *testing.T) {
	for _, c := range []struct{ identity, sent, want string }{
		{"operator", "Bearer secret", "Authorization: Bearer op $x"},
		{"restricted", "Basic secret", "Authorization: Basic re"},
		{"expired", "BEARER secret", "Authorization: BEARER ex"},
		{"account", "Bearer secret", "Authorization: Bearer other"},
		{"garbage", "$(touch x)secret", "Authorization: other"},
		{"garbage", "Bearer", "Authorization: Bearer"},
		{"none", "", ""},
	} {
		e := &exchange.Exchange{Identity: c.identity, Request: exchange.Request{Method: "HEAD", URL: "https://h/"}}
		want := []string{"-sS", "-i", "--path-as-is", "--head", "https://h/"}
		if c.sent != "" {
			e.Request.Header = http.Header{"Authorization": {c.sent}}
			want = append(want, "-H", c.want)
		}
		line := report.Curl(e, sample.Same)
		args, _ := runCurl(t, line)
		if diff := cmp.Diff(want, args); diff != "" || strings.Contains(line, "secret") {
			t.Errorf("%s: %s (-want +got):\n%s", c.identity, line, diff)
		}
	}
}

func TestCurlBodies(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for name, c := range map[string]struct {
		body  string
		piped bool
	}{
		"json":        {`{"a":"it's $HOME \n é %s"}` + "\n", false},
		"at sign":     {"@/etc/passwd", true},
		"dash":        {"-n", false},
		"every byte":  {string(every), true},
		"direction":   {"\u202e", true},
		"bom":         {"\ufeff{}", true},
		"long run":    {`{"name":"` + strings.Repeat("é%'0", 30) + strings.Repeat("0", 100_000) + `"}`, true},
		"deep arrays": {strings.Repeat("[", 9000) + strings.Repeat("]", 9000), true},
		"long NULs":   {strings.Repeat("\x00", 5000), true},
	} {
		e := &exchange.Exchange{Request: exchange.Request{
			Method: "POST", URL: "https://h/", Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte(c.body),
		}}
		line := report.Curl(e, sample.Same)
		args, input := runCurl(t, line)
		got := args[len(args)-1]
		if c.piped {
			if got != "@-" {
				t.Errorf("%s: the last argument is %q", name, got)
			}
			got = input
		}
		if got != c.body || args[len(args)-2] != "--data-binary" {
			t.Errorf("%s: %s sends %q", name, line, got)
		}
		if len(line) > 5000 {
			t.Errorf("%s: the line has %d bytes", name, len(line))
		}
	}
}

func TestCurlSaysWhereABodyIsTooLong(t *testing.T) {
	body := bytes.Repeat([]byte("abcdefghij"), 500)
	line := report.Curl(&exchange.Exchange{Request: exchange.Request{Method: "POST", URL: "https://h/", Body: body}}, sample.Same)
	if !strings.Contains(line, "--data-binary @body # the file body holds the request's 5000 bytes, SHA-256 ") {
		t.Error(line)
	}
	if args, _ := runCurl(t, line); args[len(args)-1] != "@body" {
		t.Errorf("the last argument is %q", args[len(args)-1])
	}
}
