package witness

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server witnesses runs. It is no proxy: a session is opened with a token of the vendor's, and every request of it goes to the
// one target that it was opened for.
type Server struct {
	// Token opens sessions.
	Token string
	// Sign signs an entry, Seal a statement.
	Sign func(ctx context.Context, message []byte) ([]byte, error)
	Seal func(ctx context.Context, statement []byte) ([]byte, error)
	// Vantage says where the witness stands.
	Vantage string
	// Roots are trusted beside the system's; nil means only the system's. NamedCA is told if there are any.
	Roots *x509.CertPool
	// AllowPrivate lets targets have addresses of private networks, and of this machine.
	AllowPrivate bool
	// Sessions is how many sessions there may be at a time, SessionTime how long each may take, Timeout how long an exchange.
	Sessions    int
	SessionTime time.Duration
	Timeout     time.Duration
	Now         func() time.Time
	// Counter counts sessions.
	Counter *Counter

	// Run holds a run whose requests go through a session; nil if this witness holds none itself. The credentials of the
	// commission are nobody else's to keep.
	Run func(ctx context.Context, c Commission, nonce string, through http.RoundTripper) (Ran, error)

	// Elsewhere are the addresses of SOCKS5 servers at other places, through which some of the repeats go.
	Elsewhere []string

	// later is how long a repeat waits; nil, but in tests, is some seconds by chance. chance decides whether a read is repeated; nil, but in tests, is oneInSome.
	later  func() time.Duration
	chance func() bool

	mu   sync.Mutex
	open map[string]*session
}

// opening asks for a session.
type opening struct {
	Target        string   `json:"target"`
	Organizations []string `json:"organizations"`
	// Nonce is the certifier's challenge; "" if there is none.
	Nonce string `json:"nonce,omitempty"`
	// Version is that of the target by the vendor's word, before anybody knows what the run comes to.
	Version string `json:"version,omitempty"`
	// Runs is the digest of the line with which the run begins in the vendor's chain of runs; "" if there is none.
	Runs string `json:"runs,omitempty"`
}

// opened is the session.
type opened struct {
	Session string `json:"session"`
	Secret  string `json:"secret"`
	Nonce   string `json:"nonce"`
	Vantage string `json:"vantage"`
}

// longestVersion bounds what a vendor says of the version, in bytes.
const longestVersion = 400

// nonceForm is that of challenges.
var nonceForm = regexp.MustCompile(`^[0-9a-z]{8,20}$`)

// digestForm is that of a line of a chain of runs.
var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Handler is the HTTP interface; docs/witness.md describes it.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/sessions", s.begin)
	mux.HandleFunc("POST /v1/runs", s.hold)
	mux.HandleFunc("POST /v1/sessions/{session}/exchanges", s.exchange)
	mux.HandleFunc("POST /v1/sessions/{session}/end", s.finish)
	return mux
}

func bearer(r *http.Request) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
}

// known tells whether a request has the token of vendors, and responds if not.
func (s *Server) known(w http.ResponseWriter, r *http.Request) bool {
	given, right := bearer(r), sha256.Sum256([]byte(s.Token))
	if s.Token == "" || subtle.ConstantTimeCompare(given[:], right[:]) != 1 {
		http.Error(w, "the token of the witness (--witness-token-file) is wrong", http.StatusUnauthorized)
		return false
	}
	return true
}

func (s *Server) begin(w http.ResponseWriter, r *http.Request) {
	if !s.known(w, r) {
		return
	}
	var asked opening
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostHead)).Decode(&asked); err != nil {
		http.Error(w, "the request for a session cannot be read", http.StatusBadRequest)
		return
	}
	switch opened, err := s.start(asked); {
	case err != nil:
		refuse(w, err)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(opened) // a client that is gone asks again
	}
}

// refuse says why there is no session.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusForbidden
	if errors.Is(err, errFull) {
		status = http.StatusTooManyRequests
	}
	http.Error(w, err.Error(), status)
}

var errFull = errors.New("the witness has no sessions left; try again later")

func (s *Server) start(asked opening) (o opened, err error) {
	u, err := url.Parse(asked.Target)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return o, errors.New("the target is not an https URL with a host")
	case asked.Nonce != "" && !nonceForm.MatchString(asked.Nonce):
		return o, errors.New("the challenge does not have 8 to 20 lower-case letters and digits")
	case asked.Runs != "" && !digestForm.MatchString(asked.Runs):
		return o, errors.New("what it says of the chain of runs is no digest")
	case len(asked.Version) > longestVersion:
		return o, errors.New("the version of the target is too long")
	}
	o = opened{Session: strings.ToLower(rand.Text()), Secret: rand.Text(), Nonce: asked.Nonce, Vantage: s.Vantage}
	if o.Nonce == "" {
		o.Nonce = strings.ToLower(rand.Text())[:20]
	}
	now := s.Now().UTC()
	n := &session{
		server: s, secret: sha256.Sum256([]byte(o.Secret)), scheme: u.Scheme, host: u.Host, accounts: newAccounts(asked.Organizations),
		normal: newNormal(), expires: now.Add(s.SessionTime), ending: make(chan struct{}),
		testimony: Testimony{
			Format: format, Session: o.Session, Nonce: o.Nonce, Target: strings.TrimSuffix(asked.Target, "/"), Version: asked.Version, Vantage: s.Vantage, Started: now,
			NamedCA: s.Roots != nil, Peers: []Peer{}, Entries: []Entry{},
		},
	}
	n.client, n.alone = s.clients()
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		if err == nil {
			n.testimony.Number, n.testimony.Runs, err = s.Counter.next(canonicalTarget(u), asked.Runs)
		}
		if err == nil {
			s.open[o.Session] = n
		}
	}()
	for id, other := range s.open { // those that nobody ended
		if now.After(other.expires) {
			delete(s.open, id)
		}
	}
	if len(s.open) >= s.Sessions {
		return o, errFull
	}
	if s.open == nil {
		s.open = map[string]*session{}
	}
	return o, nil
}

// canonicalTarget is one text for all spellings of the URL of a target.
func canonicalTarget(u *url.URL) string {
	return "https://" + strings.TrimSuffix(strings.ToLower(u.Host), ":443") + strings.TrimRight(u.EscapedPath(), "/")
}

// find is the session of a request that has its secret; nil if there is none.
func (s *Server) find(w http.ResponseWriter, r *http.Request) *session {
	s.mu.Lock()
	n := s.open[r.PathValue("session")]
	s.mu.Unlock()
	given := bearer(r)
	if n == nil || subtle.ConstantTimeCompare(given[:], n.secret[:]) != 1 {
		http.Error(w, "there is no such session", http.StatusUnauthorized)
		return nil
	}
	return n
}

func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	n := s.find(w, r)
	if n == nil {
		return
	}
	if !n.enter() {
		http.Error(w, "the session is over: its time or its exchanges are used up", http.StatusForbidden)
		return
	}
	again := n.serve(w, r)
	go func() { // the run goes on meanwhile
		defer n.running.Done()
		if again != nil {
			again()
		}
	}()
}

// serve sends the request of a message, and responds with what came of it. Again repeats it, if it is to be repeated.
func (n *session) serve(w http.ResponseWriter, r *http.Request) (again func()) {
	var asked outgoing
	body, err := readMessage(http.MaxBytesReader(w, r.Body, mostHead+mostBody+8), &asked)
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return nil
	}
	u, err := n.address(asked.URI)
	if err == nil && len(asked.Purpose) != shortDigest {
		err = errors.New("the request does not say what it is for; use the same version of the suite on both sides")
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return nil
	}
	in, answer, again := n.exchange(r.Context(), asked, u, body)
	var message bytes.Buffer
	if err := writeMessage(&message, in, answer); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return again
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(message.Len()))
	_, _ = io.Copy(w, &message) // a client that is gone does not need it
	return again
}

func (s *Server) finish(w http.ResponseWriter, r *http.Request) {
	n := s.find(w, r)
	if n == nil {
		return
	}
	s.mu.Lock()
	delete(s.open, r.PathValue("session"))
	s.mu.Unlock()
	text, err := n.end().Encode()
	if err == nil {
		text, err = s.Seal(context.WithoutCancel(r.Context()), text)
	}
	if err != nil {
		http.Error(w, "the witness could not sign", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // a client that is gone has no certificate
}
