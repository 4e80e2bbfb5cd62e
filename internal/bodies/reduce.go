package bodies

import (
	"bytes"
	"errors"
	"io"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// reduce reads a list to its end and keeps of it what a reading takes. The body that it returns is a list of fewer items.
// If the text of the list is broken between two items, or goes on behind its end, what it returns is broken in the same
// way. It is cut if the list is longer than a run reads.
func (r *Reading) reduce(body io.Reader) (data []byte, cut bool, err error) {
	shortened := &shortener{from: &limited{body: body, lists: r.Lists, left: MostListBytes}}
	s := &itemScanner{more: shortened}
	defer func() {
		r.Reduction.Shortened = r.dense || shortened.shortened || s.pruner != nil && s.pruner.pruned
	}()
	s.space()
	s.position++ // the bracket
	for {
		item, end, ok := s.next()
		empty := len(item) == 0
		switch {
		case errors.Is(s.err, errTooLong):
			return r.cut()
		case s.err != nil && !errors.Is(s.err, io.EOF):
			return r.kept.Bytes(), false, s.err
		case !ok, empty && (end == ',' || r.Reduction.Items > 0):
			return r.broken(s, item, end), false, nil
		}
		if !empty && !r.take(item) {
			return r.cut()
		}
		if end == ']' {
			r.kept.WriteByte(']')
			return r.end(s)
		}
	}
}

// end reads what follows the list, which should be white space.
func (r *Reading) end(s *itemScanner) (data []byte, cut bool, err error) {
	for s.space(); s.err == nil; s.space() {
		if rest := s.buffer[s.position:]; len(rest) > 0 {
			r.kept.Write(rest[:min(len(rest), mostBroken)])
			return r.kept.Bytes(), false, nil
		}
	}
	switch {
	case errors.Is(s.err, errTooLong):
		return r.cut()
	case errors.Is(s.err, io.EOF):
		s.err = nil
	}
	return r.kept.Bytes(), false, s.err
}

// mostBroken is how many bytes of a broken list are kept behind the place where it is broken.
const mostBroken = 1 << 10

func (r *Reading) broken(s *itemScanner, item []byte, end byte) []byte {
	switch {
	case len(item) == 0 && end != 0: // an item is missing
		r.kept.WriteString(",,")
	case r.keptItems > 0:
		r.kept.WriteByte(',')
	}
	r.kept.Write(item[:min(len(item), mostBroken)])
	if len(item) > 0 {
		r.kept.WriteByte(end)
	}
	rest := s.buffer[s.position:]
	r.kept.Write(rest[:min(len(rest), mostBroken)])
	return r.kept.Bytes()
}

// cut gives up a list that is longer than a run reads.
func (r *Reading) cut() (data []byte, cut bool, err error) {
	return bytes.Clone(r.kept.Bytes()[:min(r.kept.Len(), CutBody)]), true, nil
}

var errTooLong = errors.New("a list is longer than a run reads")

// limited reads a body up to the limits of a list and of a run.
type limited struct {
	body  io.Reader
	lists *Lists
	left  int
}

func (l *limited) Read(b []byte) (int, error) {
	n, err := l.body.Read(b)
	if l.left -= n; l.left < 0 || l.lists.left.Add(-int64(n)) < 0 {
		return n, errTooLong
	}
	return n, err
}

// readAtOnce is how many bytes are asked for at least.
const readAtOnce = 32 << 10

// itemScanner finds the items of an array in a stream. It looks at strings and brackets only; items may be broken.
type itemScanner struct {
	buffer   []byte
	position int
	more     io.Reader
	err      error // io.EOF at the end
	// pruner reads on once an item was too long; restart is set when the item is to be looked at from its beginning.
	pruner  *pruner
	restart bool
}

// fill reads more into the buffer, behind what is not used yet. It is false at the end.
func (s *itemScanner) fill() bool {
	if s.err != nil {
		return false
	}
	if s.position > 0 {
		s.buffer = s.buffer[:copy(s.buffer, s.buffer[s.position:])]
		s.position = 0
	}
	if len(s.buffer) > MostItem {
		return s.prune()
	}
	if cap(s.buffer)-len(s.buffer) < readAtOnce {
		s.buffer = append(make([]byte, 0, 2*cap(s.buffer)+2*readAtOnce), s.buffer...)
	}
	n := 0
	n, s.err = s.more.Read(s.buffer[len(s.buffer):cap(s.buffer)])
	s.buffer = s.buffer[:len(s.buffer)+n]
	if n > 0 && errors.Is(s.err, io.EOF) {
		s.err = nil // it comes again
	}
	return n > 0 || s.err == nil
}

// prune leaves out some of an item that is too long, and of what follows. It is false if the item is still too long.
func (s *itemScanner) prune() bool {
	if s.pruner != nil {
		s.err = errTooLong
		return false
	}
	s.pruner = &pruner{from: s.more}
	s.pruner.feed(s.buffer)
	s.buffer = append(make([]byte, 0, 2*MostItem), s.pruner.out.Bytes()...)
	s.pruner.out.Reset()
	s.more, s.restart = s.pruner, true
	return true
}

// space steps over white space.
func (s *itemScanner) space() {
	for {
		rest := s.buffer[s.position:]
		s.position += len(rest) - len(bytes.TrimLeft(rest, " \t\r\n"))
		if s.position < len(s.buffer) || !s.fill() {
			return
		}
	}
}

// next returns the next item without the white space around it, and the comma or bracket behind it. It is not ok if there
// is none; position is then where the text is broken. The item is valid until the next call.
func (s *itemScanner) next() (item []byte, end byte, ok bool) {
	s.space()
	depth := 0
	for at := s.position; ; at++ {
		for at == len(s.buffer) {
			start := s.position
			if !s.fill() {
				return nil, 0, false
			}
			if at -= start; s.restart {
				at, depth, s.restart = s.position, 0, false
			}
		}
		switch c := s.buffer[at]; c {
		case '"':
			after, closed := s.text(at)
			if s.restart {
				at, depth, s.restart = s.position-1, 0, false
				continue
			}
			if !closed {
				return nil, 0, false
			}
			at = after
		case '{', '[':
			depth++
		case '}', ']', ',':
			if depth == 0 {
				item = bytes.TrimRight(s.buffer[s.position:at], " \t\r\n")
				s.position = at + 1
				return item, c, c != '}'
			}
			if c != ',' {
				depth--
			}
		}
	}
}

// text finds the end of a string that begins at a place in the buffer. Filling may move the buffer.
func (s *itemScanner) text(begin int) (end int, closed bool) {
	for at := begin + 1; ; {
		quote := bytes.IndexByte(s.buffer[min(at, len(s.buffer)):], '"')
		if quote >= 0 {
			quote += at
			slashes := quote
			for slashes > begin+1 && s.buffer[slashes-1] == '\\' {
				slashes--
			}
			if (quote-slashes)%2 == 0 {
				return quote, true
			}
			at = quote + 1
			continue
		}
		at = len(s.buffer)
		start := s.position
		if !s.fill() || s.restart {
			return 0, false
		}
		at, begin = at-start, begin-start
	}
}

// Reduced is what to put into a response.
func (r *Reading) Reduced() *exchange.Reduction {
	found := r.Reduction
	return &found
}
