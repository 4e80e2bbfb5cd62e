package probe

import (
	"bytes"
	"errors"
	"io"
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
// and from then on has its answers cut.
type room struct{ left, cut atomic.Int64 }

func newRoom() *room {
	r := &room{}
	r.left.Store(roomy)
	r.cut.Store(cutRoomy)
	return r
}

// read reads a body to its end, to the limit of one, or until there is no more room; then it is cut. Of what is no
// JSON from its beginning little is read. What was read before
// an error is returned with it.
func (r *room) read(body io.Reader) (data []byte, cut bool, err error) {
	var b bytes.Buffer
	_, err = io.CopyN(&b, body, smallBody)
	taken := int64(0)
	for err == nil && b.Len() <= bodyLimit && beginsAsJSON(b.Bytes()) && r.take(step) {
		taken += step
		_, err = io.CopyN(&b, body, step)
	}
	if err == nil || b.Len() > bodyLimit {
		r.left.Add(taken)
		if r.cut.Add(-smallBody) < 0 {
			return bytes.Clone(b.Bytes()[:cutBody]), true, nil
		}
		return bytes.Clone(b.Bytes()[:smallBody]), true, nil
	}
	r.left.Add(taken - int64(max(b.Len()-smallBody, 0)))
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return bytes.Clone(b.Bytes()), false, err
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
