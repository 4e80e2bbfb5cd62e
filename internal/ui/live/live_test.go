package live_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/sa-conformance/conformance/internal/ui/live"
)

// read reads lines of a stream up to one that ends with last.
func read(t *testing.T, url, after, last string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if after != "" {
		request.Header.Set("Last-Event-ID", after)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var b strings.Builder
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		b.WriteString(lines.Text() + "\n")
		if last != "" && strings.HasSuffix(lines.Text(), last) {
			break
		}
	}
	return response.StatusCode, b.String()
}

// A browser that lost its connection goes on where it was, and one that comes late hears everything.
func TestResume(t *testing.T) {
	log := live.NewLog()
	server := httptest.NewServer(log)
	defer server.Close()
	log.Add("one\n\ndata: forged")
	log.Add("two")
	if _, got := read(t, server.URL, "", `"two"`); got != "id: 1\ndata: \"one\\n\\ndata: forged\"\n\nid: 2\ndata: \"two\"\n" {
		t.Errorf("%q", got)
	}
	log.Add("three")
	if _, got := read(t, server.URL, "2", `"three"`); got != "id: 3\ndata: \"three\"\n" {
		t.Errorf("%q", got)
	}
	log.Close()
	log.Add("too late")
	if _, got := read(t, server.URL+"?after=2", "", ""); got != "id: 3\ndata: \"three\"\n\nevent: over\ndata: {}\n\n" {
		t.Errorf("%q", got)
	}
	if status, _ := read(t, server.URL, "3", ""); status != http.StatusNoContent {
		t.Errorf("a browser that heard everything connects again: %d", status)
	}
	if _, got := read(t, server.URL+"?after=99", "x", ""); !strings.Contains(got, "one") {
		t.Errorf("%q", got)
	}
}

// Two windows hear the same while it happens.
func TestTwoWindows(t *testing.T) {
	log := live.NewLog()
	server := httptest.NewServer(log)
	defer server.Close()
	var all sync.WaitGroup
	texts := make([]string, 2)
	for i := range texts {
		all.Go(func() { _, texts[i] = read(t, server.URL, "", "") })
	}
	for range 100 {
		log.Add(1)
	}
	log.Close()
	all.Wait()
	if texts[0] != texts[1] || strings.Count(texts[0], "id: ") != 100 {
		t.Errorf("%d and %d bytes", len(texts[0]), len(texts[1]))
	}
}
