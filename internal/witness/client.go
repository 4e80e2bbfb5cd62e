package witness

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

// Client is a session with a witness, seen from the run. It is an http.RoundTripper.
type Client struct {
	// Nonce stands in the names of the run's accounts. Vantage is where the witness stands.
	Nonce, Vantage string

	address, secret string
	http            *http.Client
	alone           bool
}

// Target is what a session is for.
type Target struct {
	URL           string
	Organizations []string
	// Challenge is the certifier's; "" if there is none.
	Challenge string
	// Version of the target, as the vendor says; "" if it says nothing.
	Version string
	// Runs is the digest of the line with which the run begins in the vendor's chain; "" if there is none.
	Runs string
}

// Begin opens a session with the witness at an address. The roots are trusted beside the system's. The error is one line.
func Begin(ctx context.Context, address, token string, roots *x509.CertPool, target Target) (*Client, error) {
	text, err := json.Marshal(opening{Target: target.URL, Organizations: target.Organizations, Nonce: target.Challenge, Version: target.Version, Runs: target.Runs})
	if err != nil {
		return nil, fmt.Errorf("encoding the request for a session: %w", err)
	}
	c := &Client{address: strings.TrimSuffix(address, "/") + "/v1/sessions", secret: token, http: wire.NewClient(roots, false, connections)}
	body, err := c.post(ctx, "", text, http.StatusCreated)
	if err != nil {
		return nil, err
	}
	var o opened
	if json.Unmarshal(body, &o) != nil || !nonceForm.MatchString(o.Nonce) || o.Session == "" || o.Secret == "" {
		return nil, errors.New("what answers is no witness")
	}
	c.Nonce, c.Vantage, c.secret = o.Nonce, o.Vantage, o.Secret
	c.address += "/" + o.Session
	return c, nil
}

// End closes the session and returns what the witness signed.
func (c *Client) End(ctx context.Context) ([]byte, error) {
	return c.post(ctx, "/end", nil, http.StatusOK)
}

// Alone is a client whose every request has a connection to the target of its own.
func (c *Client) Alone() http.RoundTripper {
	other := *c
	other.alone = true
	return &other
}

// CloseIdleConnections closes those to the witness.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// RoundTrip sends a request through the witness.
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, body, err := outgoingOf(r, c.alone)
	if err != nil {
		return nil, err
	}
	var message bytes.Buffer
	if err := writeMessage(&message, asked, body); err != nil {
		return nil, err
	}
	answer, err := c.post(r.Context(), "/exchanges", message.Bytes(), http.StatusOK)
	if err != nil {
		return nil, err
	}
	var in incoming
	content, err := readMessage(bytes.NewReader(answer), &in)
	if err != nil {
		return nil, err
	}
	return in.response(r, content)
}

// outgoingOf takes a request of a run apart.
func outgoingOf(r *http.Request, alone bool) (asked outgoing, body []byte, err error) {
	asked = outgoing{
		Method: r.Method, URI: r.URL.RequestURI(), Header: r.Header, Bodiless: r.Body == nil, Alone: alone, Purpose: purpose(exchange.PurposeOf(r.Context())),
		Chunked: r.Body != nil && r.ContentLength <= 0,
	}
	if r.Body != nil {
		body, err = io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			return asked, nil, fmt.Errorf("reading a request: %w", err)
		}
		asked.Chunked = asked.Chunked && len(body) > 0
	}
	return asked, body, nil
}

// response is what the run gets of what the witness got.
func (in incoming) response(r *http.Request, content []byte) (*http.Response, error) {
	switch {
	case in.Refused != "":
		return nil, &wire.UnsentError{Reason: "the witness did not send the request: " + in.Refused}
	case in.Status == 0:
		return nil, in.Failure.err()
	}
	reader := io.Reader(bytes.NewReader(content))
	if err := in.Failure.err(); err != nil {
		reader = io.MultiReader(reader, failing{err})
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", in.Status, http.StatusText(in.Status)), StatusCode: in.Status, Proto: in.Proto, Header: in.Header,
		ContentLength: in.ContentLength, TransferEncoding: in.TransferEncoding, Body: io.NopCloser(reader), Request: r,
	}, nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// mostTestimony bounds what is read of a witness, in bytes.
const mostTestimony = 64 << 20

// post sends to the witness, and returns the body of a response with that status.
func (c *Client) post(ctx context.Context, path string, body []byte, status int) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address+path, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("its address is not a URL")
	}
	request.Header.Set("Authorization", "Bearer "+c.secret)
	response, err := c.http.Do(request)
	if err != nil {
		var outer *url.Error
		if errors.As(err, &outer) {
			err = outer.Err // without the address
		}
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, max(mostTestimony, mostHead+mostBody+8)))
	switch {
	case err != nil:
		return nil, err
	case response.StatusCode != status:
		text := strings.TrimSpace(string(answer[:min(len(answer), 300)]))
		return nil, &wire.UnsentError{Reason: fmt.Sprintf("the witness responds with %d: %s", response.StatusCode, text)}
	}
	return answer, nil
}
