package report

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/redact"
)

// credentialLength is the length from which a credential is looked for in an address or a body, where a shorter one could be
// there by chance.
const credentialLength = 16

// curlWords writes the words of one curl line. A credential that has a variable is written as the variable; any other one
// of the line has $TOKEN, $TOKEN_2 and so on.
type curlWords struct {
	redact   func(string) string
	known    []redact.Variable
	identity string
	others   []string
}

// authorization is the option of curl that sends the value of an Authorization header.
func (w *curlWords) authorization(name, value string) string {
	scheme, credential := splitCredentials(value)
	if credential == "" {
		return ""
	}
	for _, v := range w.known {
		if v.Value == credential {
			return `"` + name + ": " + inDoubleQuotes(w.redact(scheme)) + "$" + v.Name + `"`
		}
	}
	if word, ok := w.expanded(name + ": " + value); ok {
		return word
	}
	return `"` + name + ": " + inDoubleQuotes(w.redact(scheme)) + "$" + w.other(credential) + `"`
}

// word is a text as one word of a shell.
func (w *curlWords) word(text string) string {
	if word, ok := w.expanded(text); ok {
		return word
	}
	return ShellWord(w.redact(text))
}

// expanded is a text in which a credential stands that has a variable, in double quotes.
func (w *curlWords) expanded(text string) (word string, ok bool) {
	var b strings.Builder
	b.WriteByte('"')
	for text != "" {
		at, found := len(text), redact.Variable{}
		for _, v := range w.known {
			if len(v.Value) < credentialLength || !strings.Contains(text, v.Value) {
				continue
			}
			if n := strings.Index(text, v.Value); n < at || n == at && len(v.Value) > len(found.Value) {
				at, found = n, v
			}
		}
		b.WriteString(inDoubleQuotes(w.redact(text[:at])))
		if found.Name == "" {
			break
		}
		ok = true
		b.WriteString("${" + found.Name + "}")
		text = text[at+len(found.Value):]
	}
	b.WriteByte('"')
	return b.String(), ok
}

// other is the variable of a credential that has none of its own.
func (w *curlWords) other(credential string) string {
	n := slices.Index(w.others, credential)
	if n < 0 {
		n = len(w.others)
		w.others = append(w.others, credential)
	}
	if n == 0 && len(w.known) == 0 {
		return Variable(w.identity)
	}
	if n == 0 {
		return "TOKEN"
	}
	return fmt.Sprintf("TOKEN_%d", n+1)
}

// inDoubleQuotes escapes what a shell would act on between double quotes.
func inDoubleQuotes(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(s)
}

// header is the option of curl that sends a header.
func (w *curlWords) header(name, value string) string {
	if http.CanonicalHeaderKey(name) == "Authorization" {
		if option := w.authorization(name, value); option != "" {
			return option
		}
	}
	if value == "" {
		return ShellWord(name + ";") // so curl sends a header without a value
	}
	return ShellWord(w.redact(name) + ": " + headerValue(name, value, w.redact))
}

// CurlVariables says for each variable in a curl line what it stands for, in the order of the line.
func CurlVariables(e Exchange) []string {
	var said []string
	for _, name := range variableNames.FindAllString(e.Curl, -1) {
		name = strings.Trim(name, "${}")
		meaning, known := meanings[name]
		if !known {
			meaning = "another credential of this request, which is sent as " + e.Identity
		}
		if line := "$" + name + " is " + meaning; !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	return said
}
