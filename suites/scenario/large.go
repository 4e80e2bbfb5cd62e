package scenario

import (
	"bytes"
	"context"
	"fmt"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/probe"
)

const (
	LargeProbe = "create.large"
	largeMark  = "LARGE"
	// largeTries is how often a large body is sent to a target that closes the connection. One that answers early and
	// closes (RFC 9110 section 15.5.14) may be misread, as its response and the reset race each other; asked to say first
	// whether it wants the body, it can answer before there is anything to reset.
	largeTries = 2
)

// LargeCreate sends long descriptions, one after the other. What comes of them is removed at once: lists would carry it.
func LargeCreate() probe.Probe {
	return probe.Probe{Name: LargeProbe, Run: func(ctx context.Context, s *probe.Session) {
		for _, mebibytes := range []int{1, 5} {
			body := fixtures.Fill("good/marked.json", fixtures.Values{Name: s.Name("large"), Mark: largeMark})
			request, step := s.CreateRequest(stretched(body, mebibytes<<20)), fmt.Sprintf("%d MiB", mebibytes)
			e := s.Send(ctx, step, request)
			request.Header.Set("Expect", "100-continue")
			for try := 1; try < largeTries && e.BrokenOff(); try++ {
				e = s.Send(ctx, step, request)
			}
			if id := e.AccountID(); e.Success() && id != "" {
				s.Send(ctx, "delete "+step, s.DeleteRequest(id))
			}
		}
	}}
}

// stretched is a body with a number of bytes in the place of the mark. It is made in one piece, as it is long.
func stretched(body []byte, length int) []byte {
	before, after, _ := bytes.Cut(body, []byte(largeMark))
	long := make([]byte, 0, len(before)+length+len(after))
	long = append(long, before...)
	for chunk := bytes.Repeat([]byte("x"), 64<<10); length > 0; length -= len(chunk) {
		chunk = chunk[:min(len(chunk), length)]
		long = append(long, chunk...)
	}
	return append(long, after...)
}
