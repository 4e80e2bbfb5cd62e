package probe

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// seen is what a server saw of a request.
type seen struct {
	Method, URI, Body string
	Header            http.Header
	Length            int64
	Encoding          []string
}

func recordingServer(t *testing.T) (base string, last func() seen) {
	t.Helper()
	var mu sync.Mutex
	var saw seen
	base = serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		saw = seen{r.Method, r.RequestURI, string(body), r.Header, r.ContentLength, r.TransferEncoding}
		w.Header().Set("X-Answer", "yes")
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("a response"))
	})
	return base, func() seen { mu.Lock(); defer mu.Unlock(); return saw }
}

func TestSend(t *testing.T) {
	base, last := recordingServer(t)
	r := newRun(t, base+"/identity")
	s := r.session("a.probe")
	request := s.CreateRequest([]byte(`{"é":1}`))
	request.Header["X-Twice"] = []string{"1", "2"}
	e := s.Send(t.Context(), "create", request)

	saw := last()
	want := seen{
		Method: "POST", URI: "/identity/api/v1/organizations/" + organization + "/serviceaccounts", Body: `{"é":1}`, Length: 8,
		Header: http.Header{
			"Authorization": {"Bearer " + operator}, "Content-Type": {"application/json"}, "Accept": {"application/json"},
			"X-Twice": {"1", "2"}, "User-Agent": {"sa-conformance"}, "Accept-Encoding": {"identity"}, "Traceparent": e.Request.Header["Traceparent"], "Content-Length": {"8"},
		},
	}
	if diff := cmp.Diff(want, saw); diff != "" {
		t.Errorf("the server saw: -want +got:\n%s", diff)
	}
	delete(want.Header, "Content-Length") // net/http's own
	wantRequest := exchange.Request{Method: "POST", URL: base + want.URI, Header: want.Header, Body: []byte(`{"é":1}`)}
	if diff := cmp.Diff(wantRequest, e.Request); diff != "" {
		t.Errorf("recorded: -want +got:\n%s", diff)
	}
	if e.ID != "a.probe/create" || e.Probe != "a.probe" || e.Step != "create" || e.Operation != CreateOperation || e.Identity != "operator" {
		t.Errorf("the exchange is %q, %q, %q, %q, %q", e.ID, e.Probe, e.Step, e.Operation, e.Identity)
	}
	response := e.Response
	if !e.Answered() || response.Status != http.StatusTeapot || string(response.Body) != "a response" || response.Header.Get("X-Answer") != "yes" ||
		response.Proto != "HTTP/1.1" || response.ContentLength != 10 || response.Truncated {
		t.Errorf("the response is %+v, failure %v", response, e.Failure)
	}
	if e.Timings.Total <= 0 || e.Timings.Connect <= 0 || e.Timings.Connect > e.Timings.Total || e.Timings.Wait > e.Timings.Total || e.StartedAt.IsZero() {
		t.Errorf("the timings are %+v", e.Timings)
	}
	again := s.Send(t.Context(), "create", request)
	if again.ID != "a.probe/create#2" || again.Timings.Connect != 0 {
		t.Errorf("the second is %q and took %+v", again.ID, again.Timings)
	}
	if again.Request.Header.Get("Traceparent") == e.Request.Header.Get("Traceparent") {
		t.Error("two exchanges share a trace")
	}
	if diff := cmp.Diff([]string{"a.probe/create", "a.probe/create#2"}, ids(r.Recording().All())); diff != "" {
		t.Errorf("recording: -want +got:\n%s", diff)
	}
	if _, touched := request.Header["Authorization"]; touched {
		t.Error("the probe's header was changed")
	}
}

func TestIdentities(t *testing.T) {
	base, last := recordingServer(t)
	s := newRun(t, strings.Replace(base, "http://", "http://user:password@", 1)).session("p")
	for name, test := range map[string]struct {
		as   Identity
		want []string
	}{
		"none":  {Nobody(), nil},
		"plain": {Bearer("plain", "abc"), []string{"Bearer abc"}},
		"twice": {Header("twice", "Bearer a", "bearer b"), []string{"Bearer a", "bearer b"}},
		"odd":   {Header("odd", "token"), []string{"token"}},
		"empty": {Header("empty", ""), []string{""}},
	} {
		request := get("/")
		request.As = test.as
		request.Header = http.Header{"User-Agent": {"mine"}}
		e := s.Send(t.Context(), name, request)
		if diff := cmp.Diff(test.want, last().Header["Authorization"]); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if last().Header.Get("User-Agent") != "mine" || e.Identity != name || strings.Contains(e.Request.URL, "password") {
			t.Errorf("%s: recorded as %q, %s", name, e.Identity, e.Request.URL)
		}
	}
}

// Paths go over the wire as they stand.
func TestPaths(t *testing.T) {
	base, last := recordingServer(t)
	for _, prefix := range []string{"", "/identity", "/a%2Fb", "/identity/v%20x"} {
		s := newRun(t, base+prefix).session("p")
		for _, path := range []string{
			"/", "/a", "/a/", "/a//b", "//a", "/../a", "/a/../b", "/a/./b", "/a/..", "/%2e%2e/a", "/a%2Fb", "/a%2fb", "/a%252Fb", "/a%20b", "/%00",
			"/a?", "/a?b", "/a?b=c&d=%2F", "/a??x", "/a?b/../c", "/a;b=c", "/a:b@c", "/!$&'()*+,=~-_.", "/é", "/%C3%A9", "/%c3%a9", "/[a]",
		} {
			e := s.Send(t.Context(), path, get(path))
			want := strings.ReplaceAll(prefix+path, "é", "%C3%A9")
			if got := last().URI; got != want {
				t.Errorf("%s: %s came as %s", prefix, path, got)
			}
			if e.Request.URL != base+want {
				t.Errorf("%s: %s was recorded as %s", prefix, path, e.Request.URL)
			}
		}
	}
	for _, path := range []string{"/%zz", "/%"} {
		e := newRun(t, base).session("p").Send(t.Context(), "bad", get(path))
		if kind(e) != exchange.Other || e.Failure.Message != "the address of the request cannot be formed" || e.Request.URL != base+path {
			t.Errorf("%s: %+v", path, e.Failure)
		}
	}
	if e := newRun(t, "http://[::1").session("p").Send(t.Context(), "bad", get("/")); kind(e) != exchange.Other {
		t.Errorf("a bad base: %+v", e.Failure)
	}
	request := get("/")
	request.Method = "A B"
	if e := newRun(t, base).session("p").Send(t.Context(), "bad", request); kind(e) != exchange.Limit { // the guard lets known methods read alone
		t.Errorf("a bad method: %+v", e.Failure)
	}
	request.Method, request.As = "GET", Bearer("broken", "a\nb")
	if e := newRun(t, base).session("p").Send(t.Context(), "bad", request); kind(e) != exchange.Other || e.Failure.Message != "the request cannot be formed" {
		t.Errorf("a bad header: %+v", e.Failure)
	}
}

func TestBodies(t *testing.T) {
	base, last := recordingServer(t)
	s := newRun(t, base).session("p")
	for name, test := range map[string]struct {
		body    []byte
		chunked bool
		length  int64
	}{
		"none":    {nil, false, 0},
		"empty":   {[]byte{}, false, 0},
		"sized":   {[]byte("abc"), false, 3},
		"chunked": {[]byte("abc"), true, -1},
		"zeros":   {make([]byte, 1<<20), true, -1},
	} {
		e := s.Send(t.Context(), name, Request{Method: http.MethodPost, Path: "/", Body: test.body, Chunked: test.chunked})
		saw := last()
		if saw.Body != string(test.body) || saw.Length != test.length || (len(saw.Encoding) == 1) != test.chunked {
			t.Errorf("%s: the server saw %d bytes, length %d, encoding %v", name, len(saw.Body), saw.Length, saw.Encoding)
		}
		if !bytes.Equal(e.Request.Body, test.body) || (e.Request.Body == nil) != (test.body == nil) || e.Request.Chunked != test.chunked {
			t.Errorf("%s: recorded as %d bytes, chunked %t", name, len(e.Request.Body), e.Request.Chunked)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/elsewhere":
			http.Redirect(w, r, "/secret", http.StatusTemporaryRedirect)
		case "/chunked":
			_, _ = w.Write([]byte("a"))
			w.(http.Flusher).Flush()
			_, _ = w.Write([]byte("b"))
		case "/limit":
			_, _ = w.Write(texts(bodies.BodyLimit))
		case "/beyond":
			_, _ = w.Write(texts(bodies.BodyLimit + 1))
		case "/no-json":
			_, _ = w.Write(bytes.Repeat([]byte("x"), bodies.BodyLimit))
		case "/gzip":
			w.Header().Set("X-Accepts", r.Header.Get("Accept-Encoding"))
		}
	})
	r := newRun(t, base)
	s := r.session("p")
	if e := s.Send(t.Context(), "a", get("/elsewhere")); e.Status() != 307 || e.Response.Header.Get("Location") != "/secret" || r.Recording().Len() != 1 {
		t.Errorf("a redirect was followed: %d, %d exchanges", e.Status(), r.Recording().Len())
	}
	if e := s.Send(t.Context(), "b", get("/chunked")); string(e.Response.Body) != "ab" || e.Response.ContentLength != -1 || !cmp.Equal(e.Response.TransferEncoding, []string{"chunked"}) {
		t.Errorf("chunked: %+v", e.Response)
	}
	if e := s.Send(t.Context(), "c", get("/limit")); len(e.Response.Body) != bodies.BodyLimit || e.Response.Truncated || !e.Answered() {
		t.Errorf("at the limit: %d bytes, truncated %t", len(e.Response.Body), e.Response.Truncated)
	}
	if e := s.Send(t.Context(), "d", get("/beyond")); len(e.Response.Body) != 64<<10 || !e.Response.Truncated || !e.Answered() {
		t.Errorf("beyond the limit: %d bytes, truncated %t", len(e.Response.Body), e.Response.Truncated)
	}
	if e := s.Send(t.Context(), "n", get("/no-json")); len(e.Response.Body) != 64<<10 || !e.Response.Truncated || !e.Answered() {
		t.Errorf("no JSON: %d bytes, truncated %t", len(e.Response.Body), e.Response.Truncated)
	}
	if e := s.Send(t.Context(), "e", get("/gzip")); e.Response.Header.Get("X-Accepts") != "identity" {
		t.Errorf("the client asked for %s", e.Response.Header.Get("X-Accepts"))
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		status int
		value  string
		pause  time.Duration
		asked  bool
	}{
		{429, "", time.Second, true},
		{503, "", 0, true},
		{429, "7", 7 * time.Second, true},
		{503, "0", 0, true},
		{503, "Sun, 01 Mar 2026 12:00:09 GMT", 9 * time.Second, true},
		{503, "Sun, 01 Mar 2026 11:00:00 GMT", 0, true},
		{429, "soon", time.Second, true},
		{429, "1h30m0", time.Second, true},
		{429, "-1", time.Second, true},
		{503, "1.5", 0, true},
		{429, "99999999999999999999999", (1 << 20) * time.Second, true},
		{429, "9999999999", (1 << 20) * time.Second, true},
		{500, "1", 0, false},
		{200, "1", 0, false},
	} {
		e := &exchange.Exchange{Response: &exchange.Response{Status: test.status, Header: http.Header{}}}
		if test.value != "" {
			e.Response.Header.Set("Retry-After", test.value)
		}
		pause, asked := retryAfter(e, now)
		if asked != test.asked || asked && pause != test.pause {
			t.Errorf("%d, %q: %s, %t", test.status, test.value, pause, asked)
		}
	}
	if _, asked := retryAfter(&exchange.Exchange{}, now); asked {
		t.Error("no response asked for a pause")
	}
}

// busy answers with a status and Retry-After a number of times, and then with 200.
func busy(t *testing.T, status int, after string, times int) *Session {
	t.Helper()
	var mu sync.Mutex
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if times > 0 {
			times--
			if after != "" {
				w.Header().Set("Retry-After", after)
			}
			w.WriteHeader(status)
		}
	})
	return newRun(t, base).session("p")
}

func TestPatience(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		session *Session
		want    int
		sent    int
	}{
		"429, twice":                {busy(t, 429, "0", 2), 200, 3},
		"503, once":                 {busy(t, 503, "0", 1), 200, 2},
		"503 without Retry-After":   {busy(t, 503, "", 1), 200, 2},
		"longer than our patience":  {busy(t, 429, "60", 1), 429, 1},
		"always":                    {busy(t, 429, "0", 1000), 429, 0},
		"500 with Retry-After":      {busy(t, 500, "0", 1), 200, 2},
		"429 with a second's pause": {busy(t, 429, "1", 1), 200, 2},
	} {
		test.session.run.limits.Patience = 1500 * time.Millisecond
		e := test.session.Send(t.Context(), "s", get("/"))
		sent := test.session.run.recording.Len()
		if e.Status() != test.want || test.sent > 0 && sent != test.sent || sent > 6 {
			t.Errorf("%s: %d after %d exchanges", name, e.Status(), sent)
		}
	}
}

func TestPatienceEndsWithTheRun(t *testing.T) {
	s := busy(t, 429, "1", 1000)
	s.run.limits.Patience = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for s.run.recording.Len() == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if e := s.Send(ctx, "s", get("/")); e.Status() != 429 || s.run.recording.Len() != 1 {
		t.Errorf("%d after %d exchanges", e.Status(), s.run.recording.Len())
	}
}

// texts begins as an array of strings does.
func texts(length int) []byte {
	return append([]byte("["), bytes.Repeat([]byte(`"`+strings.Repeat("x", 1000)+`",`), length/1000+1)...)[:length]
}
