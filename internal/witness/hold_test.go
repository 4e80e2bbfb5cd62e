package witness

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// commission asks for a run against the target of the place.
func (p *place) commission() Commission {
	return Commission{Target: p.target.URL, Organization: organization, Token: token, Set: "2026-12"}
}

// visits is a run that reads the list and creates an account, and tries one thing that no witness sends.
func visits(t *testing.T) func(context.Context, Commission, string, http.RoundTripper) (Ran, error) {
	return func(ctx context.Context, c Commission, nonce string, through http.RoundTripper) (Ran, error) {
		for i, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			address := c.Target + collection
			if method == http.MethodDelete {
				address += "/22222222-2222-4222-8222-222222222222" // of somebody else
			}
			request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(`{"metadata":{"name":"`+nonce+`"}}`))
			if err != nil {
				return Ran{}, err
			}
			request.Header.Set("Authorization", "Bearer "+c.Token)
			response, err := through.RoundTrip(request)
			if (err != nil) != (method == http.MethodDelete) {
				t.Errorf("request %d: %v", i, err)
			}
			if err == nil {
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		}
		return Ran{Suite: "v1", Verdict: "conformant", Report: []byte("a report"), Recording: []byte("a recording")}, nil
	}
}

// A witness that holds a run itself signs what it wrote, and its requests are as bounded as those of a vendor.
func TestHeldRun(t *testing.T) {
	t.Parallel()
	p := newPlace(t, answers)
	if _, err := HoldRun(t.Context(), p.address, p.server.Token, nil, p.commission()); err == nil || !strings.Contains(err.Error(), "--hold-runs") {
		t.Errorf("a witness that holds no runs: %v", err)
	}
	p.server.Run = visits(t)
	if _, err := HoldRun(t.Context(), p.address, "another-token-of-vendors", nil, p.commission()); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("a wrong token: %v", err)
	}
	for _, change := range []func(*Commission){
		func(c *Commission) { c.Target = "http://" + strings.TrimPrefix(c.Target, "https://") },
		func(c *Commission) { c.Token = "" },
		func(c *Commission) { c.Challenge = "NOT A NONCE" },
	} {
		c := p.commission()
		change(&c)
		if _, err := HoldRun(t.Context(), p.address, p.server.Token, nil, c); err == nil {
			t.Errorf("held: %+v", c)
		}
	}
	c := p.commission()
	c.Challenge = "0123456789abcdef0123"
	ran, err := HoldRun(t.Context(), p.address, p.server.Token, nil, c)
	if err != nil {
		t.Fatal(err)
	}
	testimony, err := p.parse(ran.Testimony)
	if err != nil {
		t.Fatal(err)
	}
	if h := testimony.Held; h == nil || h.Verdict != "conformant" || h.Suite != "v1" || testimony.Nonce != c.Challenge || len(testimony.Entries) != 2 || testimony.Refused != 1 {
		t.Errorf("the testimony is %+v", testimony)
	}
	if bytes.Contains(ran.Testimony, []byte(token[:20])) {
		t.Error("a token is in what the witness signed")
	}
	if got := testimony.Held.Contradicts(ran.Report, ran.Recording); got != "" {
		t.Error(got)
	}
	if testimony.Held.Contradicts([]byte("another"), ran.Recording) == "" || testimony.Held.Contradicts(ran.Report, []byte("another")) == "" {
		t.Error("another report or recording is taken for the witness's own")
	}
}

// What goes wrong with a run frees its place, and tells nothing of its credentials.
func TestHeldRunFails(t *testing.T) {
	t.Parallel()
	p := newPlace(t, answers)
	gone := make(chan error, 1)
	for _, fault := range []error{&CommissionError{Reason: "there is no profile x"}, errors.New("a fault with " + token)} {
		p.server.Run = func(context.Context, Commission, string, http.RoundTripper) (Ran, error) { return Ran{}, fault }
		_, err := HoldRun(t.Context(), p.address, p.server.Token, nil, p.commission())
		if err == nil || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "no sessions left") {
			t.Errorf("%v", err)
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	p.server.Run = func(ctx context.Context, _ Commission, _ string, _ http.RoundTripper) (Ran, error) {
		leave()
		<-ctx.Done()
		gone <- ctx.Err()
		return Ran{}, ctx.Err()
	}
	if _, err := HoldRun(ctx, p.address, p.server.Token, nil, p.commission()); err == nil {
		t.Error("whoever left has a run")
	}
	if err := <-gone; err == nil {
		t.Error("the run goes on after the vendor left")
	}
}
