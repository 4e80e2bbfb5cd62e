package export

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
)

// Hurl writes a file for Hurl.
func Hurl(s *Script) (map[string][]byte, error) {
	var b strings.Builder
	for _, line := range s.head() {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	b.WriteString("#\n#   hurl --test --continue-on-error")
	for _, in := range s.Inputs {
		if in.Value != "" {
			fmt.Fprintf(&b, " --variable %s=%s", in.Name, in.Value)
		} else {
			fmt.Fprintf(&b, " --secret %s=\"$%s\"", in.Name, strings.ToUpper(in.Name))
		}
	}
	b.WriteString(" FILE\n")
	for _, step := range s.Steps {
		fmt.Fprintf(&b, "\n# %s\n%s %s\n", step.Name, step.Method, step.URL.String(hurlValue, hurlVariable))
		for _, h := range step.Headers {
			fmt.Fprintf(&b, "%s: %s\n", hurlValue(h.Name), h.Value.String(hurlValue, hurlVariable))
		}
		switch {
		case step.Raw != nil:
			fmt.Fprintf(&b, "base64,%s;\n", base64.StdEncoding.EncodeToString(step.Raw))
		case step.Body != nil:
			fmt.Fprintf(&b, "`%s`\n", step.Body.String(hurlLine, hurlVariable))
		}
		for _, note := range step.Notes {
			fmt.Fprintf(&b, "# %s\n", note)
		}
		hurlResponse(&b, step)
	}
	return map[string][]byte{"failure.hurl": []byte(b.String())}, nil
}

// hurlResponse tests with explicit asserts: an implicit one that fails would leave out the captures, and so the clean-up.
func hurlResponse(b *strings.Builder, step Step) {
	b.WriteString("HTTP *\n")
	for i, c := range step.Captures {
		if i == 0 {
			b.WriteString("[Captures]\n")
		}
		path, _ := jsonPath(c.Pointer)
		fmt.Fprintf(b, "%s: jsonpath \"%s\"\n", c.Variable, path)
	}
	var asserts []string
	if step.Status > 0 {
		asserts = append(asserts, fmt.Sprintf("status == %d", step.Status))
	}
	if c := step.Check; c != nil {
		path, _ := jsonPath(c.Pointer)
		switch {
		case c.Statuses != nil:
			asserts = append(asserts, hurlStatus(c.Statuses, c.Seen)...)
		case c.Equals == "":
			asserts = append(asserts, fmt.Sprintf("jsonpath \"%s\" exists", path))
		default:
			asserts = append(asserts, fmt.Sprintf("jsonpath \"%s\" == %s", path, hurlJSON(c.Equals)))
		}
	}
	if len(asserts) > 0 {
		b.WriteString("[Asserts]\n" + strings.Join(asserts, "\n") + "\n")
	}
}

func hurlVariable(name string) string { return "{{" + name + "}}" }

// hurlValue escapes what stands unquoted on a line: an address or the value of a header.
func hurlValue(s string) string { return hurlEscaped(s, "\\#") }

// hurlLine escapes what stands between back quotes.
func hurlLine(s string) string { return hurlEscaped(s, "\\`") }

// hurlEscaped leaves no two braces side by side, which would begin a variable.
func hurlEscaped(s, special string) string {
	var b strings.Builder
	all := []rune(s)
	for i, c := range all {
		brace := c == '{' && (i == len(all)-1 || all[i+1] == '{')
		switch {
		case brace || c != ' ' && !unicode.IsPrint(c):
			fmt.Fprintf(&b, `\u{%x}`, c)
		case strings.ContainsRune(special, c):
			b.WriteRune('\\')
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// hurlJSON is a JSON scalar as Hurl writes it: strings have \u{…} for \u….
func hurlJSON(text string) string {
	if !strings.HasPrefix(text, `"`) {
		return text
	}
	return `"` + hurlEscaped(unquoted(text), "\\\"") + `"`
}
