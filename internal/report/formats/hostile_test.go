package formats_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/report/sample"
	"github.com/sa-conformance/conformance/spec"
)

// TestHostileFields puts every attack into every text of a report, one text at a time and all at once.
func TestHostileFields(t *testing.T) {
	fields := sample.Fields()
	if fields < 150 {
		t.Fatalf("only %d texts were found", fields)
	}
	for at := -1; at < fields; at++ {
		for n, attack := range sample.Attacks {
			if at >= 0 && (n != at%len(sample.Attacks) || !raced.Tried(strconv.Itoa(at))) {
				continue
			}
			r, where := sample.Report(), "everywhere"
			if at < 0 {
				sample.Poison(r, attack)
			} else {
				where = sample.PoisonAt(r, at, attack)
			}
			for _, format := range all() {
				name := format.name
				if name == "html" && at >= 0 {
					continue // it has a test of its own
				}
				var b bytes.Buffer
				if err := format.render(&b, r); err != nil {
					t.Fatalf("%s with %q %s: %v", name, attack, where, err)
				}
				for _, fault := range faults(name, b.Bytes()) {
					t.Errorf("%s with %q %s: %s", name, attack, where, fault)
				}
			}
		}
	}
}

var (
	codeSpan = regexp.MustCompile("(?s)^(`+)(.*?[^`])(`+)")
	tags     = regexp.MustCompile(`</?(?:details|summary|b|code)>`)
	// ownLink leads to the page of a requirement.
	ownLink = regexp.MustCompile(`\(\[about this requirement\]\(` + regexp.QuoteMeta(spec.Project) + `/blob/main/docs/requirements/[a-z0-9.-]+\.md\)\)`)
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
	case "github":
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "::error title=") && !strings.HasPrefix(line, "::warning title=") {
				found = append(found, fmt.Sprintf("the line %.80q", line))
			}
		}
	case "markdown":
		left := ownLink.ReplaceAllString(tags.ReplaceAllString(outsideCode(string(text)), ""), "")
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

// Every form shows how a failure counts.
func TestEveryFormShowsTheGate(t *testing.T) {
	r := sample.Decided()
	for _, format := range all() {
		name := format.name
		if name == "json" || name == "waivers" || name == "openmetrics" {
			continue // one has members for these, one holds none of what has a waiver, one only counts them
		}
		renderer := func(b *bytes.Buffer) error { return format.render(b, r) }
		got := strings.Join(strings.Fields(string(sample.Render(t, r, renderer))), " ")
		wants := []string{"fail (waived by platform until 2027-06-30)", "fail (waiver of platform expired on 2026-12-31)"}
		if name != "text quiet" {
			wants = append(wants, "fail (not scored)")
		}
		if !slices.Contains([]string{"allure", "github", "gitlab", "junit"}, name) { // which list requirements alone
			wants = append(wants, "unobserved waiver: create.groups.set was not judged in this run")
		}
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, got)
			}
		}
		if name == "html" && strings.Contains(got, "<script>alert(1)") {
			t.Errorf("%s: what a waiver says is taken for something else", name)
		}
	}
}
