package probe

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
)

// A server may apply a content coding that nobody asked for (RFC 9110 section 12.5.3).
func TestContentCodings(t *testing.T) {
	text := []byte(`{"metadata":{"id":"` + strings.Repeat("x", 1000) + `"}}`)
	coded := func(writer func(io.Writer) io.WriteCloser, text []byte) []byte {
		var b bytes.Buffer
		w := writer(&b)
		_, _ = w.Write(text)
		_ = w.Close()
		return b.Bytes()
	}
	gzipped := coded(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }, text)
	raw := coded(func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 9); return f }, text)
	codings := map[string]struct {
		coding string
		body   []byte
		kind   exchange.Kind
	}{
		"gzip":     {"gzip", gzipped, ""},
		"x-gzip":   {"X-GZip", gzipped, ""},
		"zlib":     {"deflate", coded(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }, text), ""},
		"raw":      {"deflate", raw, ""},
		"identity": {"identity", text, ""},
		"twice":    {"deflate, gzip", coded(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }, raw), ""},
		"empty":    {"gzip", nil, ""},
		"br":       {"br", coded(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }, text), ""},
		"zstd":     {"zstd", coded(func(w io.Writer) io.WriteCloser { e, _ := zstd.NewWriter(w); return e }, text), ""},
		"no br":    {"br", text, exchange.Malformed},
		"no zstd":  {"zstd", text, exchange.Malformed},
		"compress": {"compress", text, exchange.Other},
		"many":     {"gzip, gzip, gzip", text, exchange.Other},
		"plain":    {"gzip", text, exchange.Malformed},
		"cut":      {"gzip", gzipped[:len(gzipped)-9], exchange.Malformed},
	}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b := codings[r.URL.Path[1:]]
		w.Header().Set("Content-Encoding", b.coding)
		_, _ = w.Write(b.body)
	})
	for name, b := range codings {
		t.Run(name, func(t *testing.T) {
			request := get("/" + url.PathEscape(name))
			request.Once = true
			e := newRun(t, base).session("p").Send(t.Context(), "s", request)
			if kindOf(e) != b.kind {
				t.Fatalf("failure %+v, want %q", e.Failure, b.kind)
			}
			if b.kind != "" {
				return
			}
			if want := text[:len(text)*min(len(b.body), 1)]; !bytes.Equal(e.Response.Body, want) || e.Response.Size() != len(b.body) {
				t.Errorf("%d bytes of %d", len(e.Response.Body), e.Response.Size())
			}
		})
	}
}

// What is decoded is bounded as every other body is.
func TestContentCodingBomb(t *testing.T) {
	for coding, writer := range map[string]func(io.Writer) io.WriteCloser{
		"gzip": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"br":   func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 1) },
		"zstd": func(w io.Writer) io.WriteCloser { e, _ := zstd.NewWriter(w); return e },
	} {
		var bomb bytes.Buffer
		w := writer(&bomb)
		piece := bytes.Repeat([]byte("["), 1<<20)
		for range 100 {
			_, _ = w.Write(piece)
		}
		_ = w.Close()
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", coding)
			_, _ = w.Write(bomb.Bytes())
		})
		e := newRun(t, base).session("p").Send(t.Context(), "s", get("/"))
		if e.Failure == nil || e.Failure.Message != bodies.ErrBomb.Error() || len(e.Response.Body) > bodies.BodyLimit {
			t.Errorf("%s: %+v, %d bytes, truncated %t", coding, e.Failure, len(e.Response.Body), e.Response.Truncated)
		}
	}
}

// A create that succeeded and whose body cannot be read made an account all the same.
func TestCreatesInAnUnknownCoding(t *testing.T) {
	t.Parallel()
	f := &fake{}
	f.after = func(w http.ResponseWriter) bool {
		f.accounts = nil // no list shows it
		w.Header().Set("Content-Encoding", "dcb")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte("not read"))
		return true
	}
	f.accounts = []map[string]any{item("1", "billing")}
	f.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			w.WriteHeader(http.StatusForbidden)
		}
		return r.Method == http.MethodGet
	}
	_, left := leave(t, f, "a")
	if left.Created != 1 || left.Unseen != 1 || left.Verified {
		t.Errorf("%+v", left)
	}
}
