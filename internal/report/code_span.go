package report

import (
	"regexp"
	"strings"
)

// CodeSpan is a code span of any text, on one line; "" is a dash.
func CodeSpan(s string) string {
	if s = Printable(s); strings.TrimSpace(s) == "" {
		return "–"
	}
	ticks := strings.Repeat("`", LongestTicks(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

func LongestTicks(s string) int {
	longest, run := 0, 0
	for _, c := range []byte(s) {
		if c != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// harmless is text that Markdown shows as it stands wherever it stands.
var harmless = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ,;:()'?/-]*(?:\. ?[A-Za-z0-9 ,;:()'?/-]*)*$`)

// Prose is prose if it is harmless, and a code span where it may be something else than it seems.
func Prose(s string) string {
	if harmless.MatchString(s) && !strings.Contains(s, "://") && !strings.Contains(strings.ToLower(s), "www.") {
		return s
	}
	return CodeSpan(s)
}
