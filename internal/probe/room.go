package probe

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

const (
	// bodyLimit bounds what is read of one answer, in bytes.
	bodyLimit = 4 << 20
	// smallBody is what of every answer is kept; the rest of longer ones is taken out of a room that all answers of a run
	// share.
	smallBody = 64 << 10
	roomy     = 32 << 20
	// So much is kept of the first answers that are too long, together, and of each of those that come after them.
	cutRoomy, cutBody = 256 << 10, 1 << 10
	step              = 128 << 10 // in which it is taken
	// mostFields and fieldBytes bound the header of an answer; net/http keeps to the second.
	mostFields, fieldBytes = 200, 64 << 10
)

// room is what is left of the memory for long bodies, in bytes. A target that sends megabytes over and over again fills it,
// and from then on has its answers cut. The pieces in which long bodies are read are used again: buffers that grow left
// garbage faster than it was collected, half a gigabyte of it on a busy machine.
type room struct {
	left, cut atomic.Int64
	pieces    sync.Pool // of *[step]byte
}

func newRoom() *room {
	r := &room{}
	r.left.Store(roomy)
	r.cut.Store(cutRoomy)
	return r
}

// read reads a body to its end, to the limit of one, or until there is no more room; then it is cut. Of what is no
// JSON from its beginning little is read. What was read before an error is returned with it. Of a long list the given
// reading keeps what it takes; nil if the answer is no list.
func (r *room) read(body io.Reader, list *reading) (data []byte, cut bool, err error) {
	var begin bytes.Buffer
	_, err = io.CopyN(&begin, body, smallBody)
	if err == nil && list != nil && bytes.HasPrefix(bytes.TrimLeft(begin.Bytes(), " \t\r\n"), []byte("[")) {
		data, cut, err = list.reduce(begin.Bytes(), body)
		if !r.take(int64(len(data))) {
			data, cut, err = list.cut()
		}
		return data, cut, err
	}
	var long pieces
	if err == nil && beginsAsJSON(begin.Bytes()) {
		err = r.readLong(body, &long)
	}
	defer r.giveBack(&long)
	if err == nil {
		if r.cut.Add(-smallBody) < 0 {
			return bytes.Clone(begin.Bytes()[:cutBody]), true, nil
		}
		return bytes.Clone(begin.Bytes()), true, nil
	}
	r.left.Add(-int64(long.length)) // which is kept
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return long.after(begin.Bytes()), false, err
}

// pieces is what was read of a long body after its beginning.
type pieces struct {
	full   []*[step]byte
	length int // bytes
}

// readLong reads on by pieces. It returns nil where there is more of the body than is read, and io.EOF at its end.
func (r *room) readLong(body io.Reader, long *pieces) error {
	for r.take(step) {
		piece, ok := r.pieces.Get().(*[step]byte)
		if !ok {
			piece = new([step]byte)
		}
		long.full = append(long.full, piece)
		var err error
		for n, filled := 0, 0; filled < step && err == nil; filled += n {
			n, err = body.Read(piece[filled:])
			long.length += n
		}
		if smallBody+long.length > bodyLimit {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// giveBack lets other answers use the memory in which a body was read.
func (r *room) giveBack(long *pieces) {
	for _, piece := range long.full {
		r.pieces.Put(piece)
	}
	r.left.Add(int64(len(long.full)) * step)
}

// after is the whole body, of its beginning and the pieces.
func (p *pieces) after(begin []byte) []byte {
	whole := append(make([]byte, 0, len(begin)+p.length), begin...)
	for _, piece := range p.full {
		whole = append(whole, piece[:min(step, len(begin)+p.length-len(whole))]...)
	}
	return whole
}

// beginsAsJSON tells the bodies of which more is worth having: an object or an array.
func beginsAsJSON(body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n")
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

func (r *room) take(n int64) bool {
	if r.left.Add(-n) < 0 {
		r.left.Add(n)
		return false
	}
	return true
}

// fields counts the fields of a header.
func fields(header map[string][]string) int {
	n := 0
	for _, values := range header {
		n += len(values)
	}
	return n
}
