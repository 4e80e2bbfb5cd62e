package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/report"
)

// hostileTexts are texts that a target could send: each against terminals, HTML, XML, Markdown, JSON, or CI servers.
var hostileTexts = []string{
	hostile,
	"\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\ \x9b31m \x07\x08\x7f",
	`</script><script>alert(1)</script><img src=x onerror=alert(1)>`,
	`"><svg/onload=alert(1)> ' onmouseover='alert(1)`,
	"]]></failure></testcase><testcase name=\"forged\"/><![CDATA[ ]]]]>>",
	"``` \n</details>\n# forged\n[click](javascript:alert(1)) ![](http://evil.example/x.png) @everyone #1 www.evil.example https://evil.example",
	"```` ` ````` | a | b |\n|---|---|\n| forged | row |",
	"\n::error::forged\n##[error]forged\n::set-output name=x::y\r::stop-commands::x",
	"\u2028\u2029\u202e\u2066\ufeff\ufffe\U000e0041\x00\xff\xfe",
	"\\u003cscript\\u003e \\\" \\\\ {0} [a](b)",
}

// renderers are all that turn a report into something that people or programs read.
func renderers(t *testing.T) map[string]func(io.Writer, *report.Report) error {
	s := sources(t)
	return map[string]func(io.Writer, *report.Report) error{
		"text":         func(w io.Writer, r *report.Report) error { return report.Text(w, r, report.TextOptions{}) },
		"text verbose": func(w io.Writer, r *report.Report) error { return report.Text(w, r, report.TextOptions{Verbose: true}) },
		"text quiet":   func(w io.Writer, r *report.Report) error { return report.Text(w, r, report.TextOptions{Quiet: true}) },
		"html":         report.HTML,
		"junit":        report.JUnit, "json": report.JSON, "markdown": report.Markdown, "annotations": report.Annotations,
		"sarif": func(w io.Writer, r *report.Report) error { return report.SARIF(w, r, s) },
	}
}

// TestHostileFields puts every attack into every text of a report, one text at a time and all at once.
func TestHostileFields(t *testing.T) {
	all, schema := renderers(t), sarifSchema(t)
	fields := 0
	visitStrings(reflect.ValueOf(sample()), "", func(reflect.Value, string) { fields++ })
	if fields < 150 {
		t.Fatalf("only %d texts were found", fields)
	}
	for at := -1; at < fields; at++ {
		for n, attack := range hostileTexts {
			if at >= 0 && n != at%len(hostileTexts) {
				continue
			}
			r, i, where := sample(), -1, "everywhere"
			visitStrings(reflect.ValueOf(r), "", func(v reflect.Value, path string) {
				if i++; at < 0 && !strings.HasSuffix(path, "Outcome") && !strings.HasSuffix(path, "Profile") && !strings.HasSuffix(path, "Profiles[]") && !strings.HasSuffix(path, "Name") || i == at {
					v.SetString(attack)
					if i == at {
						where = path
					}
				}
			})
			for name, render := range all {
				if name == "html" && at >= 0 {
					continue // it has a test of its own
				}
				var b bytes.Buffer
				if err := render(&b, r); err != nil {
					t.Fatalf("%s with %q %s: %v", name, attack, where, err)
				}
				for _, fault := range faults(name, b.Bytes()) {
					t.Errorf("%s with %q %s: %s", name, attack, where, fault)
				}
				if name == "sarif" && at < 0 {
					validSARIF(t, schema, b.Bytes())
				}
			}
		}
	}
}

// visitStrings visits every text that can be set, in a fixed order.
func visitStrings(v reflect.Value, path string, visit func(reflect.Value, string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			visitStrings(v.Elem(), path, visit)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			visitStrings(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visitStrings(v.Index(i), path+"[]", visit)
		}
	case reflect.String:
		visit(v, path)
	}
}

var (
	codeSpan = regexp.MustCompile("(?s)^(`+)(.*?[^`])(`+)")
	tags     = regexp.MustCompile(`</?(?:details|summary|b|code)>`)
)

// faults are what an output must not hold, whatever the report holds.
func faults(name string, text []byte) (found []string) {
	if !utf8.Valid(text) {
		found = append(found, "it is not UTF-8")
	}
	for _, c := range string(text) {
		if c != '\n' && !unicode.IsPrint(c) {
			found = append(found, fmt.Sprintf("it holds %U", c))
			break
		}
	}
	switch name {
	case "junit":
		if err := xml.Unmarshal(text, new(struct{})); err != nil {
			found = append(found, err.Error())
		}
		if bytes.Contains(text, []byte(`<testcase name="forged"`)) {
			decoder, forged := xml.NewDecoder(bytes.NewReader(text)), false
			for {
				token, err := decoder.Token()
				if err != nil {
					break
				}
				if start, ok := token.(xml.StartElement); ok && start.Name.Local == "testcase" {
					forged = forged || len(start.Attr) > 0 && start.Attr[0].Value == "forged"
				}
			}
			if forged {
				found = append(found, "it holds a forged test case")
			}
		}
	case "annotations":
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "::error title=") && !strings.HasPrefix(line, "::warning title=") {
				found = append(found, fmt.Sprintf("the line %.80q", line))
			}
		}
	case "markdown":
		left := tags.ReplaceAllString(outsideCode(string(text)), "")
		for _, bad := range []string{"<", "@", "http", "www.", "javascript", "](", "![", "# forged", "forged", "#1"} {
			if strings.Contains(left, bad) {
				at := strings.Index(left, bad)
				found = append(found, fmt.Sprintf("outside code it holds %q: %.160q", bad, left[max(at-80, 0):min(at+80, len(left))]))
			}
		}
		for line := range strings.Lines(left) {
			if strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 9 && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 3 {
				found = append(found, fmt.Sprintf("a broken row: %q", line))
			}
		}
	}
	return found
}

// outsideCode is Markdown without its fences, its code spans, and what stands in <code>.
func outsideCode(text string) string {
	var b strings.Builder
	fence := ""
	for line := range strings.Lines(text) {
		trimmed := strings.TrimRight(line, "\n")
		ticks := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		switch {
		case fence != "" && trimmed == fence:
			fence = ""
			continue
		case fence != "":
			continue
		case len(ticks) >= 3 && !strings.Contains(trimmed[len(ticks):], "`"):
			fence = ticks
			continue
		}
		for len(line) > 0 {
			if at := strings.Index(line, "</code>"); strings.HasPrefix(line, "<code>") && at > 0 && !strings.Contains(line[6:at], "<") {
				line = line[at+7:]
				continue
			}
			if m := codeSpan.FindStringSubmatch(line); m != nil {
				if n := closing(line, len(m[1])); n > 0 {
					line = line[n:]
					continue
				}
			}
			b.WriteByte(line[0])
			line = line[1:]
		}
	}
	return b.String()
}

// closing is where a code span that n backticks open ends: after the next run of exactly n.
func closing(line string, n int) int {
	for i := n; i < len(line); {
		if line[i] != '`' {
			i++
			continue
		}
		run := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
		i += run
		if run == n {
			return i
		}
	}
	return 0
}
