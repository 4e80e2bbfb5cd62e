package keyless

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// timeout is for a request with its response.
const timeout = 30 * time.Second

// maxResponse is the length in bytes up to which a response is read.
const maxResponse = 1 << 20

// CheckAddress refuses the address of a service that a token would reach in the clear.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return errors.New("it is not an https URL with a host and without a password")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// send sends a request, follows no redirect, and returns the body of a response that has the status. Errors have no part of the
// request or the response but the status.
func send(request *http.Request, status int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(request.Context(), timeout)
	defer cancel()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request.WithContext(ctx))
	if err != nil {
		return nil, unanswered(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != status {
		return nil, passing(response.StatusCode, fmt.Errorf("it responds with the status %d in place of %d", response.StatusCode, status))
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxResponse+1))
	switch {
	case err != nil:
		return nil, unanswered(err)
	case len(body) > maxResponse:
		return nil, fmt.Errorf("its response is longer than %d bytes", maxResponse)
	}
	return body, nil
}

// passing marks an error whose status says that it may not come again.
func passing(status int, err error) error {
	if status >= 500 || status == http.StatusTooManyRequests {
		return temporary{err}
	}
	return err
}

// unanswered says why there is no response, without the address.
func unanswered(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return temporary{fmt.Errorf("it did not respond within %s", timeout)}
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return temporary{errors.New("it cannot be reached: " + line(err))}
}

// transport sends the requests of a library that has no context and follows redirects. It keeps the status of the last response.
type transport struct {
	ctx    context.Context // of one call, for a library that takes none
	status int
	failed error
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := (&http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}).RoundTrip(request.WithContext(t.ctx))
	if err != nil {
		t.failed = err
		return nil, err
	}
	t.status = response.StatusCode
	if t.status >= 300 && t.status < 400 { // a redirect would take the token elsewhere
		response.Header.Del("Location")
	}
	return response, nil
}
