package probe

import (
	"io"

	"github.com/sa-conformance/conformance/internal/bodies"
)

// scanned lets a request's scan read along when the body of its response is read. End reads what is left of the body and
// returns what the scan found; it sets the error if the body broke off.
func (r Request) scanned(body io.Reader) (source io.Reader, end func(err *error) string) {
	if r.scan == nil {
		return body, func(*error) string { return "" }
	}
	out, in := io.Pipe()
	found := make(chan string, 1)
	go func() {
		foreign := r.scan(out)
		_, _ = io.Copy(io.Discard, out) // what is not read would block the writer
		found <- foreign
	}()
	source = io.TeeReader(body, in)
	return source, func(err *error) string {
		if *err == nil {
			_, *err = io.Copy(io.Discard, io.LimitReader(source, bodies.MostListBytes))
		}
		_ = in.CloseWithError(*err) // nil: io.EOF
		return <-found
	}
}
