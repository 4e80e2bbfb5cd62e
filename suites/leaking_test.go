package suites

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sa-conformance/conformance/internal/measure"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
)

// writings are ways to write a secret from which whoever reads a report gets it back.
var writings = map[string]func(string) string{
	"itself":                   func(s string) string { return s },
	"without its first letter": func(s string) string { return s[1:] },
	"without its last letter":  func(s string) string { return s[:len(s)-1] },
	"without both":             func(s string) string { return s[1 : len(s)-1] },
	"in capitals":              strings.ToUpper,
	"JSON escapes":             func(s string) string { return each(s, `\u%04x`) },
	"base64url":                func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64url of JSON":        func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(`{"t":"` + s + `"}`)) },
	"base64 of a part":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s[1:])) },
	"hexadecimal":              func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hexadecimal of a part":    func(s string) string { return hex.EncodeToString([]byte(s[1:])) },
	"hexadecimal, in capitals": func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"hexadecimal with colons":  func(s string) string { return strings.TrimSuffix(each(s, "%02x:"), ":") },
	"percent twice":            func(s string) string { return strings.ReplaceAll(each(s, "%%%02x"), "%", "%25") },
	"percent of a part":        func(s string) string { return each(s[1:], "%%%02X") },
	"entities":                 func(s string) string { return each(s, "&#x%x;") },
	"in a multipart body": func(s string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + s + "\r\n--b--"
	},
	"as a challenge":     func(s string) string { return `Bearer realm="x", error_description="` + s + `"` },
	"in a cookie's name": func(s string) string { return s + "=1; Path=/" },
}

// packings make binary bodies that hold a text.
var packings = []func(string) []byte{
	func(s string) []byte { return packed(s, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }) },
	func(s string) []byte { return packed(s, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }) },
	func(s string) []byte {
		return packed(s, func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 9); return f })
	},
	func(s string) []byte {
		return packed(s, func(w io.Writer) io.WriteCloser { f, _ := gzip.NewWriterLevel(w, gzip.NoCompression); return f })
	},
	func(s string) []byte {
		inverted := []byte(s)
		for i := range inverted {
			inverted[i] ^= 0xff
		}
		return inverted
	},
}

func packed(s string, with func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	w := with(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.Bytes()
}

// leaker is a target that says secrets in every place of its responses.
type leaker struct {
	mu     sync.Mutex
	names  []string
	turn   int
	issued map[string]string // by the token of the reference behind it, and the reverse
	said   map[string]bool   // the secrets
	bodies [][]byte
}

// token is an opaque one in the place of one of the reference's.
func (l *leaker) token(of string) string {
	if l.issued[of] == "" {
		n := len(l.issued)
		digest := sha256.Sum256([]byte(fmt.Sprint(n)))
		sum := hex.EncodeToString(digest[:])
		mixed := base64.RawURLEncoding.EncodeToString(digest[:])
		token := []string{
			mixed,
			"blue-" + sum[:8] + "-horse-under-" + sum[8:12] + "-tree",
			sum[:28],
			mixed[:18],
		}[n/2%4]
		l.issued[of], l.issued[token], l.said[token] = token, of, true
	}
	return l.issued[of]
}

func (l *leaker) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		scheme, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if of := l.issued[credential]; of != "" {
			r.Header.Set("Authorization", scheme+" "+of)
		}
		l.mu.Unlock()
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.turn++
		body := recorder.Body.Bytes()
		var document map[string]any
		_ = json.Unmarshal(body, &document)
		if status, ok := document["status"].(map[string]any); ok {
			if of, ok := status["accessToken"].(string); ok {
				credential = l.token(of)
				status["accessToken"] = credential
			}
		}
		if len(credential) >= 14 && strings.HasPrefix(r.URL.Path, "/api/") {
			l.speak(w, recorder, document, credential)
			return
		}
		header(w, recorder)
		_, _ = w.Write(body)
	})
}

func header(w http.ResponseWriter, recorder *httptest.ResponseRecorder) {
	for name, values := range recorder.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(recorder.Code)
}

// speak sends a response that says the secret.
func (l *leaker) speak(w http.ResponseWriter, recorder *httptest.ResponseRecorder, document map[string]any, secret string) {
	name := l.names[l.turn%len(l.names)]
	said := writings[name](secret)
	safe := strings.NewReplacer("\r", "", "\n", "").Replace(said)
	h := recorder.Header()
	h.Set("X-Echo", safe)
	h.Set("X-Request-Id", safe)
	h.Set("Location", "https://elsewhere.example/"+url.PathEscape(said)+"?next="+url.QueryEscape(said))
	h.Add("Set-Cookie", safe+"=1")
	h.Add("WWW-Authenticate", `Basic realm="`+safe+`"`)
	if strings.Map(inToken, said) == said {
		h["X-"+said] = []string{"1"}
	}
	h.Set("Trailer", "X-Trailer")
	w.Header()["Trailer:X-Last"] = []string{safe}
	if recorder.Code >= 400 && l.turn%3 == 0 {
		body := packings[l.turn/3%len(packings)](`{"error":"access_denied","error_description":"` + secret + `"}`)
		l.bodies = append(l.bodies, body)
		header(w, recorder)
		_, _ = w.Write(body)
		return
	}
	if recorder.Code >= 400 && l.turn%7 == 0 {
		header(w, recorder)
		_, _ = w.Write([]byte(said))
		return
	}
	if document == nil {
		header(w, recorder)
		_, _ = w.Write(recorder.Body.Bytes())
		return
	}
	document[said] = said
	document["note"] = said
	document["requestId"] = said
	document["trace_id"] = said
	document["nested"] = []any{map[string]any{"createdBy": said, "x": []any{said}}}
	if document["error"] != nil {
		document["error_description"] = said
	}
	if metadata, ok := document["metadata"].(map[string]any); ok {
		metadata["description"], metadata["createdBy"] = said, said
	}
	text, _ := json.Marshal(document)
	header(w, recorder)
	_, _ = w.Write(text)
}

func inToken(c rune) rune {
	if c < 0x7f && c > ' ' && !strings.ContainsRune(`()<>@,;:\"/[]?={}`, c) {
		return c
	}
	return '.'
}

// TestNoSecretIsReadFromAnyOutput runs the command against a target that says the operator's token and opaque tokens of its own
// in every place of a response and in many ways, and searches all that is written.
func TestNoSecretIsReadFromAnyOutput(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	l := &leaker{issued: map[string]string{}, said: map[string]bool{}, names: slices.Sorted(maps.Keys(writings))}
	served, _ := serve(t, reference.Config{}, l.wrap)
	l.said[served.Token] = true
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	run := exec.CommandContext(t.Context(), binary, "run", "--out", out, "--verbose", "--no-preflight", "--await", "300ms", "--cleanup-timeout", "10s")
	run.Env = append(os.Environ(), "CONFORMANCE_TEST_CHILD=1", "CONFORMANCE_REFERENCE=false", "CONFORMANCE_TARGET="+served.Target,
		"CONFORMANCE_ORGANIZATION="+served.Organization, "CONFORMANCE_GROUP="+strings.Join(served.Groups, ","), "CONFORMANCE_TOKEN="+served.Token,
		"CONFORMANCE_JOURNAL="+filepath.Join(out, "journal.jsonl"), "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+filepath.Join(out, "summary.md"))
	printed, _ := measure.Run(t, run)
	if code := run.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	written := map[string][]byte{"terminal": []byte(printed)}
	files, _ := os.ReadDir(out)
	for _, file := range files {
		written[file.Name()], _ = os.ReadFile(filepath.Join(out, file.Name()))
	}
	t.Logf("%d responses, %d secrets, %d binary bodies, %d outputs", l.turn, len(l.said), len(l.bodies), len(written))
	forms := l.forms()
	for where, data := range written {
		found := map[string]bool{}
		for at := range max(0, len(data)-len(formStart{})+1) {
			for _, f := range forms[formStart(data[at:at+len(formStart{})])] {
				if !found[f.writing] && bytes.HasPrefix(data[at:], []byte(f.text)) {
					found[f.writing] = true
					t.Errorf("%s holds %q, %s: …%.200q", where, f.secret, f.writing, data[max(0, at-100):])
				}
			}
		}
		for i, body := range l.bodies {
			if bytes.Contains(data, body) || bytes.Contains(data, []byte(base64.StdEncoding.EncodeToString(body[:30]))) {
				t.Errorf("%s holds a binary body, packed in way %d", where, i%len(packings))
			}
		}
		if bytes.Contains(data, []byte(`\x8b`)) || bytes.Contains(data, []byte(`H4sI`)) {
			t.Errorf("%s holds what looks like gzip", where)
		}
	}
}

// form is a secret as one writing, and what quotes or escapes that, have it.
type form struct{ text, secret, writing string }

// formStart is the beginning of a form, by which an output is searched in one pass.
type formStart [8]byte

// forms are all forms of the secrets that were said.
func (l *leaker) forms() map[formStart][]form {
	all, known := map[formStart][]form{}, map[string]bool{}
	for secret := range l.said {
		for name, write := range writings {
			said := write(secret)
			quoted, _ := json.Marshal(said)
			for _, text := range []string{said, strings.Trim(string(quoted), `"`), url.QueryEscape(said), url.PathEscape(said), strings.ToUpper(said), http.CanonicalHeaderKey(said)} {
				if len(text) >= len(formStart{}) && !known[text] {
					known[text] = true
					start := formStart([]byte(text))
					all[start] = append(all[start], form{text, secret, name})
				}
			}
		}
	}
	return all
}
