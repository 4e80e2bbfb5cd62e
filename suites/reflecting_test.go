package suites

import (
	"bytes"
	"compress/gzip"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/spec"
)

// reflections are ways to say a secret that whoever reads a report can undo.
var reflections = []func(string) string{
	func(s string) string { return s },
	strings.ToUpper,
	func(s string) string { return s[:len(s)-1] },
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(s))))
	},
	func(s string) string { return base32.StdEncoding.EncodeToString([]byte(s)) },
	func(s string) string { return hex.EncodeToString([]byte(s)) },
	func(s string) string { return url.QueryEscape(each(s, "%%%02x")) },
	func(s string) string { return each(s, "=%02X") },
	func(s string) string { return each(s, "&#%d") },
	func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") },
	func(s string) string { return s[:9] + "\n" + s[9:] },
	func(s string) string { return "https://x:" + url.PathEscape(s) + "@host/" },
	func(s string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
		return base64.StdEncoding.EncodeToString(b.Bytes())
	},
}

func each(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

// TestNoReflectionIsWritten judges a target that says the operator's token, and secrets of its own, in places that reports
// show and in ways that can be undone.
func TestNoReflectionIsWritten(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	const issued, session = "q8Zr4TkPz0LmX2vYb7NsWd3HfJ9cGa5eUi1oKtRx", "low-session-word"
	var turn atomic.Int64
	cfg, _ := serve(t, reference.Config{}, spoiling(func(r *http.Request, header http.Header, body []byte) []byte {
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		header.Add("Set-Cookie", "sid="+session)
		header.Set("X-Access-Token", session)
		header.Set("X-Note", "see "+issued)
		var document map[string]any
		if len(credential) < 20 || json.Unmarshal(body, &document) != nil {
			return body
		}
		said := reflections[int(turn.Add(1))%len(reflections)](credential)
		header.Set("X-Echo", url.QueryEscape(said))
		document["tokens"], document["refresh_token"], document["note"] = []any{session}, session, issued+" "+said
		if _, refused := document["error"]; refused {
			document["error_description"], document["trace_id"] = "no "+said, said
		}
		if metadata, ok := document["metadata"].(map[string]any); ok && strings.HasPrefix(r.Method, "P") {
			metadata["description"], metadata["createdBy"] = said, said
		}
		text, _ := json.Marshal(document)
		return text
	}))
	cfg.Profiles = []spec.Profile{spec.Core}
	result := judged(t, t.Context(), hasty(cfg))
	written := renderings(t, result)
	var recording bytes.Buffer
	if err := result.WriteRecording(&recording); err != nil {
		t.Fatal(err)
	}
	written["recording.har"] = recording.Bytes()
	searched := []string{issued, session}
	for _, reflect := range reflections {
		said := reflect(cfg.Token)
		quoted, _ := json.Marshal(said)
		searched = append(searched, said, strings.Trim(string(quoted), `"`))
	}
	for where, data := range written {
		for _, text := range searched {
			if bytes.Contains(data, []byte(text)) {
				t.Errorf("%s holds %.200q", where, text)
			}
		}
		if where != "github" && where != "openmetrics" && !bytes.Contains(data, []byte("redacted")) { // these show no exchange
			t.Errorf("%s has no placeholder", where)
		}
	}
}

// TestACommonSecretIsJudgedAlike gives credentials that are words, ids of the run, or parts of one another.
func TestACommonSecretIsJudgedAlike(t *testing.T) {
	for name, mutate := range map[string]func(*engine.Config){
		"a label": func(c *engine.Config) { c.RestrictedToken, c.ExpiredToken = "restricted-token", "expired-token" },
		"words": func(c *engine.Config) {
			c.RestrictedToken, c.ExpiredToken, c.NotYetValidToken = "a", "application/json", "metadata"
		},
		"ids of the run": func(c *engine.Config) { c.RestrictedToken, c.ExpiredToken = c.Organization, c.Groups[0] },
		"nested": func(c *engine.Config) {
			c.RestrictedToken, c.ExpiredToken = "canary-0123456789", "canary-0123456789-longer"
		},
		"metacharacters": func(c *engine.Config) { c.RestrictedToken, c.ExpiredToken = `a":"b","c":{"`, `[redacted:token-1]` },
	} {
		if !raced.Tried(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live, again, recording := judgeBoth(t, wrapped(func(next http.Handler) http.Handler { return next }), func(c *engine.Config) {
				hurried(c)
				mutate(c)
				c.Profiles = []spec.Profile{spec.Core}
			})
			expectSame(t, live, again)
			if clean, left := live.Secrets.Filter(recording); left != "" || !bytes.Equal(clean, recording) {
				t.Errorf("the recording would be changed for %q", left)
			}
		})
	}
}
