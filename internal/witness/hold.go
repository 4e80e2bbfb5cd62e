package witness

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/wire"
)

// Commission asks a witness to hold a run itself. Its tokens are short-lived ones, which the witness keeps in memory until the run is
// over.
type Commission struct {
	Target            string   `json:"target"`
	Organization      string   `json:"organization"`
	OtherOrganization string   `json:"otherOrganization,omitempty"`
	Groups            []string `json:"groups,omitempty"`
	// Challenge is the certifier's; "" if there is none.
	Challenge string `json:"challenge,omitempty"`
	// Version of the target, as the vendor says.
	Version string `json:"version,omitempty"`
	// Runs is the digest of the line with which the run begins in the vendor's chain; "" if there is none.
	Runs     string   `json:"runs,omitempty"`
	Profiles []string `json:"profiles,omitempty"`
	Set      string   `json:"set"`
	Depth    string   `json:"depth,omitempty"`
	// Concurrency and RPS spare the target; 0 is as usual.
	Concurrency int     `json:"concurrency,omitempty"`
	RPS         float64 `json:"rps,omitempty"`

	Token            string `json:"token"`
	RestrictedToken  string `json:"restrictedToken,omitempty"`
	ExpiredToken     string `json:"expiredToken,omitempty"`
	NotYetValidToken string `json:"notYetValidToken,omitempty"`
}

// Ran is what a run came to: the suite and the verdict, and the files that a bundle holds. No credential is in them.
type Ran struct {
	Suite     string `json:"suite"`
	Verdict   string `json:"verdict"`
	Report    []byte `json:"report"`
	Recording []byte `json:"recording"`
	// Testimony is what the witness signed of it.
	Testimony []byte `json:"testimony"`
}

// CommissionError says that a run cannot be held as it was asked for.
type CommissionError struct{ Reason string }

func (e *CommissionError) Error() string { return e.Reason }

// hold holds a run. It ends when whoever asked for it is gone; what was created is deleted then, too.
func (s *Server) hold(w http.ResponseWriter, r *http.Request) {
	if !s.known(w, r) {
		return
	}
	if s.Run == nil {
		http.Error(w, "this witness holds no runs itself; leave out --witness-runs, or ask its operator for --hold-runs", http.StatusForbidden)
		return
	}
	var c Commission
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostHead))
	d.DisallowUnknownFields()
	if d.Decode(&c) != nil || c.Token == "" || c.Organization == "" {
		http.Error(w, "the request for a run cannot be read; use the same version of the suite on both sides", http.StatusBadRequest)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // a run takes longer than a request
	ran, err := s.held(r.Context(), c)
	var wrong *CommissionError
	switch {
	case errors.As(err, &wrong):
		http.Error(w, wrong.Reason, http.StatusBadRequest)
	case errors.Is(err, errRun):
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case err != nil:
		refuse(w, err)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(ran) // a client that is gone has no certificate
	}
}

// errRun says that a run failed on the witness's side; the reason may hold texts of the vendor and of the target.
var errRun = errors.New("the witness could not hold the run")

func (s *Server) held(ctx context.Context, c Commission) (Ran, error) {
	organizations := []string{c.Organization}
	if c.OtherOrganization != "" {
		organizations = append(organizations, c.OtherOrganization)
	}
	o, err := s.start(opening{Target: c.Target, Organizations: organizations, Nonce: c.Challenge, Version: c.Version, Runs: c.Runs})
	if err != nil {
		return Ran{}, err
	}
	s.mu.Lock()
	n := s.open[o.Session]
	s.mu.Unlock()
	limited, cancel := context.WithDeadline(ctx, n.expires)
	defer cancel()
	ran, err := s.Run(limited, c, o.Nonce, &inside{session: n})
	s.mu.Lock()
	delete(s.open, o.Session)
	s.mu.Unlock()
	testimony := n.end()
	switch wrong := (*CommissionError)(nil); {
	case errors.As(err, &wrong):
		return Ran{}, err
	case err != nil:
		return Ran{}, errRun
	}
	testimony.Held = &Held{Suite: ran.Suite, Verdict: ran.Verdict, Report: digestOf(ran.Report), Recording: digestOf(ran.Recording)}
	text, err := testimony.Encode()
	if err == nil {
		ran.Testimony, err = s.Seal(context.WithoutCancel(ctx), text)
	}
	if err != nil {
		return Ran{}, errRun
	}
	return ran, nil
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Contradicts says what of a bundle's report and recording is not what the witness wrote; "" if both are.
func (h *Held) Contradicts(report, recording []byte) string {
	switch {
	case digestOf(report) != h.Report:
		return "the report is not the one that it wrote"
	case digestOf(recording) != h.Recording:
		return "the recording is not the one that it wrote"
	}
	return ""
}

// inside sends the requests of a run that the witness holds itself. It is an http.RoundTripper.
type inside struct {
	session *session
	alone   bool
}

// Alone sends each request on a connection of its own.
func (i *inside) Alone() http.RoundTripper { return &inside{session: i.session, alone: true} }

// CloseIdleConnections closes those to the target.
func (i *inside) CloseIdleConnections() { i.session.client.CloseIdleConnections() }

// RoundTrip sends a request as one that comes from a vendor's run.
func (i *inside) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, body, err := outgoingOf(r, i.alone)
	if err != nil {
		return nil, err
	}
	if !i.session.enter() {
		return nil, &wire.UnsentError{Reason: "the session is over: its time or its exchanges are used up"}
	}
	u, err := i.session.address(asked.URI)
	if err != nil {
		i.session.running.Done()
		return nil, &wire.UnsentError{Reason: err.Error()}
	}
	in, answer, again := i.session.exchange(r.Context(), asked, u, body)
	go func() { // the run goes on meanwhile
		defer i.session.running.Done()
		if again != nil {
			again()
		}
	}()
	return in.response(r, bytes.Clone(answer))
}

// HoldRun has the witness at an address hold a run. The roots are trusted beside the system's. The error is one line.
func HoldRun(ctx context.Context, address, token string, roots *x509.CertPool, c Commission) (ran Ran, err error) {
	text, err := json.Marshal(c)
	if err != nil {
		return ran, fmt.Errorf("encoding the request for a run: %w", err)
	}
	client := &Client{address: strings.TrimSuffix(address, "/") + "/v1", secret: token, http: wire.NewClient(roots, false, 1)}
	defer client.CloseIdleConnections()
	answer, err := client.post(ctx, "/runs", text, http.StatusOK)
	if err != nil {
		return ran, err
	}
	if json.Unmarshal(answer, &ran) != nil || len(ran.Report) == 0 || len(ran.Recording) == 0 || len(ran.Testimony) == 0 {
		return ran, errors.New("what answers is no witness")
	}
	return ran, nil
}
