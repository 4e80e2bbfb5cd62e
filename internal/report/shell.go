package report

import (
	"bytes"
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

// ShellWord makes one word of a POSIX shell out of any text without NUL.
func ShellWord(s string) string {
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
func repeating(s []byte, redact func(string) string) string {
	var commands []string
	literal := 0
	flush := func(end int) {
		if literal < end {
			commands = append(commands, printf(redact(string(s[literal:end]))))
		}
	}
	for start := 0; start < len(s); {
		end := start + run(s[start:])
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

// run is how many equal bytes a text that is not empty begins with. A long run is compared with its own beginning, which is
// far faster than byte by byte.
func run(s []byte) int {
	n := 1
	for n < len(s) && n < longRun && s[n] == s[0] {
		n++
	}
	if n < longRun {
		return n
	}
	for bytes.HasPrefix(s[n:], s[:n]) {
		n *= 2
	}
	for part := n / 2; part > 0; part /= 2 { // longRun is a power of two, so that the parts add up to any rest
		if bytes.HasPrefix(s[n:], s[:part]) {
			n += part
		}
	}
	return n
}
