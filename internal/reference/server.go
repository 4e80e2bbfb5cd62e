package reference

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Server answers the identity API. It is safe for concurrent use.
type Server struct {
	config Config
	keys   keys
	store  store
	base   atomic.Pointer[string]

	seed        seed
	seedOnce    sync.Once
	credentials Credentials
}

// New returns a server that holds two organizations and the accounts behind [Server.Credentials].
func New(config Config) (*Server, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	k, err := newKeys(config.Signing)
	if err != nil {
		return nil, fmt.Errorf("making keys: %w", err)
	}
	s := &Server{config: config, keys: k, seed: newSeed(config.Now())}
	s.store.accounts = map[string]account{}
	s.store.tokens = map[fingerprint]string{}
	for _, a := range s.seed.accounts() {
		s.store.add(a)
	}
	return s, nil
}

// SetBaseURL fixes the URL that clients reach the server by, Prefix included: the issuer of tokens and the root
// of every URL in discovery. Call it before Credentials and before serving. Without it, both follow the scheme
// and Host of each request.
func (s *Server) SetBaseURL(u string) {
	u = strings.TrimSuffix(u, "/")
	s.base.Store(&u)
}

// Count tells how many service accounts the organization holds, besides those of the seed.
func (s *Server) Count(organization string) int {
	n := 0
	for _, a := range s.store.list(organization) {
		if !a.seed {
			n++
		}
	}
	return n
}

// ServeHTTP answers one request. The prefix of the configuration is part of the paths it knows.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := s.baseURL(r)
	a, err := s.answer(r, base)
	if err != nil {
		var refused refusal
		if !errors.As(err, &refused) {
			refused = refusal{status: http.StatusInternalServerError, description: "the server could not do its part"}
		}
		a = refused.answer(base, traceID(r.Header))
	}
	drain(r)
	write(w, r, a)
}

// answer goes by the order of the refusals: 404 for the path, 401, 405, 400 for identifiers, and then those of
// the operation itself.
func (s *Server) answer(r *http.Request, base string) (answer, error) {
	here, err := find(strings.CutPrefix(r.URL.EscapedPath(), s.config.Prefix))
	if err != nil {
		return answer{}, err
	}
	c := call{Request: r, base: base}
	if !here.public {
		if c.caller, err = s.authenticate(r); err != nil {
			return answer{}, err
		}
	}
	serve, ok := here.methods[r.Method]
	if !ok {
		return answer{}, refusal{status: http.StatusMethodNotAllowed, description: "the resource does not know this method", allow: here.allow()}
	}
	if err := c.identify(here); err != nil {
		return answer{}, err
	}
	return serve(s, c)
}

// baseURL has no trailing slash.
func (s *Server) baseURL(r *http.Request) string {
	if u := s.base.Load(); u != nil {
		return *u
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host + s.config.Prefix
}

func (s *Server) now() time.Time { return s.config.Now().UTC() }
