package matcher

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/spec"
)

// shortest is the length, in bytes, below which a credential may stand in a response by chance.
const shortest = 8

// RepeatNone accepts a response that holds none of the given texts, in headers or body. Those of less than eight bytes
// and words of the contract could be there by chance and are passed over. The message shows none.
func RepeatNone(texts ...string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		texts := telling(e, texts)
		if holdsAny(string(e.Response.Body), texts) {
			return &Mismatch{Expected: notRepeated, Seen: "it stands in the body"}
		}
		return repeatedInHeader(e, texts)
	})
}

// RepeatNoneInHeaders is RepeatNone for the headers alone.
func RepeatNoneInHeaders(texts ...string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch { return repeatedInHeader(e, telling(e, texts)) })
}

// NotEchoCredential accepts a response that nowhere, in headers or body, holds the credential that its request carried.
// Requests without one have nothing to echo.
func NotEchoCredential() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		_, credential, _ := strings.Cut(strings.TrimSpace(e.Request.Header.Get("Authorization")), " ")
		return run(RepeatNone(strings.TrimSpace(credential)), e)
	})
}

const notRepeated = "a response that does not repeat what must stay secret"

func repeatedInHeader(e *exchange.Exchange, texts []string) *Mismatch {
	for _, name := range slices.Sorted(maps.Keys(e.Response.Header)) {
		if holdsAny(strings.Join(e.Response.Header.Values(name), "\n"), texts) {
			return &Mismatch{Expected: notRepeated, Seen: "it stands in the header " + name}
		}
	}
	return nil
}

func holdsAny(text string, secrets []string) bool {
	return slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(text, s) })
}

// telling are the texts that no response holds by chance. Short ones and single words may be there by chance, and so may what
// the request says elsewhere than in its credentials. In a recording a placeholder tells of the text that it stands for.
func telling(e *exchange.Exchange, texts []string) []string {
	var found []string
	for _, text := range texts {
		facts, recorded := jwt.ParsePlaceholder(text)
		if !recorded {
			facts = jwt.Facts{Characters: len(text), Word: Word(text)}
		}
		if facts.Characters >= shortest && !facts.Word && !elsewhere(e.Request, text) {
			found = append(found, text)
		}
	}
	return found
}

// Word reports whether a text is a word of the contract, or a media type of it.
func Word(text string) bool {
	const longest = 32
	letter := func(c rune) bool { return c == '/' || 'a' <= c|0x20 && c|0x20 <= 'z' }
	strange := strings.ContainsFunc(text, func(c rune) bool { return !letter(c) })
	return !strange && len(text) <= longest && bytes.Contains(bytes.ToLower(spec.ContractFile()), []byte(strings.ToLower(text)))
}

func elsewhere(r exchange.Request, text string) bool {
	if strings.Contains(r.URL, "/"+text+"/") || strings.Contains(string(r.Body), `"`+text+`"`) {
		return true
	}
	for name, values := range r.Header {
		if !strings.EqualFold(name, "Authorization") && slices.Contains(values, text) {
			return true
		}
	}
	return false
}

// ShareNoCredentials accepts a response that does not let pages of a foreign origin, or of any, read it with the user's
// credentials (Fetch standard, CORS protocol).
func ShareNoCredentials(origin string) types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		allowed := e.Response.Header.Get("Access-Control-Allow-Origin")
		credentials := strings.EqualFold(e.Response.Header.Get("Access-Control-Allow-Credentials"), "true")
		if credentials && (allowed == "*" || strings.EqualFold(allowed, origin)) {
			return &Mismatch{
				Expected: "no Access-Control-Allow-Credentials for an origin that the target cannot know",
				Seen:     "Access-Control-Allow-Origin: " + Show(allowed) + " with Access-Control-Allow-Credentials: true",
			}
		}
		return nil
	})
}

var traceIDForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// BeTraceID accepts 32 hexadecimal digits.
func BeTraceID() types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		if text, ok := value.(string); ok && traceIDForm.MatchString(strings.ToLower(text)) {
			return nil
		}
		return &Mismatch{Expected: "32 hexadecimal digits", Seen: Show(value)}
	})
}

// internals are the traces that the inside of a server leaves in a response, each with what it is, and with pieces of text
// one of which every match holds: looking for those first is far cheaper.
var internals = []struct {
	what    string
	pattern *regexp.Regexp
	pieces  []string
}{
	{"a stack trace", regexp.MustCompile(`goroutine \d+ \[|Traceback \(most recent call last\)|\bat [\w$.]+\([\w]+\.java:\d+\)|\n\s+at \S+ \(\S+:\d+:\d+\)`), []string{"goroutine ", "Traceback", "at "}},
	{"a panic", regexp.MustCompile(`(?i)\bpanic:|runtime error:|nil pointer dereference|NullPointerException|unhandled exception`), []string{"anic:", "ANIC:", "untime error", "UNTIME ERROR", "ointer", "OINTER", "xception", "XCEPTION"}},
	{"a path of a source file", regexp.MustCompile(`(?:/[\w.@-]+){2,}\.(?:go|py|js|ts|java|rb|rs|php)(?::\d+)?\b|[A-Z]:\\[\w\\.-]+`), []string{".go", ".py", ".js", ".ts", ".java", ".rb", ".rs", ".php", `:\`}},
	{"an SQL statement or a database's error", regexp.MustCompile(`\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE FROM\b|pq: |SQLSTATE|syntax error at or near|ORA-\d{5}`), []string{"SELECT", "INSERT", "UPDATE", "DELETE", "pq: ", "SQLSTATE", "syntax error", "ORA-"}},
	{"an address inside the service", regexp.MustCompile(`\b[\w-]+\.svc\.cluster\.local\b|dial tcp \d`), []string{".svc.", "dial tcp"}},
}

// mostSearched bounds, in bytes, how much of a body is searched for the inside of a server.
const mostSearched = 64 << 10

// RevealNoInternals accepts an error whose body shows no inside of the server: no stack trace, panic, source path, SQL.
func RevealNoInternals() types.GomegaMatcher {
	return onAnswer(func(e *exchange.Exchange) *Mismatch {
		text := readable(e)
		for _, inside := range internals {
			promising := slices.ContainsFunc(inside.pieces, func(piece string) bool { return strings.Contains(text, piece) })
			if promising && inside.pattern.MatchString(text) {
				return &Mismatch{Expected: "an error that shows nothing of the server's inside", Seen: inside.what}
			}
		}
		return nil
	})
}

// readable is the body as it was sent and, if it is JSON, the strings in it as a reader sees them: a stack trace has
// line breaks, and in JSON those are escaped.
func readable(e *exchange.Exchange) string {
	if len(e.Response.Body) > mostSearched {
		return string(e.Response.Body[:mostSearched])
	}
	lines := []string{string(e.Response.Body)}
	document, _ := e.Document()
	var walk func(value any)
	walk = func(value any) {
		switch v := value.(type) {
		case string:
			lines = append(lines, v)
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(document)
	return strings.Join(lines, "\n")
}
