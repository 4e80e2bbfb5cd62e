package suites

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/report"
)

// hostile is text for whoever shows it without care; bad stands for bytes that are not UTF-8, which JSON encoders do not
// write.
const (
	bad     = "@bad@"
	hostile = "</script><script>alert(1)</script>\x1b]0;owned\x07\x1b[2J\x1b[31m\x00\u0085\u202e\u2028\uFEFF]]>&#0;%s%!d(MISSING)" +
		"\r\nexpected: nothing\nseen: nothing\nat: /x\nin: no/where\n::error::owned\n" + bad
)

var badBytes = []byte("\xff\xfe\xc3\x28\xed\xa0\x80")

// spoiling changes every response of a server.
func spoiling(change func(r *http.Request, header http.Header, body []byte) []byte) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			body := change(r, recorder.Header(), recorder.Body.Bytes())
			recorder.Header().Del("Content-Length")
			for name, values := range recorder.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(recorder.Code)
			_, _ = w.Write(body)
		})
	}
}

// everyText changes every string of a JSON text, and leaves any other text as it is. The pointer ends in the member's name.
func everyText(body []byte, change func(name, text string) string) []byte {
	var document any
	if json.Unmarshal(body, &document) != nil {
		return body
	}
	var walk func(name string, value any) any
	walk = func(name string, value any) any {
		switch v := value.(type) {
		case string:
			return change(name, v)
		case []any:
			for i := range v {
				v[i] = walk(name, v[i])
			}
		case map[string]any:
			for member := range v {
				v[member] = walk(member, v[member])
			}
			v["more "+hostile] = hostile
		}
		return value
	}
	text, _ := json.Marshal(walk("", document))
	return bytes.ReplaceAll(text, []byte(bad), badBytes)
}

// A target that says hostile things leads to failures of its own, never to one of the suite, and to no report that
// harms who looks at it.
func TestHostileTargets(t *testing.T) {
	headers := func(h http.Header) {
		h.Set("X-Hostile", "\x1b[31m<script>"+string(badBytes))
		h.Set("Date", "\x1b[31m"+string(badBytes))
		h.Set("Retry-After", "\x1b[31m")
		h.Add("WWW-Authenticate", "Bearer error=\"\x1b[31m"+string(badBytes)+"\", resource_metadata=\"https://\x1b[2J\"")
	}
	for name, change := range map[string]func(*http.Request, http.Header, []byte) []byte{
		"every string but what keeps the conversation going": func(_ *http.Request, h http.Header, body []byte) []byte {
			headers(h)
			return everyText(body, func(name, text string) string {
				switch name {
				case "id", "accessToken", "jwks_uri", "issuer", "name", "sub":
					return text
				}
				if name == "healthStatus" || name == "expiry" || name == "error" {
					return hostile
				}
				return text + hostile
			})
		},
		"ids and tokens": func(_ *http.Request, _ http.Header, body []byte) []byte {
			return everyText(body, func(name, text string) string {
				switch name {
				case "id", "kid", "jwks_uri":
					return text + hostile
				case "accessToken":
					return text + "\x1b[2J<\x00" + bad
				}
				return text
			})
		},
		"no JSON": func(r *http.Request, h http.Header, body []byte) []byte {
			if r.Method == http.MethodGet {
				return make([]byte, len(body))
			}
			h.Set("Content-Type", "\x1b[31m"+string(badBytes))
			return bytes.ReplaceAll([]byte("{\""+hostile), []byte(bad), badBytes)
		},
	} {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, _ := serve(t, reference.Config{}, spoiling(change))
			result := judged(t, t.Context(), hasty(cfg)) // which has no fault of the suite
			if result.Report.Verdict != report.NonConformant || !result.Report.Complete {
				t.Errorf("%s, complete: %v", result.Report.Verdict, result.Report.Complete)
			}
			written := renderings(t, result)
			validReport(t, written["report.json"])
			if err := readXML(written["junit.xml"]); err != nil {
				t.Errorf("junit.xml: %v", err)
			}
			for where, data := range written {
				harmless(t, where, string(data))
			}
			for _, r := range result.Report.Results {
				if strings.HasPrefix(r.Pointer, "/x") || len(r.Evidence) > 0 && r.Evidence[0] == "no/where" {
					t.Errorf("%s took the words of the target for its own: %+v", r.ID, r)
				}
			}
		})
	}
}

// harmless wants text that no terminal acts on.
func harmless(t *testing.T, where, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s is not UTF-8", where)
	}
	if i := strings.IndexFunc(text, func(c rune) bool { return c != '\n' && c != '\t' && !unicode.IsPrint(c) }); i >= 0 {
		t.Errorf("%s holds %q", where, text[max(0, i-60):min(len(text), i+20)])
	}
	if where == "report.html" && strings.Contains(text, "<script>alert") {
		t.Errorf("%s holds markup of the target", where)
	}
	if where == "text" && strings.Contains(text, "\n::error::") {
		t.Errorf("%s holds a line of the target", where)
	}
}

func readXML(data []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if element, ok := token.(xml.StartElement); ok && element.Name.Local == "script" {
			return errors.New("markup of the target")
		}
	}
}
