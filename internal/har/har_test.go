package har

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sa-conformance/conformance/internal/exchange"
)

var harStart = time.Date(2025, 3, 1, 12, 0, 0, 123456789, time.UTC)

// archive has one of everything that a recording can hold.
func archive() *exchange.Archive {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	large := []byte(`{"metadata":{"name":"x","description":"` + strings.Repeat("d", 1<<20) + "\x00\xff" + strings.Repeat("\x00", 5000) + `"}}`)
	return &exchange.Archive{
		Suite:    "v1.2.3",
		Supplied: []string{"group"},
		Facts: exchange.Facts{
			Organization: "d4600d6e-e965-4b44-a808-84fb2fa36702", OtherOrganization: "other", Groups: []string{"g"}, Prefix: "conf-1-",
			BaseURL: "https://identity.example", Recorded: true, Digests: []string{"00ff"},
		},
		Head:          json.RawMessage(`{"runId": "1"}`),
		Digests:       []string{"00ff"},
		Conversations: []exchange.Conversation{{Probe: "a.b"}, {Probe: "c.d", Reason: "no \u009b reason"}},
		Apart:         map[string]bool{"cleanup/list": true},
		Exchanges: []*exchange.Exchange{
			{
				ID: "a.b/create", Probe: "a.b", Step: "create", Operation: "createServiceAccount", Identity: "operator", StartedAt: harStart,
				Timings: exchange.Timings{Connect: 5 * time.Millisecond, Wait: 7, Receive: 9, Total: time.Second},
				Request: exchange.Request{
					Method: http.MethodPost, URL: "https://identity.example/x?a=b&c=%zz&d&e=%20#f", Body: large, Chunked: true, Old: true,
					Header: http.Header{"Content-Type": {"application/json"}, "X-Two": {"1", "2"}},
				},
				Response: &exchange.Response{
					Status: 201, Proto: "HTTP/2.0", Header: http.Header{"Content-Type": {"application/json"}, "X-Bytes": {"caf\xe9 \x1b[31m", "ok"}},
					Body: []byte("{\"a\":\"\u202e<script>\U0001f600\"}"), ContentLength: 12, TransferEncoding: []string{"chunked"}, Arrived: 99,
				},
			},
			{
				ID: "a.b/create#2", Probe: "a.b", Step: "create", Identity: "none", StartedAt: harStart.Add(1),
				Request: exchange.Request{Method: "GET", URL: "https://identity.example/\xff", Header: http.Header{}, Body: []byte{}},
				Failure: &exchange.Failure{Kind: exchange.Dropped, Message: "closed"},
			},
			{
				ID: "cleanup/list", Probe: "cleanup", Step: "list", StartedAt: harStart.Add(2),
				Request:  exchange.Request{Method: "GET", URL: "/", Header: http.Header{}, Body: every},
				Response: &exchange.Response{Status: 999, Header: http.Header{}, Body: every, Truncated: true, ContentLength: -1},
				Failure:  &exchange.Failure{Kind: exchange.Timeout, Message: "late"},
			},
			{
				ID: "c.d/x", Probe: "c.d", Step: "x", StartedAt: harStart.Add(3),
				Request:  exchange.Request{Method: "HEAD", URL: "/", Header: http.Header{}},
				Response: &exchange.Response{Status: 200, Header: http.Header{}, Body: []byte{}},
			},
		},
	}
}

func written(t *testing.T, a *exchange.Archive) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHARRoundTrip(t *testing.T) {
	want := archive()
	text := written(t, want)
	if len(text) > 20<<10 {
		t.Errorf("%d bytes: the long body is not packed", len(text))
	}
	if i := bytes.IndexFunc(text, func(c rune) bool { return c != '\n' && (c < ' ' || c > '~') }); i >= 0 {
		t.Errorf("it is not ASCII at %d: %q", i, text[i:min(i+20, len(text))])
	}
	got, err := Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var head bytes.Buffer
	_ = json.Compact(&head, got.Head)
	_ = json.Compact(&head, nil)
	if head.String() != `{"runId":"1"}` {
		t.Errorf("the head is %s", &head)
	}
	got.Head = want.Head
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(exchange.Exchange{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestHARForm looks at what HAR 1.2 demands of a file.
func TestHARForm(t *testing.T) {
	var file struct {
		Log struct {
			Version string
			Creator struct{ Name, Version *string }
			Pages   []map[string]any
			Entries []map[string]any
		}
	}
	if err := json.Unmarshal(written(t, archive()), &file); err != nil {
		t.Fatal(err)
	}
	if file.Log.Version != "1.2" || file.Log.Creator.Name == nil || file.Log.Creator.Version == nil || len(file.Log.Pages) != 3 {
		t.Errorf("got %+v", file.Log)
	}
	members := func(where string, value any, names ...string) map[string]any {
		object, _ := value.(map[string]any)
		for _, name := range names {
			if _, ok := object[name]; !ok {
				t.Errorf("%s has no %s", where, name)
			}
		}
		return object
	}
	pages := map[any]bool{}
	for _, page := range file.Log.Pages {
		members("page", page, "startedDateTime", "id", "title", "pageTimings")
		pages[page["id"]] = true
	}
	for _, e := range file.Log.Entries {
		members("entry", e, "startedDateTime", "time", "cache")
		if !pages[e["pageref"]] {
			t.Errorf("there is no page %v", e["pageref"])
		}
		members("request", e["request"], "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize")
		response := members("response", e["response"], "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize")
		members("content", response["content"], "size", "mimeType")
		timings := members("timings", e["timings"], "send", "wait", "receive")
		sum := 0.0
		for _, phase := range timings {
			if ms := phase.(float64); ms > 0 {
				sum += ms
			}
		}
		if difference := sum - e["time"].(float64); difference > 0.001 || difference < -0.001 {
			t.Errorf("the timings add up to %v of %v", sum, e["time"])
		}
		for _, phase := range []string{"send", "wait", "receive"} {
			if timings[phase].(float64) < 0 {
				t.Errorf("%s is negative", phase)
			}
		}
	}
}

func TestHARThatIsNone(t *testing.T) {
	good := string(written(t, archive()))
	change := func(from, to string) string {
		changed := strings.Replace(good, from, to, 1)
		if changed == good {
			t.Errorf("%q is not there", from)
		}
		return changed
	}
	for text, words := range map[string]string{
		"":                                   "it is empty",
		" \n":                                "it is empty",
		"hello":                              "it is not JSON",
		"{}":                                 "it is no HAR file",
		"[]":                                 "a member is not of the type",
		"null":                               "it is no HAR file",
		`{"log":{"version":"1.2"}}`:          "something else wrote",
		`{"schemaVersion":"1.0"}`:            "it is no HAR file",
		good[:len(good)/2]:                   "it breaks off",
		good + "{}":                          "it is not JSON",
		change(`"format": 1`, `"format": 2`): "its format is 2, and this version of the suite reads up to 1",
		change(`"format": 1`, `"format": 0`): "its format is 0",
		change(`"id": "cleanup/list"`, `"id": "c.d/x"`):         "entry 4: its id is that of another",
		change(`"id": "cleanup/list"`, `"id": ""`):              "entry 3: it has no id",
		change(`"status": 201`, `"status": -1`):                 "entry 1: its status is -1",
		change(`"startedAt": "2025`, `"startedAt": "x`):         "entry 1: its startedAt is no date-time",
		change(`"total": 1000000000`, `"total": -1`):            "entry 1: a duration is negative",
		change(`"encoding": "base64"`, `"encoding": "rot13"`):   "entry 3: a body has an unknown encoding",
		change(`"times": 1048576`, `"times": 1048576000`):       "entry 1: a body is too long",
		change(`"times": 1048576`, `"times": -1`):               "entry 1: a body is too long",
		change(`"_encoding": "base64"`, `"_encoding": "x"`):     "entry 3: a body has an unknown encoding",
		change(`"log": {`, `"log": 7, "x": {`):                  "a member is not of the type",
		`{"log":{"version":"1.2","_conformance":{"format":1}}}`: "it holds no exchange",
	} {
		_, err := Read(strings.NewReader(text))
		if !errors.Is(err, ErrNotRecording) || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q: got %v, want %q", text, err, words)
		}
	}
}

// FuzzReadHAR holds that a file is refused, or that writing what was read and reading it again comes to the same.
func FuzzReadHAR(f *testing.F) {
	var b bytes.Buffer
	a := archive()
	a.Exchanges[0].Request.Body = a.Exchanges[0].Request.Body[:100]
	if err := Write(&b, a); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"log":{"version":"1.2","entries":[{}],"_conformance":{"format":1}}}`))
	f.Add([]byte(`{"log":{"_conformance":{"format":1,"conversations":[{}],"digests":null,"facts":{"groups":null}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := Read(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrNotRecording) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
			return
		}
		once := written(t, first)
		second, err := Read(bytes.NewReader(once))
		if err != nil {
			t.Fatalf("what was read and written cannot be read: %v", err)
		}
		if twice := written(t, second); !bytes.Equal(once, twice) {
			t.Errorf("it changes on the way:\n%s\n%s", once, twice)
		}
	})
}
