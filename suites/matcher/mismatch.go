package matcher

import "strings"

// Mismatch is a failed expectation in a form that people and reports both read. It is the text of every failure
// message of this package; Parse is the inverse of String.
type Mismatch struct {
	// Exchange is the id of the exchange that shows it, or "".
	Exchange string
	// Pointer is a JSON pointer (RFC 6901) into the body of the answer; "" is the whole document or none.
	Pointer string
	// Expected and Seen complete the sentences "expected …" and "seen …". They may span lines.
	Expected, Seen string
}

const (
	expectedMark = "expected: "
	seenMark     = "seen: "
	pointerMark  = "at: "
	exchangeMark = "in: "
	indent       = "    "
)

// String renders the mismatch, one marked line for each part; further lines of a part are indented.
func (m Mismatch) String() string {
	var b strings.Builder
	part := func(mark, text string) {
		if text == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(mark)
		b.WriteString(strings.ReplaceAll(text, "\n", "\n"+indent))
	}
	part(expectedMark, m.Expected)
	part(seenMark, m.Seen)
	part(pointerMark, m.Pointer)
	part(exchangeMark, m.Exchange)
	return b.String()
}

// Parse reads the text of a mismatch. Lines before the first mark are returned as the note; a text without marks is
// all note.
func Parse(text string) (m Mismatch, note string) {
	var current *string
	var notes []string
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(line, expectedMark):
			current, m.Expected = &m.Expected, line[len(expectedMark):]
		case strings.HasPrefix(line, seenMark):
			current, m.Seen = &m.Seen, line[len(seenMark):]
		case strings.HasPrefix(line, pointerMark):
			current, m.Pointer = &m.Pointer, line[len(pointerMark):]
		case strings.HasPrefix(line, exchangeMark):
			current, m.Exchange = &m.Exchange, line[len(exchangeMark):]
		case current == nil:
			notes = append(notes, line)
		default:
			*current += "\n" + strings.TrimPrefix(line, indent)
		}
	}
	return m, strings.TrimSpace(strings.Join(notes, "\n"))
}
