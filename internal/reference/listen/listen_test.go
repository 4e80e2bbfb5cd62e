package listen

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
)

// serve starts a listener around a server that knows its own URL.
func serve(t *testing.T, useTLS bool) (*Listener, reference.Credentials, *http.Client) {
	t.Helper()
	s, err := reference.New(reference.Config{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := Listen(t.Context(), "", useTLS, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	s.SetBaseURL(l.URL)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(l.CertificatePEM)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return l, s.Credentials(), &http.Client{Transport: transport}
}

func TestListen(t *testing.T) {
	for _, useTLS := range []bool{false, true} {
		t.Run(fmt.Sprintf("TLS %v", useTLS), func(t *testing.T) {
			l, c, client := serve(t, useTLS)
			q, err := http.NewRequestWithContext(t.Context(), "POST", l.URL+"/api/v1/organizations/"+c.Organization+"/serviceaccounts", strings.NewReader(`{"metadata":{"name":"x"},"spec":{"groupIDs":[]}}`))
			if err != nil {
				t.Fatal(err)
			}
			q.Header.Set("Authorization", "Bearer "+c.Token)
			q.Header.Set("Content-Type", "application/json")
			a, err := client.Do(q)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Body.Close()
			major := 1
			if useTLS {
				major = 2
			}
			if a.StatusCode != http.StatusCreated || a.ProtoMajor != major || a.Header.Get("Date") == "" {
				t.Errorf("%s %s %v", a.Proto, a.Status, a.Header)
			}
			if useTLS != (a.Header.Get("Strict-Transport-Security") != "") || useTLS != strings.HasPrefix(l.URL, "https://127.0.0.1:") {
				t.Errorf("%s: %v", l.URL, a.Header)
			}
		})
	}
}

// A client that writes all of its body before it reads must still see the response.
func TestRefusalOfALargeBodyIsSeen(t *testing.T) {
	l, c, _ := serve(t, false)
	for _, token := range []string{c.Token, "garbage"} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(l.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		const size = 6 << 20
		head := fmt.Sprintf("POST /api/v1/organizations/%s/serviceaccounts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", c.Organization, token, size)
		if _, err := io.WriteString(conn, head+strings.Repeat(" ", size)); err != nil {
			t.Fatalf("writing the body: %v", err)
		}
		a, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("reading the response: %v", err)
		}
		want := http.StatusRequestEntityTooLarge
		if token == "garbage" {
			want = http.StatusUnauthorized
		}
		if a.StatusCode != want || a.Close {
			t.Errorf("status %d, close %v", a.StatusCode, a.Close)
		}
		_ = a.Body.Close()
		_ = conn.Close()
	}
}

func TestCloseIsForced(t *testing.T) {
	started := make(chan struct{})
	l, err := Listen(t.Context(), "localhost:0", false, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
	}))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(l.URL, "http://localhost:") || l.CertificatePEM != nil {
		t.Errorf("URL %q", l.URL)
	}
	go func() {
		q, err := http.NewRequestWithContext(context.Background(), "GET", l.URL, nil)
		if err != nil {
			return
		}
		if a, err := http.DefaultClient.Do(q); err == nil {
			_ = a.Body.Close()
		}
	}()
	<-started
	before := time.Now()
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Error(err)
	}
	if took := time.Since(before); took > 2*time.Second {
		t.Errorf("Close took %v", took)
	}
	<-l.Done()
	if err := l.Err(); err != nil {
		t.Error(err)
	}
}

func TestListenEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l, err := Listen(ctx, "", true, http.NotFoundHandler())
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := l.Err(); err != nil {
		t.Error(err)
	}
}

func TestListenErrors(t *testing.T) {
	for _, addr := range []string{"127.0.0.1", "127.0.0.1:99999"} {
		if _, err := Listen(t.Context(), addr, false, nil); err == nil {
			t.Errorf("Listen(%q) succeeds", addr)
		}
	}
}

func TestCertificateNames(t *testing.T) {
	c, text, err := newCertificate("ref.test", time.Now())
	if err != nil || !strings.HasPrefix(string(text), "-----BEGIN CERTIFICATE-----") {
		t.Fatalf("%s, %v", text, err)
	}
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"127.0.0.1", "::1", "localhost", "ref.test"} {
		if err := leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
	for host, want := range map[string]string{"": "127.0.0.1:7", "0.0.0.0": "127.0.0.1:7", "::": "127.0.0.1:7", "::1": "[::1]:7", "a.test": "a.test:7"} {
		if got := reachable(host, &net.TCPAddr{Port: 7}); got != want {
			t.Errorf("reachable(%q) = %q", host, got)
		}
	}
}
