package witness

import (
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// socks is a SOCKS5 server without authentication (RFC 1928). Ours holds the addresses that it connects from.
func socks(t *testing.T) (address string, asked chan string, ours *sync.Map) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	asked, ours = make(chan string, 100), &sync.Map{}
	forward := func(c net.Conn) {
		defer func() { _ = c.Close() }()
		head := make([]byte, 3+4+4+2) // a greeting with one method, and a request with an IPv4 address
		if _, err := io.ReadFull(c, head[:3]); err != nil {
			return
		}
		_, _ = c.Write([]byte{5, 0})
		if _, err := io.ReadFull(c, head[3:]); err != nil {
			return
		}
		to := netip.AddrPortFrom(netip.AddrFrom4([4]byte(head[7:11])), binary.BigEndian.Uint16(head[11:])).String()
		asked <- to
		target, err := new(net.Dialer).DialContext(t.Context(), "tcp", to)
		if err != nil {
			return
		}
		ours.Store(target.LocalAddr().String(), true)
		defer func() { _ = target.Close() }()
		_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		go func() { _, _ = io.Copy(target, c) }()
		_, _ = io.Copy(c, target)
	}
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go forward(c)
		}
	}()
	return listener.Addr().String(), asked, ours
}

// TestRepeatsFromElsewhere repeats reads from another address: a target that is right for the address of the witness alone is found.
func TestRepeatsFromElsewhere(t *testing.T) {
	t.Parallel()
	for name, forAll := range map[string]bool{"right for all": true, "right for the witness's address alone": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, asked, ours := socks(t)
			p := newPlace(t, func(w http.ResponseWriter, r *http.Request) {
				if _, elsewhere := ours.Load(r.RemoteAddr); elsewhere && !forAll {
					w.Header().Set("Content-Type", "application/json")
					_, _ = io.WriteString(w, `[{"metadata":{"id":"22222222-2222-4222-8222-222222222222"}}]`)
					return
				}
				answers(w, r)
			})
			p.server.Elsewhere, p.server.chance = []string{address}, func() bool { return true }
			p.begin()
			for range mostRepeats { // the place is drawn: with so many, some are from elsewhere
				p.must(http.MethodGet, collection, "")
			}
			testimony, _ := p.end()
			if testimony.Repeats.Sent != mostRepeats || testimony.Repeats.Elsewhere == 0 || (testimony.Repeats.Differed > 0) == forAll {
				t.Errorf("%+v", testimony.Repeats)
			}
			if to := <-asked; "https://"+to != p.target.URL {
				t.Errorf("a repeat went to %s", to)
			}
			if len(testimony.Peers) != 1 {
				t.Errorf("who answered: %+v", testimony.Peers)
			}
		})
	}
}

// Repeats wait, so that they do not follow what they repeat; a session that ends does not wait for them.
func TestRepeatsWait(t *testing.T) {
	t.Parallel()
	p := newPlace(t, answers)
	p.server.chance, p.server.later = func() bool { return true }, func() time.Duration { return time.Hour }
	p.begin()
	p.must(http.MethodGet, collection, "")
	p.must(http.MethodGet, collection+"?x=1", "") // the run goes on meanwhile
	testimony, _ := p.end()
	if n := len(testimony.Entries); n != 4 || testimony.Entries[0].Repeats != 0 || testimony.Entries[1].Repeats != 0 || testimony.Repeats.Differed != 0 {
		t.Errorf("%d entries: %+v", n, testimony.Entries)
	}
}
