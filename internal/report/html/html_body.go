package html

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/report"
)

// deepest is the depth of nesting from which a body is shown as it is.
const deepest = 40

// bodyLine is a line of a body as a page shows it, and the JSON pointer of the value that begins on it.
type bodyLine struct {
	text, pointer string
	begins        bool
}

// bodyPart is a stretch of a body; the member that offends is marked.
type bodyPart struct {
	Text string
	Mark bool
}

var (
	errNotJSON = errors.New("this is not one JSON text")
	errEnds    = errors.New("the text ends before the JSON does")
)

// layLines lays out a JSON text on lines, and leaves any other text as it is, so that what is wrong with it shows. Of
// a text that was cut, what there is of it is laid out.
func layLines(body string, cut bool) []bodyLine {
	if cut || json.Valid([]byte(body)) {
		l := layout{rest: body}
		switch err := l.value(0, "", ""); {
		case err == nil:
			return l.lines
		case errors.Is(err, errEnds) && len(l.lines) > 1:
			if rest := strings.TrimSpace(l.rest); rest != "" {
				l.add(0, rest, "", false)
			}
			return l.lines
		}
	}
	var lines []bodyLine
	for _, line := range report.PrintableLines(body) {
		lines = append(lines, bodyLine{text: line})
	}
	return lines
}

// layout reads a JSON text and writes it on lines, every token as it is written there.
type layout struct {
	rest  string // what was not read yet
	lines []bodyLine
}

func (l *layout) add(depth int, text, pointer string, begins bool) {
	l.lines = append(l.lines, bodyLine{text: strings.Repeat("  ", depth) + report.Printable(text), pointer: pointer, begins: begins})
}

// peek is the next character that is no white space.
func (l *layout) peek() (byte, error) {
	if l.rest = strings.TrimLeft(l.rest, " \t\r\n"); l.rest == "" {
		return 0, errEnds
	}
	return l.rest[0], nil
}

// take reads a number of characters.
func (l *layout) take(n int) (read string) {
	read, l.rest = l.rest[:n], l.rest[n:]
	return read
}

// scalar reads a string, a number, or a word.
func (l *layout) scalar() (string, error) {
	if l.rest[0] != '"' {
		end := strings.IndexAny(l.rest, ",:]} \t\r\n")
		switch end {
		case -1:
			return "", errEnds
		case 0:
			return "", errNotJSON
		}
		return l.take(end), nil
	}
	for i := 1; i < len(l.rest); i++ {
		switch l.rest[i] {
		case '\\':
			i++
		case '"':
			return l.take(i + 1), nil
		}
	}
	return "", errEnds
}

// value lays out one value behind a label: the name of a member, or nothing.
func (l *layout) value(depth int, label, pointer string) error {
	c, err := l.peek()
	if err != nil {
		return err
	}
	if c != '{' && c != '[' {
		if depth == 0 {
			l.add(0, strings.TrimSpace(l.rest), "", true)
			return nil
		}
		written, err := l.scalar()
		if err == nil {
			l.add(depth, label+written, pointer, true)
		}
		return err
	}
	if depth > deepest {
		return errNotJSON
	}
	first := len(l.lines)
	l.add(depth, label+l.take(1), pointer, true)
	for i := 0; ; i++ {
		switch next, err := l.peek(); {
		case err != nil:
			return err
		case next == c+2: // ] is two after [, and } two after {
			if closing := l.take(1); len(l.lines) == first+1 {
				l.lines[first].text += closing
			} else {
				l.add(depth, closing, "", false)
			}
			return nil
		case next == ',' && i > 0:
			l.take(1)
			l.lines[len(l.lines)-1].text += ","
		case i > 0:
			return errNotJSON
		}
		if err := l.member(depth+1, pointer, c == '[', i); err != nil {
			return err
		}
	}
}

// member lays out the member of an object, or the element of an array at a position.
func (l *layout) member(depth int, pointer string, element bool, position int) error {
	if element {
		return l.value(depth, "", pointer+"/"+itoa(position))
	}
	switch c, err := l.peek(); {
	case err != nil:
		return err
	case c != '"':
		return errNotJSON
	}
	written, err := l.scalar()
	if err != nil {
		return err
	}
	name := written[1 : len(written)-1]
	if strings.Contains(name, `\`) && json.Unmarshal([]byte(written), &name) != nil {
		return errNotJSON
	}
	switch c, err := l.peek(); {
	case err != nil:
		return err
	case c != ':':
		return errNotJSON
	}
	l.take(1)
	return l.value(depth, written+": ", pointer+"/"+pointerToken(name))
}

// pointerToken writes a name as a JSON pointer does (RFC 6901 section 3).
func pointerToken(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// marked finds the lines of the member that a pointer names: the member itself, or, if it is not there, the nearest
// thing around it that is. The result is where it was found; false where there is nothing to mark.
func marked(lines []bodyLine, pointer string) (found string, lit map[int]bool, ok bool) {
	lit = map[int]bool{}
	for {
		for i, line := range lines {
			if line.begins && line.pointer == pointer {
				lit[i] = true
			}
		}
		if len(lit) > 0 {
			return pointer, lit, true
		}
		end := strings.LastIndexByte(pointer, '/')
		if end < 0 {
			return "", nil, false
		}
		pointer = pointer[:end]
	}
}

// parts cuts lines down to a number of characters around what is marked, and joins those that are not.
func parts(lines []bodyLine, lit map[int]bool, limit, lineLimit int) []bodyPart {
	var out []bodyPart
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			out = append(out, bodyPart{Text: plain.String()})
			plain.Reset()
		}
	}
	keep := kept(lines, lit, limit, lineLimit)
	left := 0
	for i, line := range lines {
		if !keep[i] {
			left++
			continue
		}
		if left > 0 {
			plain.WriteString("… " + report.Plural(left, "line", "lines") + " left out\n")
			left = 0
		}
		text := strings.TrimLeft(line.text, " ")
		plain.WriteString(line.text[:len(line.text)-len(text)])
		if text = report.Shorten(text, lineLimit); lit[i] {
			flush()
			out = append(out, bodyPart{Text: text, Mark: true})
		} else {
			plain.WriteString(text)
		}
		plain.WriteByte('\n')
	}
	if left > 0 {
		plain.WriteString("… " + report.Plural(left, "line", "lines") + " left out\n")
	}
	flush()
	if n := len(out); n > 0 {
		out[n-1].Text = strings.TrimSuffix(out[n-1].Text, "\n")
	}
	return out
}

// least is a number of characters that bodies take up on a page at least.
func (m *pageMaker) least(d detail) (total int) {
	for _, exchange := range m.laid {
		for _, lines := range [][]bodyLine{exchange.request, exchange.response} {
			size := 0
			for i := 0; i < len(lines) && size < d.body-d.line; i++ {
				size += min(utf8.RuneCountInString(lines[i].text), d.line) + 1
			}
			total += min(size, max(0, d.body-d.line))
		}
	}
	return total
}

// kept chooses the lines to show: all that fit, from the beginning; where something is marked, a part of the room goes
// to the lines around it.
func kept(lines []bodyLine, lit map[int]bool, limit, lineLimit int) []bool {
	keep := make([]bool, len(lines))
	cost := func(i int) int { return min(utf8.RuneCountInString(lines[i].text), lineLimit) + 1 }
	room := limit
	take := func(i int) bool {
		if i < 0 || i >= len(lines) || keep[i] {
			return true
		}
		if room -= cost(i); room < 0 {
			return false
		}
		keep[i] = true
		return true
	}
	total := 0
	for i := range lines {
		total += cost(i)
	}
	if total > limit && len(lit) > 0 {
		first := len(lines)
		for i := range lit {
			first = min(first, i)
		}
		room = limit - limit/3
		for distance := 0; distance < len(lines) && take(first+distance) && take(first-distance); distance++ {
			continue
		}
		room = limit / 3
	}
	for i := range lines {
		if !take(i) {
			break
		}
	}
	if len(lines) > 0 && limit > 0 && !slices.Contains(keep, true) {
		keep[0] = true
	}
	return keep
}
