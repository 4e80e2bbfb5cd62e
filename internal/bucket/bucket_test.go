package bucket_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/bucket"
	"github.com/sa-conformance/conformance/internal/bucket/buckettest"
)

func opened(t *testing.T, address string, env map[string]string) *bucket.Bucket {
	t.Helper()
	b, err := bucket.Open(address, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is put is there under its folder, and what is removed is not.
func TestFiles(t *testing.T) {
	s := buckettest.Start(t, "results")
	b := opened(t, "s3://results/night/1/", s.Env)
	if _, err := b.Get(t.Context(), "a/entry.json"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if err := b.Remove(t.Context(), "a/entry.json"); err != nil {
		t.Errorf("removing what is not there: %v", err)
	}
	text := strings.Repeat("x", 1<<20)
	if err := b.Put(t.Context(), "a/entry.json", []byte(text)); err != nil {
		t.Fatal(err)
	}
	if got := s.Object("night/1/a/entry.json"); got != text {
		t.Errorf("%d bytes: %.40q", len(got), got)
	}
	if got, err := b.Get(t.Context(), "a/entry.json"); err != nil || string(got) != text {
		t.Errorf("%v, %d bytes", err, len(got))
	}
	if err := b.Remove(t.Context(), "a/entry.json"); err != nil || s.Object("night/1/a/entry.json") != "" {
		t.Errorf("%v", err)
	}
}

// A service that refuses is an error, which holds no secret. A bucket that is not there is not an empty one.
func TestRefusals(t *testing.T) {
	s := buckettest.Start(t, "results")
	wrong := map[string]string{"AWS_ENDPOINT_URL": s.Env[bucket.EndpointVariable], "AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "guessed-secret"}
	for name, b := range map[string]*bucket.Bucket{
		"another key": opened(t, "s3://results", wrong), "no bucket": opened(t, "s3://nothing/x", s.Env),
	} {
		_, err := b.Get(t.Context(), "targets.json")
		put := b.Put(t.Context(), "targets.json", []byte("{}"))
		if err == nil || errors.Is(err, fs.ErrNotExist) || put == nil {
			t.Errorf("%s: %v, %v", name, err, put)
		}
		if text := errors.Join(err, put).Error(); strings.Contains(text, "secret") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestAddresses(t *testing.T) {
	key := map[string]string{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
	with := func(name, value string) map[string]string {
		return map[string]string{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", name: value}
	}
	for _, test := range []struct {
		address string
		env     map[string]string
		want    string // "": it opens
	}{
		{"s3://results", key, ""},
		{"s3://results/a/b", with(bucket.EndpointVariable, "http://minio.storage:9000/"), ""},
		{"https://results/a", key, "write s3://BUCKET/FOLDER"},
		{"s3://", key, "write s3://BUCKET/FOLDER"},
		{"s3://key:secret@results/a", key, "write s3://BUCKET/FOLDER"},
		{"s3://results?x=y", key, "write s3://BUCKET/FOLDER"},
		{"s3://results", with("AWS_ENDPOINT_URL", "minio:9000"), "AWS_ENDPOINT_URL is not the http or https URL"},
		{"s3://results", with(bucket.EndpointVariable, "http://minio/path"), "AWS_ENDPOINT_URL_S3 is not the http or https URL"},
		{"s3://results", nil, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
		{"s3://results", map[string]string{"AWS_ACCESS_KEY_ID": "a"}, "and not the other"},
		{"s3://results", map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token"}, ""},
	} {
		_, err := bucket.Open(test.address, func(name string) string { return test.env[name] })
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s with %v: %v", test.address, test.env, err)
		}
	}
}
