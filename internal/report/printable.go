package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable makes visible what a terminal would act on or hide: control characters, escapes, line ends, marks that
// turn the direction of text, blanks that are no spaces, and bytes that are not UTF-8. The result is one line. What a
// target sent reaches a person only through here.
func Printable(s string) string {
	if !strings.ContainsFunc(s, func(c rune) bool { return !visible(c) || c == utf8.RuneError }) {
		return s
	}
	var b strings.Builder
	for i, c := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case visible(c):
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x80:
			fmt.Fprintf(&b, `\x%02x`, c)
		case c <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			fmt.Fprintf(&b, `\U%08x`, c)
		}
	}
	return b.String()
}

// visible reports whether a character shows as itself.
func visible(c rune) bool { return unicode.IsPrint(c) }

// PrintableLines is Printable for each line of a text; a tab becomes spaces.
func PrintableLines(s string) []string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\t", "    ")
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, line := range lines {
		lines[i] = Printable(line)
	}
	return lines
}

// EscapeInvisible writes characters that do not show as \uXXXX. Outside strings a JSON text holds none but line ends.
func EscapeInvisible(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, c := range text {
		switch {
		case c == '\n' || visible(c):
			out = append(out, string(c)...)
		case c <= 0xffff:
			out = fmt.Appendf(out, `\u%04x`, c)
		default:
			first, second := utf16.EncodeRune(c)
			out = fmt.Appendf(out, `\u%04x\u%04x`, first, second)
		}
	}
	return out
}
