package matcher

import "strings"

// Mismatch is a failed expectation in a form that people and reports both read. It is the text of every failure
// message of this package.
type Mismatch struct {
	// Exchange is the id of the exchange that shows it, or "".
	Exchange string
	// Pointer is a JSON pointer (RFC 6901) into the body of the response; "" is the whole document or none.
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
