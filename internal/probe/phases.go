package probe

import (
	"net"
	"net/http/httptrace"
	"sync"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

// phases times one exchange. net/http calls a trace from goroutines of its own, hence the lock.
type phases struct {
	mu                                 sync.Mutex
	started, connected, written, first time.Time
	old                                bool
	peer                               net.Addr
}

func (p *phases) begin() { p.started = time.Now() }

// trace marks the phases. Each connection that is used calls connected before the request is written.
func (p *phases) trace(connected func()) *httptrace.ClientTrace {
	mark := func(t *time.Time) {
		p.mu.Lock()
		defer p.mu.Unlock()
		*t = time.Now()
	}
	return &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			mark(&p.connected)
			p.mu.Lock()
			p.old = info.Reused
			p.peer = info.Conn.RemoteAddr()
			p.mu.Unlock()
			connected()
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { mark(&p.written) },
		GotFirstResponseByte: func() { mark(&p.first) },
	}
}

// idle reports whether a connection was used before and closed before a response began. A stream of HTTP/2 that is reset is
// no such connection.
func (p *phases) idle(e *exchange.Exchange) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.old && e.Response == nil && brokenOff(e) && e.Failure.Message != wire.StreamReset
}

// address is that of the other end of the connection; nil if there is none.
func (p *phases) address() net.Addr {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.peer
}

func (p *phases) end() exchange.Timings {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	t := exchange.Timings{Total: now.Sub(p.started)}
	if !p.connected.IsZero() && !p.old {
		t.Connect = p.connected.Sub(p.started)
	}
	if !p.first.IsZero() {
		t.Receive = now.Sub(p.first)
		if p.written.Before(p.first) && !p.written.IsZero() {
			t.Wait = p.first.Sub(p.written)
		}
	}
	return t
}
