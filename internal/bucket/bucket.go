// Package bucket keeps files in a bucket of an S3-compatible service, by minio-go. It knows nothing of what they hold, and sends
// nothing to a target.
package bucket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// The variables of the environment that say where the service is and who may write, as for the tools of AWS.
const (
	EndpointVariable = "AWS_ENDPOINT_URL_S3" // "" for that of AWS
	anyEndpoint      = "AWS_ENDPOINT_URL"
	RegionVariable   = "AWS_REGION"
	KeyVariable      = "AWS_ACCESS_KEY_ID"
	SecretVariable   = "AWS_SECRET_ACCESS_KEY"
	SessionVariable  = "AWS_SESSION_TOKEN"
	identityVariable = "AWS_WEB_IDENTITY_TOKEN_FILE"
)

// usual are endpoint and region if nobody names others.
const (
	usualEndpoint = "https://s3.amazonaws.com"
	usualRegion   = "us-east-1"
)

// longest bounds what is read of one file, in bytes.
const longest = 64 << 20

// Bucket is a folder of a bucket.
type Bucket struct {
	client       *minio.Client
	name, folder string
}

// Open reads an address, s3://BUCKET/FOLDER, and the variables above by lookup. It sends nothing.
func Open(address string, lookup func(string) string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("it is not the address of a bucket; write s3://BUCKET/FOLDER")
	}
	text, variable := lookup(EndpointVariable), EndpointVariable
	if text == "" {
		text, variable = lookup(anyEndpoint), anyEndpoint
	}
	if text == "" {
		text = usualEndpoint
	}
	endpoint, err := url.Parse(text)
	if err != nil || endpoint.Host == "" || (endpoint.Scheme != "http" && endpoint.Scheme != "https") || endpoint.User != nil || strings.Trim(endpoint.Path, "/") != "" {
		return nil, fmt.Errorf("%s is not the http or https URL of a service, without a path", variable)
	}
	who, err := identity(lookup)
	if err != nil {
		return nil, err
	}
	region := lookup(RegionVariable)
	if region == "" {
		region = usualRegion
	}
	client, err := minio.New(endpoint.Host, &minio.Options{Creds: who, Secure: endpoint.Scheme == "https", Region: region, MaxRetries: 4})
	if err != nil {
		return nil, fmt.Errorf("making the client: %w", err)
	}
	return &Bucket{client: client, name: u.Host, folder: strings.Trim(u.Path, "/")}, nil
}

// identity is who writes: by a key, or by the identity that a cluster gives a pod.
func identity(lookup func(string) string) (*credentials.Credentials, error) {
	key, secret := lookup(KeyVariable), lookup(SecretVariable)
	switch {
	case key != "" && secret != "":
		return credentials.NewStaticV4(key, secret, lookup(SessionVariable)), nil
	case key != "" || secret != "":
		return nil, fmt.Errorf("one of %s and %s is set, and not the other", KeyVariable, SecretVariable)
	case lookup(identityVariable) != "":
		return credentials.NewIAM(""), nil
	}
	return nil, fmt.Errorf("there is no credential for the bucket; set %s and %s", KeyVariable, SecretVariable)
}

// Put writes a file as a whole or not at all.
func (b *Bucket) Put(ctx context.Context, name string, data []byte) error {
	kind := map[string]string{".json": "application/json", ".html": "text/html; charset=utf-8"}[path.Ext(name)]
	_, err := b.client.PutObject(ctx, b.name, b.key(name), bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{ContentType: kind})
	if err != nil {
		return fmt.Errorf("writing %s into the bucket: %w", name, err)
	}
	return nil
}

// Get reads a file; the error is fs.ErrNotExist if there is none.
func (b *Bucket) Get(ctx context.Context, name string) ([]byte, error) {
	object, err := b.client.GetObject(ctx, b.name, b.key(name), minio.GetObjectOptions{})
	var data []byte
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(object, longest+1))
		_ = object.Close()
	}
	switch {
	case absent(err):
		return nil, fmt.Errorf("reading %s of the bucket: %w", name, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("reading %s of the bucket: %w", name, err)
	case len(data) > longest:
		return nil, fmt.Errorf("reading %s of the bucket: it is longer than %d bytes", name, longest)
	}
	return data, nil
}

// Remove removes a file, if it is there.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	if err := b.client.RemoveObject(ctx, b.name, b.key(name), minio.RemoveObjectOptions{}); err != nil && !absent(err) {
		return fmt.Errorf("removing %s from the bucket: %w", name, err)
	}
	return nil
}

func (b *Bucket) key(name string) string { return path.Join(b.folder, name) }

// absent reports whether a file is not there, and the bucket is.
func absent(err error) bool {
	said := minio.ToErrorResponse(err)
	return err != nil && said.StatusCode == http.StatusNotFound && said.Code != minio.NoSuchBucket
}
