package tsa

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"time"

	"github.com/digitorus/timestamp"
)

// Timeout is how long an authority may take to respond.
const Timeout = 30 * time.Second

// Client asks one authority.
type Client struct {
	// Address is an http or https URL. Plain http is usual, as the token is signed.
	Address string
	// HTTP sends the requests; it has to follow no redirects.
	HTTP *http.Client
	// Timeout is for a request with its response.
	Timeout time.Duration
	// Random is where nonces come from.
	Random io.Reader
}

// NewClient asks the authority at an address.
func NewClient(address string) *Client {
	return &Client{
		Address: address, Timeout: Timeout, Random: rand.Reader,
		HTTP: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// Stamp returns a token of data. Only a digest of data and a nonce are sent. The error is one line.
func (c *Client) Stamp(ctx context.Context, data []byte) (*Token, error) {
	nonce, err := rand.Int(c.Random, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("making a nonce: %w", err)
	}
	sum := sha256.Sum256(data)
	request := timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: sum[:], Certificates: true, Nonce: nonce}
	query, err := request.Marshal()
	if err != nil {
		return nil, fmt.Errorf("encoding the request: %w", err)
	}
	body, err := c.send(ctx, query)
	if err != nil {
		return nil, err
	}
	der, err := opened(body)
	if err != nil {
		return nil, err
	}
	t, err := Parse(der)
	if err != nil {
		return nil, fmt.Errorf("its token cannot be used: %w", err)
	}
	if err := t.Of(data); err != nil {
		return nil, fmt.Errorf("its token cannot be used: %w", err)
	}
	if t.nonce == nil || t.nonce.Cmp(nonce) != 0 {
		return nil, errors.New("its token cannot be used: it does not have the nonce of the request")
	}
	return t, nil
}

// send posts a query and returns the body of the response.
func (c *Client) send(ctx context.Context, query []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Address, bytes.NewReader(query))
	if err != nil {
		return nil, errors.New("its address is not a URL")
	}
	request.Header.Set("Content-Type", "application/timestamp-query")
	request.Header.Set("Accept", "application/timestamp-reply")
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, c.unanswered(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it responds with the status %d in place of 200", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxToken+1))
	switch {
	case err != nil:
		return nil, c.unanswered(err)
	case len(body) > MaxToken:
		return nil, fmt.Errorf("its response is longer than %d bytes", MaxToken)
	}
	return body, nil
}

// unanswered says why there is no response, without the address, which may hold a secret.
func (c *Client) unanswered(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("it did not respond within %s", c.Timeout)
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return fmt.Errorf("it cannot be reached: %w", plain(err))
}

// opened takes the token out of a response.
func opened(body []byte) (der []byte, err error) {
	defer func() { // the library reads hostile bytes
		if recover() != nil {
			der, err = nil, errors.New("its response is not one of RFC 3161")
		}
	}()
	read, err := timestamp.ParseResponse(body)
	if err != nil {
		return nil, fmt.Errorf("its response holds no token that can be used: %w", plain(err))
	}
	return read.RawToken, nil
}
