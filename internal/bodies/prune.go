package bodies

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// What is kept of a long JSON body beyond these limits is left out, so that the text stays JSON: the ends of strings (see
// shortener) and of numbers, members and items, nesting, and runs of white space.
const (
	mostMembers, mostElements = 500, 1000
	deepest                   = 64
	mostDigits, mostSpaces    = 1000, 64
)

// needed are the members without which nobody can tell what a response is about: they are kept wherever they stand, up to a
// number of them.
var needed = []string{`"metadata"`, `"spec"`, `"status"`, `"id"`, `"name"`, `"description"`, `"organizationId"`, `"creationTime"`, `"provisioningStatus"`, `"deletionTime"`}

const mostNeeded = 50

// pruner reads JSON and leaves out what goes beyond the limits. Of a text that is no JSON it may leave out anything.
type pruner struct {
	from io.Reader
	// pruned is set once something but white space was left out.
	pruned bool

	out    bytes.Buffer
	err    error
	input  []byte
	text   shortener // for the string that is being read
	stack  []container
	gap    []byte // the white space behind a comma that is not written yet
	key    []byte // of the member that begins, before it is known whether it is kept
	inKey  bool
	skips  bool // what is read belongs to something that is left out
	inside int  // how many brackets are open in it
	closed bool // it ends with its bracket, which stands in the output already
	digits int
	spaces int
}

// container is an array or an object that is open.
type container struct {
	object  bool
	atKey   bool // the next string is the name of a member
	comma   bool // a comma was read, and nothing behind it
	begun   bool // an item or a member has begun behind the last comma
	written bool // one was written
	count   int
}

func (p *pruner) Read(b []byte) (int, error) {
	if p.input == nil {
		p.input = make([]byte, 32<<10)
	}
	for p.out.Len() == 0 && p.err == nil {
		n := 0
		n, p.err = p.from.Read(p.input)
		p.feed(p.input[:n])
	}
	if p.out.Len() > 0 {
		return p.out.Read(b)
	}
	return 0, p.err
}

// feed takes more of the text.
func (p *pruner) feed(text []byte) {
	for len(text) > 0 {
		if p.text.inString {
			text = text[p.string(text):]
			continue
		}
		p.step(text[0])
		text = text[1:]
	}
	p.pruned = p.pruned || p.text.shortened
}

// string takes what a text holds of the string that is being read, and returns its length.
func (p *pruner) string(text []byte) int {
	if plain := bytes.IndexAny(text, `"\`); plain != 0 && p.text.escape == 0 {
		if plain < 0 {
			plain = len(text)
		}
		kept := min(plain, max(p.text.limit()-p.text.length, 0))
		p.text.length += kept
		p.text.shortened = p.text.shortened || kept < plain
		p.write(text[:kept]...)
		return plain
	}
	if p.text.next(text[0]) {
		p.write(text[0])
	}
	if !p.text.inString && p.inKey {
		p.inKey = false
		p.member()
	}
	return 1
}

// write puts out what is not left out, and the name of a member aside.
func (p *pruner) write(text ...byte) {
	switch {
	case p.skips:
	case p.inKey:
		p.key = append(p.key, text...)
	default:
		p.out.Write(text)
	}
}

func (p *pruner) top() *container {
	if len(p.stack) == 0 {
		return &container{begun: true}
	}
	return &p.stack[len(p.stack)-1]
}

// step takes one byte outside strings.
func (p *pruner) step(c byte) {
	if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
		p.spaces = 0
	} else if p.spaces++; p.spaces > mostSpaces {
		return
	}
	if c < '0' || c > '9' {
		p.digits = 0
	}
	switch c {
	case ' ', '\t', '\r', '\n':
		if p.top().comma && !p.skips {
			p.gap = append(p.gap, c)
		} else {
			p.write(c)
		}
	case '"':
		p.text.inString, p.text.length = true, 0
		if !p.skips && p.top().object && p.top().atKey {
			p.inKey, p.key = true, p.key[:0]
		} else {
			p.item()
		}
		p.write(c)
	case '{', '[':
		p.open(c)
	case '}', ']':
		p.close(c)
	case ',':
		p.comma()
	case ':':
		p.write(c)
	default:
		if p.digits++; p.digits > mostDigits && c >= '0' && c <= '9' {
			p.pruned = true
			return
		}
		p.item()
		p.write(c)
	}
}

// item begins an item of an array, which is left out if there are too many.
func (p *pruner) item() {
	if t := p.top(); !p.skips && !t.object && !t.begun {
		p.begin(t, t.count >= mostElements)
	}
}

// member begins a member of an object, the name of which was read.
func (p *pruner) member() {
	t := p.top()
	t.atKey = false
	most := mostMembers
	if slices.Contains(needed, string(p.key)) {
		most += mostNeeded
	}
	if p.begin(t, t.count >= most); !p.skips {
		p.out.Write(p.key)
	}
}

func (p *pruner) begin(t *container, leaveOut bool) {
	if leaveOut {
		p.skips, p.inside, p.closed, p.pruned = true, 0, false, true
		t.comma = false
		return
	}
	p.writeComma(t)
	t.begun, t.written, t.comma = true, true, false
	t.count++
}

func (p *pruner) open(c byte) {
	p.item()
	switch {
	case p.skips:
		p.inside++
	case len(p.stack) == deepest:
		p.out.WriteByte(c)
		p.out.WriteByte(c + 2) // the bracket that closes it
		p.skips, p.inside, p.closed, p.pruned = true, 1, true, true
	default:
		p.out.WriteByte(c)
		p.stack = append(p.stack, container{object: c == '{', atKey: c == '{'})
	}
}

func (p *pruner) close(c byte) {
	if p.skips && p.inside > 0 {
		if p.inside--; p.inside == 0 && p.closed {
			p.skips = false
		}
		return
	}
	p.skips = false
	if len(p.stack) > 0 {
		p.writeComma(p.top())
		p.stack = p.stack[:len(p.stack)-1]
	}
	p.out.WriteByte(c)
}

func (p *pruner) comma() {
	if p.skips && p.inside > 0 {
		return
	}
	t := p.top()
	if len(p.stack) == 0 {
		p.out.WriteByte(',')
		return
	}
	p.writeComma(t)
	if p.skips {
		p.skips = false
		t.comma = t.written
	} else {
		t.comma = true
	}
	t.begun, t.atKey = false, t.object
}

// writeComma writes a comma that was read before it was known whether anything follows it.
func (p *pruner) writeComma(c *container) {
	if c.comma {
		p.out.WriteByte(',')
		p.out.Write(p.gap)
	}
	p.gap = p.gap[:0]
}

// Prune is what is left of a text, and whether something was left out.
func Prune(text []byte) ([]byte, bool) {
	p := &pruner{from: bytes.NewReader(text)}
	whole, err := io.ReadAll(p)
	return whole, p.pruned && (err == nil || errors.Is(err, io.EOF))
}
