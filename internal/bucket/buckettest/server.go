// Package buckettest is a stand-in for an S3-compatible service, in memory, for tests. It checks the signature of each request.
package buckettest

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The only credential, and its region.
const (
	key    = "conformance-key"
	secret = "conformance-secret"
	region = "us-east-1"
)

// Server is the stand-in. It has one bucket.
type Server struct {
	// Env is the environment of a client.
	Env map[string]string

	bucket  string
	mu      sync.Mutex
	objects map[string][]byte
}

// Start starts a server that ends with the test.
func Start(t *testing.T, bucket string) *Server {
	t.Helper()
	s, end := New(bucket)
	t.Cleanup(end)
	return s
}

// New starts a server, and returns what ends it.
func New(bucket string) (*Server, func()) {
	s := &Server{bucket: bucket, objects: map[string][]byte{}}
	server := httptest.NewServer(s)
	s.Env = map[string]string{"AWS_ENDPOINT_URL_S3": server.URL, "AWS_REGION": region, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
	return s, server.Close
}

// Object is what a key holds; "" for nothing.
func (s *Server) Object(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.objects[key])
}

// Keys are the keys of all objects, sorted.
func (s *Server) Keys() (keys []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.objects {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Set puts an object.
func (s *Server) Set(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[key] = []byte(value)
}

// ServeHTTP serves GET, HEAD, PUT and DELETE of an object, by path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		return
	case !signed(r):
		refuse(w, http.StatusForbidden, "SignatureDoesNotMatch")
		return
	case bucket != s.bucket:
		refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method {
	case http.MethodPut:
		if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
			body = unchunked(body)
		}
		s.objects[name] = body
		w.Header().Set("ETag", tag(body))
	case http.MethodDelete:
		delete(s.objects, name)
		w.WriteHeader(http.StatusNoContent)
	case http.MethodGet, http.MethodHead:
		data, ok := s.objects[name]
		if !ok {
			refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", tag(data))
		w.Header().Set("Last-Modified", time.Unix(0, 0).UTC().Format(http.TimeFormat))
		http.ServeContent(w, r, "", time.Unix(0, 0), bytes.NewReader(data))
	default:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

// signed reports whether the request is signed by the credential (AWS Signature Version 4).
func signed(r *http.Request) bool {
	given := r.Header.Get("Authorization")
	stamp := r.Header.Get("X-Amz-Date")
	_, list, found := strings.Cut(given, "SignedHeaders=")
	list, _, _ = strings.Cut(list, ",")
	if len(stamp) < 8 || !found {
		return false
	}
	scope := stamp[:8] + "/" + region + "/s3/aws4_request"
	canonical := r.Method + "\n" + r.URL.EscapedPath() + "\n" + r.URL.Query().Encode() + "\n"
	for name := range strings.SplitSeq(list, ";") {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		canonical += name + ":" + strings.TrimSpace(value) + "\n"
	}
	canonical += "\n" + list + "\n" + r.Header.Get("X-Amz-Content-Sha256")
	sum := sha256.Sum256([]byte(canonical))
	by := []byte("AWS4" + secret)
	for _, part := range append(strings.Split(scope, "/"), "AWS4-HMAC-SHA256\n"+stamp+"\n"+scope+"\n"+hex.EncodeToString(sum[:])) {
		mac := hmac.New(sha256.New, by)
		_, _ = mac.Write([]byte(part))
		by = mac.Sum(nil)
	}
	return strings.Contains(given, "Credential="+key+"/"+scope) && strings.HasSuffix(given, "Signature="+hex.EncodeToString(by))
}

// unchunked takes the frames off a body that was sent in signed chunks.
func unchunked(body []byte) (data []byte) {
	in := bufio.NewReader(bytes.NewReader(body))
	for {
		head, err := in.ReadString('\n')
		size, _, _ := strings.Cut(strings.TrimSpace(head), ";")
		n, bad := strconv.ParseInt(size, 16, 32)
		if err != nil || bad != nil || n == 0 {
			return data
		}
		piece := make([]byte, n)
		if _, err := io.ReadFull(in, piece); err != nil {
			return data
		}
		data = append(data, piece...)
		_, _ = in.Discard(2) // the line end
	}
}

func tag(data []byte) string {
	sum := sha256.Sum256(data) // clients compare it with nothing
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>refused</Message></Error>`, code)
}
