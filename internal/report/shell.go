package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longRun is the number of equal bytes from which a script repeats one instead of printing all.
const longRun = 64

// plainWord needs no quotes in a POSIX shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+:,./-]+$`)

// quote makes one word of a POSIX shell out of any text without NUL.
func quote(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// readable reports whether a text can stand in a terminal as it is, lines included.
func readable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) })
}

// printf returns a command that prints any bytes exactly.
func printf(s string) string {
	var b strings.Builder
	b.WriteString("printf '")
	for _, c := range []byte(s) {
		switch {
		case c == '%':
			b.WriteString("%%")
		case c == '\\' || c == '\'' || c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// repeating returns a command that prints any bytes exactly, and is short where long runs of one byte are in them.
func repeating(s string, redact func(string) string) string {
	var commands []string
	literal := 0
	flush := func(end int) {
		if literal < end {
			commands = append(commands, printf(redact(s[literal:end])))
		}
	}
	for start := 0; start < len(s); {
		end := start + 1
		for end < len(s) && s[end] == s[start] {
			end++
		}
		if end-start >= longRun {
			flush(start)
			commands = append(commands, fmt.Sprintf(`printf '%%0%dd' 0 | tr 0 '\%03o'`, end-start, s[start]))
			literal = end
		}
		start = end
	}
	flush(len(s))
	return "{ " + strings.Join(commands, "; ") + "; }"
}
