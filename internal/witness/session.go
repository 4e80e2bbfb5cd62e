package witness

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// session is one run that is witnessed.
type session struct {
	server   *Server
	secret   [sha256.Size]byte // the digest of the session's own token
	scheme   string
	host     string
	client   *http.Client
	alone    *http.Client
	accounts *accounts
	normal   normal
	expires  time.Time

	// ending is closed when nothing more comes: repeats that wait are sent at once.
	ending chan struct{}
	// running counts the exchanges on their way. It is added to under mu while ended is not set.
	running sync.WaitGroup

	mu        sync.Mutex
	ended     bool
	testimony Testimony
}

// mostExchanges bounds the entries of a session, and mostRepeats what the witness sends of its own.
const (
	mostExchanges = 100_000
	mostRepeats   = 20
	repeatOneIn   = 8
)

// enter begins an exchange; false if the session is over.
func (s *session) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || len(s.testimony.Entries) >= mostExchanges || s.server.now().After(s.expires) {
		return false
	}
	s.running.Add(1)
	return true
}

// address is that of a request of the session. It cannot lead to another host.
func (s *session) address(uri string) (*url.URL, error) {
	if !strings.HasPrefix(uri, "/") {
		return nil, errors.New("the address of the request does not begin with a slash")
	}
	u, err := url.Parse(s.scheme + "://" + s.host + uri)
	if err != nil || u.Host != s.host || u.User != nil {
		return nil, errors.New("the address of the request cannot be read")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// exchange sends a request and enters what came of it.
func (s *session) exchange(ctx context.Context, o outgoing, u *url.URL, body []byte) (in incoming, answer []byte, again func()) {
	if reason := s.accounts.refusal(o.Method, u.EscapedPath()); reason != "" {
		s.mu.Lock()
		s.testimony.Refused++
		s.mu.Unlock()
		return incoming{Refused: reason}, nil, nil
	}
	if o.Method == http.MethodPost {
		s.accounts.asked(body)
	}
	sent := s.send(ctx, o, u, body, s.client)
	if sent.status > 0 && !sent.broken {
		s.accounts.learn(o.Method, u.EscapedPath(), sent.status, sent.plain, sent.started)
	}
	entry, err := s.enterExchange(ctx, sent, 0)
	if err != nil {
		return incoming{Refused: "the witness could not sign the exchange"}, nil, nil
	}
	in = incoming{
		Failure: sent.failure, Status: sent.status, Proto: sent.proto, Header: sent.header, ContentLength: sent.length, TransferEncoding: sent.encoding,
		Number: entry.Number, Chain: entry.Chain, Signature: entry.Signature,
	}
	if s.repeats(o, sent) {
		again = func() { s.repeat(ctx, o, u, sent, entry.Number) }
	}
	return in, sent.body, again
}

// sent is what came of a request.
type sent struct {
	request, loose string
	// purpose is what the request is for, and presented what may be known of its token.
	purpose, presented string
	started, ended     time.Time
	peer               *Peer
	status             int
	proto              string
	header             http.Header
	length             int64
	encoding           []string
	// body is as it arrived, plain without its content coding.
	body, plain []byte
	broken      bool
	failure     failure
}

func (s *session) send(ctx context.Context, o outgoing, u *url.URL, body []byte, client *http.Client) (r sent) {
	r.request, r.loose = s.normal.request(o.Method, u.String(), o.Header, body)
	r.purpose, r.presented = o.Purpose, s.normal.presented(o.Header)
	r.started = s.server.now().UTC()
	defer func() { r.ended = s.server.now().UTC() }()
	limited, cancel := context.WithTimeout(ctx, s.server.Timeout)
	defer cancel()
	var remote net.Addr
	var mu sync.Mutex // net/http may call a trace from goroutines of its own
	traced := httptrace.WithClientTrace(limited, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		mu.Lock()
		defer mu.Unlock()
		remote = info.Conn.RemoteAddr()
	}})
	var reader io.Reader
	switch {
	case o.Bodiless:
	case o.Chunked:
		reader = struct{ io.Reader }{bytes.NewReader(body)}
	default:
		reader = bytes.NewReader(body)
	}
	request, err := http.NewRequestWithContext(traced, o.Method, s.scheme+"://"+s.host, reader)
	if err != nil {
		r.broken, r.failure = true, malformed
		return r
	}
	request.URL, request.Header = u, o.Header.Clone()
	if o.Alone {
		client = s.alone
	}
	response, err := client.Do(request)
	if err != nil {
		r.broken, r.failure = true, failureOf(err)
		return r
	}
	defer func() { _ = response.Body.Close() }()
	mu.Lock()
	r.peer = peerOf(remote, response.TLS)
	mu.Unlock()
	r.status, r.proto, r.header, r.length, r.encoding = response.StatusCode, response.Proto, response.Header, response.ContentLength, response.TransferEncoding
	r.body, err = io.ReadAll(io.LimitReader(response.Body, mostBody))
	r.broken, r.failure = err != nil, failureOf(err)
	r.plain = plainBody(r.header, r.body)
	return r
}

// enterExchange adds an entry to the chain and signs it.
func (s *session) enterExchange(ctx context.Context, r sent, repeats int) (Entry, error) {
	e := Entry{
		Started: r.started, Ended: r.ended, Repeats: repeats, Request: r.request, Loose: r.loose, Purpose: r.purpose, Presented: r.presented, Broken: r.broken, Peer: -1,
		Undelivered: repeats == 0 && ctx.Err() != nil,
	}
	if r.status > 0 {
		e.Response = s.normal.response(r.status, r.header, r.plain)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &s.testimony
	if r.peer != nil {
		e.Peer = slices.IndexFunc(t.Peers, func(p Peer) bool { return p.same(r.peer) })
		if e.Peer < 0 {
			e.Peer, t.Peers = len(t.Peers), append(t.Peers, *r.peer)
		}
	}
	e.Number = len(t.Entries) + 1
	before, err := t.head()
	if err != nil {
		return e, err
	}
	if e.Chain, err = e.link(before); err != nil {
		return e, err
	}
	if e.Signature, err = s.server.Sign(context.WithoutCancel(ctx), signed(t.Session, e)); err != nil {
		return e, err
	}
	t.Entries = append(t.Entries, e)
	return e, nil
}

// end closes the session and returns its statement.
func (s *session) end() *Testimony {
	s.mu.Lock()
	if !s.ended {
		close(s.ending)
	}
	s.ended = true
	s.mu.Unlock()
	s.running.Wait()
	s.client.CloseIdleConnections()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.testimony.Ended = s.server.now().UTC()
	return &s.testimony
}

// peerOf is who answered. It bounds what is recorded of a chain that a target made up.
func peerOf(remote net.Addr, state *tls.ConnectionState) *Peer {
	const most, longest = 10, 256
	p := &Peer{Chain: []Certificate{}}
	if remote != nil {
		p.Address, _, _ = net.SplitHostPort(remote.String())
	}
	if state == nil {
		return p
	}
	short := func(text string) string { return strings.ToValidUTF8(text[:min(len(text), longest)], "") }
	for _, c := range state.PeerCertificates[:min(len(state.PeerCertificates), most)] {
		sum := sha256.Sum256(c.Raw)
		shown := Certificate{Subject: short(c.Subject.String()), Issuer: short(c.Issuer.String()), SHA256: hex.EncodeToString(sum[:])}
		for _, name := range c.DNSNames[:min(len(c.DNSNames), most)] {
			shown.Names = append(shown.Names, short(name))
		}
		for _, ip := range c.IPAddresses[:min(len(c.IPAddresses), most)] {
			shown.Names = append(shown.Names, ip.String())
		}
		p.Chain = append(p.Chain, shown)
	}
	return p
}

func (p Peer) same(other *Peer) bool {
	return p.Address == other.Address && slices.EqualFunc(p.Chain, other.Chain, func(a, b Certificate) bool { return a.SHA256 == b.SHA256 })
}

// repeats decides whether the witness repeats a read of its own accord. Nobody else knows which.
func (s *session) repeats(o outgoing, r sent) bool {
	if o.Method != http.MethodGet || r.broken || !s.normal.comparable(o, r) {
		return false
	}
	chance := s.server.chance
	if chance == nil {
		chance = oneInSome
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.testimony.Repeats.Sent >= mostRepeats || !chance() {
		return false
	}
	s.testimony.Repeats.Sent++
	return true
}

// oneInSome is true by chance.
func oneInSome() bool {
	n, err := rand.Int(rand.Reader, big.NewInt(repeatOneIn))
	return err == nil && n.Sign() == 0
}

// repeat sends a read once more as another client would, while the request's credential is at hand, and compares. If the response
// differs, the run's own request is sent again: what has changed for that, too, says nothing about who asks.
func (s *session) repeat(ctx context.Context, o outgoing, u *url.URL, first sent, number int) {
	ctx = context.WithoutCancel(ctx)
	s.wait()
	client, elsewhere := s.repeater(first)
	again := func(header http.Header) (sent, bool) {
		r := s.send(ctx, outgoing{Method: o.Method, Header: header, Bodiless: true}, u, nil, client)
		if elsewhere && r.peer != nil && first.peer != nil {
			r.peer.Address = first.peer.Address // of the target, and not of who forwards
		}
		_, err := s.enterExchange(ctx, r, number)
		return r, err == nil
	}
	other := http.Header{"Accept": {"application/json"}, "User-Agent": {"Go-http-client/2.0"}, "Accept-Encoding": {"gzip"}}
	if credentials := o.Header["Authorization"]; len(credentials) > 0 {
		other["Authorization"] = credentials
	}
	second, ok := again(other)
	from, differs := elsewhere, ok && s.normal.differs(first, second)
	if differs {
		client, elsewhere = s.alone, false
		control, ok := again(o.Header)
		differs = ok && !control.broken && !s.normal.differs(first, control)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if differs {
		s.testimony.Repeats.Differed++
	}
	if from && ok && !second.broken {
		s.testimony.Repeats.Elsewhere++
	}
}

// now is for tests, too.
func (s *Server) now() time.Time { return s.Now() }
