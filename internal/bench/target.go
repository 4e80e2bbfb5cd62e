package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
)

// firstPath is where a target tells when its first request came, in nanoseconds since 1970, and forgets it.
const firstPath = "/bench/first"

// serve runs some references with a delay before every response until its standard input ends. It prints the environment of a
// run against each as JSON.
func serve(ctx context.Context, latency time.Duration, count int) error {
	for range count {
		end, err := serveOne(ctx, latency)
		if err != nil {
			return err
		}
		defer func() { _ = end() }()
	}
	_, _ = os.Stdin.Read(make([]byte, 1))
	return nil
}

func serveOne(ctx context.Context, latency time.Duration) (end func() error, err error) {
	server, err := reference.New(reference.Config{})
	if err != nil {
		return nil, err
	}
	var first atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == firstPath {
			_, _ = fmt.Fprint(w, first.Swap(0))
			return
		}
		first.CompareAndSwap(0, time.Now().UnixNano())
		time.Sleep(latency)
		server.ServeHTTP(w, r)
	})
	listener, err := listen.Listen(ctx, "", false, handler)
	if err != nil {
		return nil, err
	}
	server.SetBaseURL(listener.URL)
	known := server.Credentials()
	err = json.NewEncoder(os.Stdout).Encode(map[string]string{
		"CONFORMANCE_TARGET": listener.URL, "CONFORMANCE_ORGANIZATION": known.Organization,
		"CONFORMANCE_OTHER_ORGANIZATION": known.OtherOrganization, "CONFORMANCE_GROUP": strings.Join(known.Groups, ","),
		"CONFORMANCE_TOKEN": known.Token, "CONFORMANCE_RESTRICTED_TOKEN": known.RestrictedToken,
		"CONFORMANCE_EXPIRED_TOKEN": known.ExpiredToken, "CONFORMANCE_NOT_YET_VALID_TOKEN": known.NotYetValidToken,
	})
	return listener.Close, err
}
