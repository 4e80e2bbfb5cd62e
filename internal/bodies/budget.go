// Package bodies reads what a target sends within bounds: how much of a body, of a list and of a header is read, what of it is kept,
// and how the codings are undone. A target may send anything.
package bodies

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

const (
	// BodyLimit bounds what is kept of one JSON body, in bytes, and mostRead what is read of it.
	BodyLimit, mostRead = 256 << 10, 16 << 20
	// mostPruned bounds what is read of all long JSON bodies of a run, in bytes, that are no lists.
	mostPruned = 256 << 20
	// mostCreated bounds the same for the responses to successful creates: without its id an account cannot be deleted.
	mostCreated = 768 << 20
	// smallBody is what is read of a body that is no JSON, and smallList the length from which lists are reduced.
	smallBody, smallList = 64 << 10, 16 << 10
	// tinyBody is kept of every response; longer bodies share what a run has for those up to smallBody, for those beyond, and
	// for lists.
	tinyBody     = 8 << 10
	roomy, small = 8 << 20, 2 << 20
	// So much is kept of the first responses that are too long, together, and of each of those that come after them.
	cutBudget, CutBody = 256 << 10, 1 << 10
	// cutString is kept of each string of JSON for which there is no more room, if that makes it small.
	cutString = 256
)

// Budget is what is left of the memory for the bodies of a run, in bytes. A target that sends long bodies over and over again
// fills it, and from then on has its responses cut. The buffers in which bodies are read are used again.
type Budget struct {
	small, long, lists, cut, header atomic.Int64
	// pruned is how much of long JSON bodies is still read beyond smallBody: that costs time.
	pruned  atomic.Int64
	created atomic.Int64 // the same for the responses to successful creates
	buffers sync.Pool    // of *[smallBody]byte, which most bodies fit into
	larger  sync.Pool    // of *[bodyLimit + 1]byte
}

// NewBudget is the budget of a run, times what such a run may have for the bodies that checks read.
func NewBudget(times int64) *Budget {
	r := &Budget{}
	r.small.Store(times * small)
	r.long.Store(times * small)
	r.pruned.Store(mostPruned)
	r.created.Store(mostCreated)
	r.lists.Store(times * roomy)
	r.cut.Store(cutBudget)
	r.header.Store(headerBudget)
	return r
}

// Read reads a body to its end, to the limits of one, or until there is no more room; then it is cut. Of what is no JSON
// from its beginning little is read; of long JSON some is left out, see pruner, which cuts it too. What was read
// before an error is returned with it. Of a long list the given reading keeps what it takes; nil if the response is no list.
func (r *Budget) Read(body io.Reader, list *Reading) (data []byte, cut bool, err error) {
	return r.readWithin(&r.pruned, body, list)
}

// ReadCreated is read for the response to a successful create.
func (r *Budget) ReadCreated(body io.Reader) (data []byte, cut bool, err error) {
	return r.readWithin(&r.created, body, nil)
}

func (r *Budget) readWithin(left *atomic.Int64, body io.Reader, list *Reading) (data []byte, cut bool, err error) {
	buffer, ok := r.buffers.Get().(*[smallBody]byte)
	if !ok {
		buffer = new([smallBody]byte)
	}
	defer r.buffers.Put(buffer)
	limit := smallBody
	if list != nil {
		limit = smallList
	}
	n, err := fill(buffer[:limit], body)
	if err != nil {
		text, cut := sparse(buffer[:n])
		return r.keep(text, cut, err)
	}
	whole := io.MultiReader(bytes.NewReader(bytes.Clone(buffer[:n])), body)
	begin := bytes.TrimLeft(buffer[:n], " \t\r\n")
	switch {
	case list != nil && len(begin) > 0 && begin[0] == '[':
		data, cut, err = list.reduce(whole)
		if !take(&r.lists, len(data)) {
			return list.cut()
		}
		return data, cut, err
	case len(begin) == 0 || begin[0] != '{' && begin[0] != '[':
		n, err = fill(buffer[:smallBody], whole)
		return r.keep(buffer[:n], err == nil, err)
	}
	limited := &io.LimitedReader{R: whole, N: min(mostRead, max(smallBody, left.Load()))}
	most := limited.N
	p := &pruner{from: limited}
	long, ok := r.larger.Get().(*[BodyLimit + 1]byte)
	if !ok {
		long = new([BodyLimit + 1]byte)
	}
	defer r.larger.Put(long)
	n, err = fill(long[:], p)
	left.Add(limited.N - most)
	if err == nil || limited.N <= 0 {
		n = min(n, smallBody) // it is too long
	}
	return r.keep(long[:n], err == nil || limited.N <= 0 || p.pruned, err)
}

// fill reads until the buffer is full, and returns nil then, or an error, io.EOF at the end of the body.
func fill(buffer []byte, body io.Reader) (n int, err error) {
	for n < len(buffer) && err == nil {
		var more int
		more, err = body.Read(buffer[n:])
		n += more
	}
	if n == len(buffer) && errors.Is(err, io.EOF) {
		err = nil // whether there is more, the next read tells
	}
	return n, err
}

// keep is what is kept of a body.
func (r *Budget) keep(body []byte, cut bool, err error) ([]byte, bool, error) {
	if errors.Is(err, io.EOF) {
		err = nil
	}
	account, rest := &r.small, min(len(body), CutBody)
	switch {
	case cut && len(body) == smallBody:
		account = &r.cut
	case len(body) > smallBody:
		account = &r.long
	case len(body) <= tinyBody:
		return bytes.Clone(body), cut, err
	}
	if !take(account, len(body)) {
		shorter := &pruner{from: bytes.NewReader(body), text: shortener{most: cutString}}
		kept, _ := io.ReadAll(shorter) // of a reader that does not fail
		if cut = true; account != &r.cut && len(kept) <= tinyBody {
			return kept, cut, err
		}
		body = body[:rest]
	}
	return bytes.Clone(body), cut, err
}

func take(left *atomic.Int64, n int) bool {
	if left.Add(-int64(n)) < 0 {
		left.Add(int64(n))
		return false
	}
	return true
}
